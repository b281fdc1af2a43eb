"""From the command to a usable Photo page, beside an empty Streamlit page with nothing but an uploader."""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from engine.bench.measurement import Measurement
from engine.bench.peer import ROOT
from engine.bench.timing import alternate, stopwatch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

EMPTY_PAGE = "import streamlit as st\n\nst.file_uploader('Photo')\n"
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
PATIENCE_S = 60.0


def measure() -> list[Measurement]:
    """Time until the uploader is to be seen in a browser that is already running."""
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY_PAGE, encoding="utf-8")
        ours, theirs = (
            stopwatch(partial(_seconds_to_uploader, browser, script)) for script in (ROOT / "app.py", empty)
        )
        name = f"Streamlit {version('streamlit')}, empty page with an uploader"
        timed = alternate(ours, theirs, name, rounds=5, each=(1, 1))
    return [timed.measurement("start-up, command to Photo page", "s", at_most=4)]


@contextlib.contextmanager
def _browser() -> Iterator["Browser"]:
    # Not above: only developers have it installed.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # None is the browser that Playwright itself may have installed.
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)


def _seconds_to_uploader(browser: "Browser", script: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(port)]
    options += ["--browser.gatherUsageStats", "false"]
    page = browser.new_page()
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=script.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
        page.get_by_test_id("stFileUploader").first.wait_for(state="visible", timeout=PATIENCE_S * 1e3)
        return time.perf_counter() - start
    finally:
        page.close()
        server.kill()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"The server ended with status {server.returncode} before it answered.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise TimeoutError(f"The server did not answer within {PATIENCE_S:g} s.")
