import subprocess
import sys
import time
from pathlib import Path

import calls
import pytest

from engine.errors import VideoError
from engine.tasks import Status, memory_process
from engine.tasks.memory import MemoryTask
from engine.tasks.slots import Slots


@pytest.fixture
def begin(monkeypatch):
    """Begin a call of this folder in a process of its own."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return lambda function, slots=None, **asked: MemoryTask(function, slots=slots or Slots(lambda: 1), **asked)


def until(task, condition):
    end = time.monotonic() + 60
    while not condition(task.status):
        assert time.monotonic() < end, task.status
        time.sleep(0.01)


def test_progress_and_result_come_back(begin):
    task = begin(calls.tell, name="abc")
    until(task, lambda status: status.done)
    assert (task.status.done, task.status.total, task.status.words) == (3, 10, "reading abc")
    assert task.wait(60) == Status("finished") and task.result == "abc is read"


def test_what_is_printed_does_not_stand_among_the_answers(begin):
    task = begin(calls.print_much)
    assert task.wait(60).state == "finished" and task.result == "found"


def test_a_process_that_dies_is_said(begin):
    task = begin(calls.die)
    assert task.wait(60).state == "failed" and "memory" in task.status.remedy and task.result is None


def test_a_process_that_cannot_even_begin_is_said(begin, monkeypatch):
    monkeypatch.delenv("PYTHONPATH")
    task = begin(calls.tell, name=bytes(2**20))
    assert task.wait(60).state == "failed" and task.status.what


def test_what_the_process_says_is_wrong_is_said(begin):
    status = begin(calls.refuse).wait(60)
    assert (status.state, status.what, status.remedy) == ("failed", "It is no recording.", "Choose one.")


def test_cancelling_ends_the_process_at_once(begin):
    task = begin(calls.wait)
    until(task, lambda status: status.done)
    task.cancel()
    assert task.wait(5).state == "cancelled" and task._process.poll() is not None


def test_cancelling_while_waiting_never_starts_a_process(begin):
    slots = Slots(lambda: 1)
    leave = slots.take()
    task = begin(calls.wait, slots)
    time.sleep(0.2)
    assert task.status.state == "waiting" and "waiting for its turn" in task.status.sentence
    task.cancel()
    assert task.wait(5).state == "cancelled" and task._process is None
    leave()
    assert slots.taken == 0


def test_the_process_goes_with_its_parent():
    """Where the parent ends, the pipe closes, and so does the process: tried with the real follower."""
    lines = "import sys, time, threading\nfrom engine.tasks.memory_process import _follow\n"
    lines += "threading.Thread(target=_follow, args=(0,), daemon=True).start()\nprint('up', flush=True)\ntime.sleep(60)"
    child = subprocess.Popen(
        [sys.executable, "-c", lines],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "up\n"
    child.stdin.close()
    assert child.wait(30) == 1
    child.stdout.close()


@pytest.mark.parametrize(
    ("error", "words"),
    [(VideoError("Damaged.", "Copy it."), "Damaged."), (MemoryError(), "memory"), (KeyError(1), "wrong inside")],
)
def test_whatever_goes_wrong_inside_is_told_in_a_sentence(error, words):
    def fail(progress):
        raise error

    told = []
    memory_process.serve(fail, {}, lambda status, result=None: told.append((status, result)))
    ((status, result),) = told
    assert status.state == "failed" and words in status.what and status.remedy and result is None


def test_the_process_of_a_task_imports_neither_streamlit_nor_tensorflow():
    lines = (
        "import sys; import engine.tasks.memory_process; print({'streamlit', 'tensorflow', 'cv2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", lines], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.stdout == "set()\n"
