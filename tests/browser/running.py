"""A running dashboard, and browsers that visit it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
CAMERAS = 2
"""That the server watches at a time."""


@contextmanager
def serving(home, data, port=None):
    """Run the dashboard, and yield its address."""
    if port is None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    own = os.environ | {"HOME": str(home), "NEUROMER_DATA": str(data), "NEUROMER_LIVE": str(CAMERAS)}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=own)
        address = f"http://127.0.0.1:{port}"
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end and process.poll() is None:
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=5)
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                pytest.fail(f"the server did not start: {(home / 'log').read_text()[-2000:]}")
            yield address
        finally:
            process.terminate()
            process.wait(20)


def open_in(browser, server, path, size, script=None):
    """Open a page of the dashboard in a browser that is the test's own; in it and its frames a script runs first."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, accept_downloads=True).new_page()
    page.set_default_timeout(60_000)
    if script is not None:
        page.add_init_script(script)
    page.goto(server + path)
    page.wait_for_selector("h1")
    return page
