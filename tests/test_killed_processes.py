"""Ten of each kind of work killed at random moments; `soak/kill.py` kills as many as one wants."""

import subprocess
import sys
from pathlib import Path

import pytest

KILL = Path(__file__).parent / "soak" / "kill.py"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked, and killed with SIGKILL")
@pytest.mark.parametrize("work", ["sets", "recordings", "trainings"])
def test_ten_kills_lose_nothing_leave_nothing_half_and_no_lock(work):
    kills = {"sets": 0, "recordings": 0, "trainings": 0} | {work: 10}
    options = [part for name, count in kills.items() for part in (f"--{name}", str(count))]
    done = subprocess.run([sys.executable, str(KILL), *options], capture_output=True, text=True)
    assert done.returncode == 0 and f"10 of {work} killed" in done.stdout, done.stdout + done.stderr[-2000:]
