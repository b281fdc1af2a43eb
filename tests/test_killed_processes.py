"""Ten of each kind of work killed at random moments; `soak/kill.py` and `kill_records.py` kill as many as one wants."""

import subprocess
import sys
from pathlib import Path

import pytest

KILL = Path(__file__).parent / "soak" / "kill.py"
KILL_RECORDS = KILL.with_name("kill_records.py")


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked, and killed with SIGKILL")
@pytest.mark.parametrize("work", ["sets", "recordings", "trainings"])
def test_ten_kills_lose_nothing_leave_nothing_half_and_no_lock(work):
    kills = {"sets": 0, "recordings": 0, "trainings": 0} | {work: 10}
    options = [part for name, count in kills.items() for part in (f"--{name}", str(count))]
    done = subprocess.run([sys.executable, str(KILL), *options], capture_output=True, text=True)
    assert done.returncode == 0 and f"10 of {work} killed" in done.stdout, done.stdout + done.stderr[-2000:]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked, and killed with SIGKILL")
def test_ten_kills_lose_no_record_and_leave_no_file():
    done = subprocess.run([sys.executable, str(KILL_RECORDS), "--kills", "10"], capture_output=True, text=True)
    assert done.returncode == 0 and "10 kills after" in done.stdout, done.stdout + done.stderr[-2000:]
