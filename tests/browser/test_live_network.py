"""Live without a network: a link that leads nowhere is enough for a browser with its ordinary flags; none is said."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browsers import CHROMIUM

SCRIPT = Path(__file__).parent / "live_in_a_namespace.py"
SOON_S = 20.0
"""Some 3 s where nothing else is at work; without being watched it is half a minute, or two."""


@pytest.fixture
def in_a_namespace():
    """Return what runs the script in a network of its own, or a skip."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    pytest.importorskip("playwright.sync_api")
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root may make a network of its own")
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("there is no unshare, or no ip")
    if subprocess.run(["unshare", "--net", "ip", "link", "add", "a", "type", "veth", "peer", "name", "b"]).returncode:
        pytest.skip("this system lets nobody make a network")

    def run(*options):
        command = ["unshare", "--net", sys.executable, str(SCRIPT), *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_a_link_that_leads_nowhere_is_enough_and_only_this_machine_is_listened_to(in_a_namespace):
    seen = in_a_namespace("--link")
    assert seen["listened"] == ["127.0.0.1"]
    assert seen["closed_s"] < SOON_S


def test_no_link_at_all_is_said_with_what_to_do(in_a_namespace):
    seen = in_a_namespace()
    assert set(seen["listened"]) <= {"127.0.0.1"} and seen["closed_s"] < SOON_S
