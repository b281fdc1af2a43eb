"""The command line between other programs and people: readers that leave, full disks, closed streams, Ctrl+C."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from engine.__main__ import main
from engine.training import runs

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "engine"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of a Unix shell")

NO_INPUT = "Standard input is closed, and - asks to read from there. Name a file, or open it.\n"
FULL = "What is printed cannot be written (No space left on device). Make room there.\n"
CLOSED = "What is printed cannot be written (Bad file descriptor). Leave standard output open.\n"
INTERRUPTED = (130, -signal.SIGINT)
"""What a shell shows as 130; the second where a library was at it in code that it had compiled."""


@pytest.mark.parametrize(
    ("arguments", "streams", "status", "said"),
    [
        ("study", "| true", 141, None),
        ("study", "> /dev/full", 1, FULL),
        ("train --help", "> /dev/full", 1, FULL),
        ("records audit", ">&-", 1, CLOSED),
        ("spikes run -", "<&-", 1, NO_INPUT),
        ("import nothing --name x", "<&- >&- 2>&-", 1, ""),
        ("dataset list", "2>&-", 0, ""),
    ],
)
def test_streams_that_fail_are_one_line_and_an_exit_status(tmp_path, arguments, streams, status, said):
    command = f"{shlex.join([*COMMAND, *arguments.split()])} {streams}; exit ${{PIPESTATUS[0]}}"
    environment = os.environ | {"NEUROMER_DATA": str(tmp_path / "data")}
    ended = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, env=environment)
    assert ended.returncode == status
    assert said is None or ended.stderr == said
    assert "Traceback" not in ended.stderr


def test_a_stream_that_is_closed_gives_its_number_to_no_file(tmp_path):
    """What a library prints to the number 1 would stand in that file."""
    script = f"""
import os, sys
from engine.console import open_what_is_closed
open_what_is_closed()
sys.exit(os.open({str(tmp_path / "file")!r}, os.O_CREAT | os.O_WRONLY))
"""
    command = f"{shlex.join([sys.executable, '-c', script])} <&- >&- 2>&-"
    assert subprocess.run(["bash", "-c", command], cwd=ROOT).returncode > 2


def _hears_ctrl_c() -> None:
    """Let a child be interrupted, also where these tests run in the background of a shell, which shuts its ears."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("moment", ["engine.console", "engine.commands.train", "engine.spiking.case"])
def test_ctrl_c_is_one_line_whatever_is_being_loaded(moment):
    script = f"""
import os, runpy, signal, sys
class Finder:
    def find_spec(self, name, *more):
        if name == {moment!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv = ["engine", "spikes", "run", "-"]
runpy.run_module("engine", run_name="__main__", alter_sys=True)
"""
    command = [sys.executable, "-c", script]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    ended = subprocess.run(command, cwd=ROOT, preexec_fn=_hears_ctrl_c, **streams)
    assert ended.returncode in INTERRUPTED
    assert ended.stderr == b"Interrupted.\n"


def test_ctrl_c_in_a_run_says_how_to_go_on(tmp_path):
    faces, folder = tmp_path / "faces.npz", tmp_path / "run"
    np.savez(faces, x=np.zeros((20, 48, 48), np.uint8), y=np.arange(20) % 2, classes=np.array(["happy", "sad"]))
    command = [*COMMAND, "train", "knn", "--data", str(faces), "--output", str(folder)]
    runs.home().mkdir(parents=True)
    with FileLock(runs.turn()):  # another training is at work
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        child = subprocess.Popen(command, cwd=ROOT, preexec_fn=_hears_ctrl_c, **streams)
        assert "waiting" in child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
    assert child.returncode in INTERRUPTED
    assert said == f"Interrupted. Go on with: python -m engine train --run {folder}\n"
    assert runs.opened(folder).state == "stopped"


def test_a_closed_input_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["classify", "-"]) == 1
    assert "Standard input is closed" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["classify", "spot"])
def test_an_empty_name_is_not_the_folder_that_one_is_in(verb, capsys):
    assert main([verb, ""]) == 1
    assert "A file's name is empty" in capsys.readouterr().err
