"""The page Live in a network of its own, which the process that runs this is put into: ``unshare --net``.

    unshare --net python tests/browser/live_in_a_namespace.py [--link]

There is nothing but ``lo``, or a link besides that leads nowhere. Prints as JSON what the page said, which addresses
the server listened on, and how long it took to say it, and to stop listening once the browser had gone.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

import camera
import psutil
from browsers import CHROMIUM, FLAGS, open_in
from live_page import NOBODY, agree
from playwright.sync_api import sync_playwright
from serving import serving

PATIENCE_S = 60
LINK = "ip link add link0 type veth peer name link1; ip address add 10.77.0.1/24 dev link0; ip link set link0 up"


def ports(pid):
    """Return the addresses on which a process listens to UDP."""
    return [each.laddr.ip for each in psutil.Process(pid).net_connections("udp") if each.laddr]


def seconds_until(holds):
    """Wait; return how long that took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > PATIENCE_S:
            raise TimeoutError
        time.sleep(0.1)
    return time.monotonic() - began


def main():
    """Look, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--link", action="store_true", help="there is a link that leads nowhere")
    linked = parser.parse_args().link
    subprocess.run("ip link set lo up" + (f"; {LINK}; ip link set link1 up" if linked else ""), shell=True, check=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        home = Path(name)
        film = camera.write_y4m(home / "film.y4m", camera.nobody(), camera.SLOW_FPS)
        with serving(home, NEUROMER_DATA=f"{name}/data") as running:
            flags = [*FLAGS, f"--use-file-for-fake-video-capture={film}"]
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
            page = open_in(browser, running.address, "/live", (1280, 1000))
            frame = agree(page)
            waiting = page.get_by_role("heading", name=NOBODY) if linked else page.get_by_text("no network at all")
            frame.get_by_role("button", name="Start").click()
            began = time.monotonic()
            waiting.first.wait_for(timeout=1000 * PATIENCE_S)
            said_s = time.monotonic() - began
            listened = sorted(set(ports(running.pid)))
            mine = psutil.Process().children(recursive=True)
            for each in (each for each in mine if each.pid != running.pid and "chrom" in each.name()):
                os.kill(each.pid, signal.SIGKILL)  # it says nothing more
            closed_s = seconds_until(lambda: not ports(running.pid))
    print(json.dumps({"said_s": said_s, "listened": listened, "closed_s": closed_s}))


if __name__ == "__main__":
    main()
