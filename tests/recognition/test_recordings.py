import sys
import textwrap
import threading
import time
from types import SimpleNamespace

import pytest

from engine import settings
from engine.errors import VideoError
from engine.recognition import analysing, analysing_process
from engine.recognition.analysing import Analysing, Standing, Turns
from engine.recognition.analysis import Analysis, Recording
from engine.recognition.recordings import Shelf
from engine.synthetic import mp4_bytes, synthetic_clip

FOUND = Analysis(Recording("a.mp4", 64, 48, 30.0, 1.0, 30))


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def finished(request):
    """Stand in for an analysis that was over at once."""
    work = SimpleNamespace(data=request.get("data"), analysis=FOUND, standing=Standing("finished"), cancelled=False)
    work.cancel = lambda: setattr(work, "cancelled", True)
    return work


def shelf(clock, **limits):
    return Shelf(clock=clock, analyse=finished, **limits)


def test_what_is_kept_is_found_by_its_token_only(clock):
    held = shelf(clock)
    first, second = held.keep("a.mp4", b"one"), held.keep("b.mp4", b"two")
    assert held.find(first.token) is first and first.data == b"one" and first.analysis is FOUND
    assert held.find(second.token).name == "b.mp4"
    assert held.find("") is None and held.find(first.token[:-1]) is None
    assert len(first.token) >= 32 and first.token != second.token


def test_what_is_discarded_is_gone_and_its_work_ends(clock):
    held = shelf(clock)
    kept = held.keep("a.mp4", b"one")
    held.discard(kept.token)
    held.discard(kept.token)
    assert held.find(kept.token) is None and held.tokens() == [] and kept.work.cancelled


def test_idle_recordings_are_forgotten_and_asking_keeps_them(clock):
    held = shelf(clock, idle_s=100)
    first, second = held.keep("a", b"1"), held.keep("b", b"2")
    clock.now += 80
    held.find(second.token)
    clock.now += 30
    assert held.find(first.token) is None
    assert held.find(second.token) is second


def test_one_that_is_being_analysed_is_not_idle(clock):
    held = shelf(clock, idle_s=100)
    kept = held.keep("a", b"1")
    kept.work.standing = Standing("working")
    clock.now += 500
    assert held.tokens() and held.find(kept.token) is kept
    kept.work.standing = Standing("finished")
    clock.now += 99
    assert held.find(kept.token) is kept


def test_room_is_made_by_dropping_what_was_longest_not_asked_for(clock):
    held = shelf(clock, most=2)
    first, second = held.keep("a", b"1"), held.keep("b", b"2")
    with pytest.raises(VideoError, match="no room"):
        held.keep("c", b"3")
    clock.now += 700
    held.find(first.token)
    third = held.keep("c", b"3")
    assert held.find(second.token) is None
    assert held.find(first.token) is first and held.find(third.token) is third


def test_all_bytes_together_are_bounded(clock):
    held = shelf(clock, most_bytes=10)
    held.keep("a", b"123456")
    with pytest.raises(VideoError, match="no room"):
        held.keep("b", b"12345")
    held.keep("c", b"1234")


@pytest.mark.parametrize(("data", "said"), [(b"", "empty"), (b"12345", "more than")])
def test_what_cannot_be_held_is_said(clock, monkeypatch, data, said):
    monkeypatch.setattr(settings, "RECORDING_MAX_BYTES", 4)
    with pytest.raises(VideoError, match=said):
        shelf(clock).keep("a", data)


def test_only_the_last_pictures_are_kept(clock):
    kept, made = shelf(clock).keep("a", b"1"), []

    def make(key):
        return kept.shown(key, lambda: made.append(key) or key)

    for key in (1, 2, 1, 3, 4, 5, 1, 2):
        assert make(key) == key
    assert made == [1, 2, 3, 4, 5, 2]
    assert kept.shown(2, lambda: "anew", lambda known: known == 2) == 2
    assert kept.shown(2, lambda: "anew", lambda known: False) == "anew"


def test_only_so_many_work_at_a_time_and_share_the_cores():
    turns, inside, leave = Turns(2), [], threading.Event()

    def work():
        with turns.taken(threading.Event()) as threads:
            inside.append(threads)
            leave.wait(10)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
        time.sleep(0.05)
    assert inside == [2, 1]
    leave.set()
    for worker in workers:
        worker.join(10)
    assert len(inside) == 3
    gone = threading.Event()
    gone.set()
    with turns.taken(threading.Event()), turns.taken(threading.Event()), turns.taken(gone) as threads:
        assert threads == 0


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Let a process run a few lines in the place of an analysis; ``read`` and ``send`` are theirs."""
    head = """
    import os, pickle, sys, time
    request = pickle.load(sys.stdin.buffer)
    def send(*message):
        pickle.dump(message, sys.stdout.buffer)
        sys.stdout.flush()
    """

    def begin(lines, request=None, turns=None):
        (tmp_path / "stand_in.py").write_text(textwrap.dedent(head) + textwrap.dedent(lines))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return Analysing(request or {"name": "a.mp4", "data": b"abc"}, turns or Turns(1), "stand_in")

    return begin


def until(work, state):
    end = time.monotonic() + 20
    while work.standing.state != state and time.monotonic() < end:
        time.sleep(0.01)
    assert work.standing.state == state


def test_progress_and_result_come_back(stand_in):
    work = stand_in(
        """
        send("progress", 3, 10, f"reading {request['data'].decode()}")
        time.sleep(0.3)
        send("data", b"drawn", ["an event"])
        send("finished", "found")
        """
    )
    until(work, "working")
    while not work.standing.done:
        time.sleep(0.01)
    assert (work.standing.done, work.standing.total, work.standing.words) == (3, 10, "reading abc")
    assert work.wait(20) == Standing("finished")
    assert work.analysis == "found" and work.data == b"drawn" and work.truth == ["an event"]


def test_a_real_recording_goes_through_a_real_process():
    clip = synthetic_clip(3, duration_s=0.7, fps=30, size=(320, 240), events=[])
    kept = Shelf().keep("tiny.mp4", mp4_bytes(clip), "gamma")
    assert kept.work.wait(120) == Standing("finished")
    assert (kept.analysis.recording.frames, kept.analysis.recording.file) == (21, "tiny.mp4")
    assert [len(track.frame) for track in kept.analysis.tracks] == [21]
    assert kept.enhance == kept.analysis.enhanced == "gamma"


def test_a_process_that_dies_is_said(stand_in):
    work = stand_in("send('progress', 1, 2, 'reading'); os._exit(9)")
    assert work.wait(20).state == "failed"
    assert "memory" in work.standing.error.remedy and work.analysis is None


def test_a_process_that_dies_before_it_listens_is_said(tmp_path, monkeypatch):
    work = Analysing({"name": "a", "data": bytes(2**20)}, Turns(1), "no_such_module_at_all")
    assert work.wait(20).state == "failed" and work.standing.error is not None


def test_what_the_process_says_is_wrong_is_said(stand_in):
    work = stand_in("send('failed', 'It is no recording.', 'Choose one.')")
    assert work.wait(20).state == "failed" and str(work.standing.error) == "It is no recording. Choose one."


def test_cancelling_ends_the_process_at_once(stand_in):
    work = stand_in("send('progress', 1, 2, 'reading'); time.sleep(60)")
    until(work, "working")
    while not work.standing.done:
        time.sleep(0.01)
    work.cancel()
    assert work.wait(5).state == "cancelled"
    assert work._process.poll() is not None


def test_cancelling_while_waiting_never_starts_a_process(stand_in):
    turns = Turns(1)
    with turns.taken(threading.Event()):
        work = stand_in("send('finished', 1)", turns=turns)
        time.sleep(0.2)
        assert work.standing.state == "waiting"
        work.cancel()
        assert work.wait(5).state == "cancelled" and work._process is None


def test_the_process_goes_with_its_parent(stand_in, tmp_path):
    """Where the parent ends, the pipe closes, and so does the process: tried with the real follower."""
    import subprocess

    lines = "import sys, time, threading\nfrom engine.recognition.analysing_process import _follow\n"
    lines += "threading.Thread(target=_follow, args=(0,), daemon=True).start()\nprint('up', flush=True)\ntime.sleep(60)"
    root = analysing.Path(analysing.__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", lines], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "up\n"
    child.stdin.close()
    assert child.wait(10) == 1
    child.stdout.close()


def test_whatever_goes_wrong_inside_is_told_in_a_sentence(monkeypatch):
    said = []
    monkeypatch.setattr(analysing_process, "limit", lambda count: None)
    for error, words in (
        (VideoError("Damaged.", "Copy it."), "Damaged."),
        (MemoryError(), "memory"),
        (KeyError(1), "wr"),
    ):

        def fail(*_, error=error, **__):
            raise error

        monkeypatch.setattr("engine.recognition.video.analyse", fail)
        analysing_process.serve({"name": "a", "data": b"x", "threads": 2}, lambda *message: said.append(message))
        assert said[-1][0] == "failed" and words in said[-1][1] and len(said[-1]) == 3
