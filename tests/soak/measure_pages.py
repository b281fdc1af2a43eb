"""Measure how long each page takes in a real browser until it can be used.

    python tests/soak/measure_pages.py [--rounds 5]

Every page is opened once, so that the server has loaded what it needs; then, each time by a new visitor without a
cache, until its head is there, nothing is being worked on and every chart is drawn. Prints the median, and for how long
browser and server used a processor, which says more on a machine that is busy. The first visit is printed too.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "browser")]

from browsers import CHROMIUM, FLAGS
from looking import GROUPS
from playwright.sync_api import sync_playwright
from server_process import cpu_seconds
from serving import serving

USABLE = """() => document.querySelector("h1")
  && !document.querySelector("[data-testid=stStatusWidget], [data-testid=stSkeleton]")
  && [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(each => each.querySelector(".main-svg"))"""
STEADY_S = 0.3


def visit(browser, address, pid):
    """Open a page; return how long that took, and for how long browser and server used a processor, in seconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    metrics = context.new_cdp_session(page)
    metrics.send("Performance.enable")
    begun, used = time.monotonic(), cpu_seconds(pid)
    page.goto(address)
    usable = 0.0
    while not usable or time.monotonic() - usable < STEADY_S:
        if not page.evaluate(USABLE):
            usable = 0.0
        elif not usable:
            usable = time.monotonic()
        time.sleep(0.02)
    told = {each["name"]: each["value"] for each in metrics.send("Performance.getMetrics")["metrics"]}
    used = cpu_seconds(pid) - used
    context.close()
    return usable - begun, told["TaskDuration"], used


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    titles = ["", *(title.lower() for group in GROUPS.values() for title in group)]
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name), NEUROMER_DATA=f"{name}/data") as running,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        print(f"{'page':10} {'first':>7} {'usable':>7} {'browser':>8} {'server':>7}   seconds, medians of {rounds}")
        for title in titles:
            first, *_ = visit(browser, f"{running.address}/{title}", running.pid)
            found = [visit(browser, f"{running.address}/{title}", running.pid) for _ in range(rounds)]
            usable, drawing, serving_s = (statistics.median(each) for each in zip(*found, strict=True))
            print(f"{title or 'home':10} {first:7.2f} {usable:7.2f} {drawing:8.2f} {serving_s:7.2f}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
