from types import SimpleNamespace

import pytest

from engine import settings
from engine.errors import VideoError
from engine.recognition.analysis import Analysis, Recording
from engine.recognition.video.recordings import Analysed, RecordingStore, analyse_recording
from engine.synthetic import EXAMPLES, mp4_bytes, synthetic_clip
from engine.tasks import SILENT, Status

FOUND = Analysis(Recording("a.mp4", 64, 48, 30.0, 1.0, 30))


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def finished(**asked):
    """Stand in for an analysis that was over at once."""
    task = SimpleNamespace(result=Analysed(FOUND), status=Status("finished"), cancelled=False)
    task.cancel = lambda: setattr(task, "cancelled", True)
    return task


def shelf(clock, **limits):
    return RecordingStore(clock=clock, analyse=finished, **limits)


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
    assert held.find(kept.token) is None and held.tokens() == [] and kept.task.cancelled


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
    kept.task.status = Status("running")
    clock.now += 500
    assert held.tokens() and held.find(kept.token) is kept
    kept.task.status = Status("finished")
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


def fail(kept):
    kept.task.status, kept.task.result = Status("failed", what="No recording."), None


def test_what_could_not_be_analysed_holds_no_bytes_and_gives_way_first(clock):
    held = shelf(clock, most=2, most_bytes=10)
    first, junk = held.keep("a", b"12345"), held.keep("junk", b"12345")
    fail(junk)
    held.sweep()
    assert junk.data is None and held.find(junk.token) is junk, "why it failed can still be read"
    third = held.keep("b", b"12345")
    assert held.find(junk.token) is None
    assert held.find(first.token) is first and held.find(third.token) is third


def test_files_that_are_no_recordings_close_the_page_to_nobody(clock):
    held = shelf(clock)
    for number in range(3 * settings.RECORDINGS_MAX):
        fail(held.keep("junk", b"junk", visitor=f"junk {number}"))
    assert held.keep("a", b"1", visitor="me")


@pytest.mark.parametrize(("limits", "data"), [({"most_each": 2}, b"1"), ({"most_bytes_each": 10}, b"12345")])
def test_one_visitor_leaves_room_for_others(clock, limits, data):
    held = shelf(clock, **limits)
    first, second = (held.keep(name, data, visitor="me") for name in "ab")
    with pytest.raises(VideoError, match="2 of yours are held"):
        held.keep("c", data, visitor="me")
    assert held.keep("d", data, visitor="you")
    clock.now += 700
    assert held.keep("e", data, visitor="me") and held.find(first.token) is None and held.find(second.token) is second


@pytest.mark.parametrize(("data", "said"), [(b"", "empty"), (b"12345", "more than")])
def test_what_cannot_be_held_is_said(clock, monkeypatch, data, said):
    monkeypatch.setattr(settings, "RECORDING_MAX_BYTES", 4)
    with pytest.raises(VideoError, match=said):
        shelf(clock).keep("a", data)


def test_only_the_last_pictures_are_kept(clock):
    kept, made = shelf(clock).keep("a", b"1"), []

    def make(key):
        return kept.shown(key, lambda: made.append(key) or key)

    for key in (1, 2, 1, 3, 4, 5, 6, 7, 8, 1, 2):
        assert make(key) == key
    assert made == [1, 2, 3, 4, 5, 6, 7, 8, 2]
    assert kept.shown(2, lambda: "anew", lambda known: known == 2) == 2
    assert kept.shown(2, lambda: "anew", lambda known: False) == "anew"


def test_a_real_recording_goes_through_a_real_process():
    clip = synthetic_clip(3, duration_s=0.7, fps=30, size=(320, 240), events=[])
    kept = RecordingStore().keep("tiny.mp4", mp4_bytes(clip), "gamma")
    assert kept.task.wait(120) == Status("finished")
    assert (kept.analysis.recording.frames, kept.analysis.recording.file) == (21, "tiny.mp4")
    assert [len(track.frame) for track in kept.analysis.tracks] == [21]
    assert kept.enhance == kept.analysis.enhanced == "gamma"


def test_an_example_is_drawn_before_it_is_analysed(monkeypatch):
    name = next(iter(EXAMPLES))
    monkeypatch.setitem(EXAMPLES, name, lambda: synthetic_clip(3, duration_s=0.7, fps=30, size=(320, 240), events=[]))
    found = analyse_recording("drawn", None, name, "none", True, {}, SILENT)
    assert found.analysis.recording.frames == 21 and found.drawn and found.truth == []


def test_a_copy_counts_like_the_recording_and_goes_with_it(clock, monkeypatch):
    made = SimpleNamespace(result=b"copied", cancelled=False)
    made.cancel = lambda: setattr(made, "cancelled", True)
    monkeypatch.setattr("engine.recognition.video.recordings.MemoryTask", lambda function, **asked: made)
    held = shelf(clock)
    kept = held.keep("a.avi", b"one")
    assert kept.size == 3
    kept.begin_copy()
    assert kept.size == 9
    held.discard(kept.token)
    assert made.cancelled
