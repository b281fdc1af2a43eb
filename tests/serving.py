"""A dashboard that runs in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60
sys.path.append(str(ROOT))  # for those who import this file outside a test

from engine import settings
from engine.records import intended_use
from pages.views.common.intended_use import IN_WORDS


@contextmanager
def serving(home, *options, script="app.py", port=None, under=(), accepted=True, **environment):
    """Run a dashboard as long as the ``with`` statement lasts; what it is for is ``accepted`` already, or not.

    Yields its ``port``, its ``address`` and the ``pid`` of its process; its log lies in ``home``, which is its home
    folder as well. ``options`` are Streamlit's; ``under`` is a command that runs it, and watches it.
    """
    port = free_port() if port is None else port
    command = [*under, sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", *options]
    own = os.environ | {"HOME": str(home)} | environment
    if accepted:
        accept_intended_use(own["NEUROMER_DATA"])
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, f"--server.port={port}"],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env=own,
            start_new_session=bool(under),
        )
        try:
            _wait_for(port, process, home / "log")
            yield SimpleNamespace(port=port, address=f"http://127.0.0.1:{port}", pid=process.pid)
        finally:
            if under:  # what watches ends with what it watches
                os.killpg(process.pid, signal.SIGTERM)
            else:
                process.terminate()
            process.wait(20)


def accept_intended_use(folder):
    """Let a data folder hold that its one user has accepted what NeuroMER is for."""
    with mock.patch.dict(os.environ, NEUROMER_DATA=str(folder)):
        intended_use.accept(settings.LOCAL_OWNER, IN_WORDS)


def only_accepted(folder):
    """Tell whether a data folder holds nothing but that."""
    return {each.name for each in Path(folder).iterdir()} <= {intended_use.FILE, "intended-use.lock"}


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(port, process, log):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")
