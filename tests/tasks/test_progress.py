import time

import pytest

from engine.errors import UserError
from engine.tasks import SILENT, Cancelled, Progress


def test_a_step_is_told_at_its_beginning_and_end_and_seldom_between():
    told = []
    progress = Progress(told.append, every_s=3600)
    for words in ("reading", "writing"):
        for done in range(1001):
            progress.step(done, 1000, words)
    assert [(status.words, status.done) for status in told] == [
        ("reading", 0),
        ("reading", 1000),
        ("writing", 0),
        ("writing", 1000),
    ]
    assert {status.state for status in told} == {"running"}


def test_time_left_counts_what_was_done_since_the_step_began(monkeypatch):
    told, clock = [], iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    progress = Progress(told.append, every_s=0)
    for done in (2, 3, 4):
        progress.step(done, 6, "training")
    assert [status.seconds for status in told] == [0, 10, 20]
    assert [status.seconds_left for status in told] == [None, 30, 20]


def test_what_begins_again_under_the_same_words_is_another_step(monkeypatch):
    told, clock = [], iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    progress = Progress(told.append, every_s=0)
    for done in (2, 3, 0):
        progress.step(done, 6, "training")
    assert told[-1].seconds == 0


def test_whoever_asked_to_stop_is_heard_at_once():
    told = []
    progress = Progress(told.append, lambda: len(told) == 2, every_s=0)
    with pytest.raises(Cancelled, match="unchanged"):
        for done in range(9):
            progress.step(done, 9, "reading")
    assert len(told) == 2 and issubclass(Cancelled, UserError)
    SILENT.step(1, 2, "nobody")


def test_parts_share_one_bar_however_deep_they_are_divided():
    told = []
    progress = Progress(lambda status: told.append((status.words, round(status.share, 6))), every_s=0)
    reading, writing = progress.split(1, 3)
    reading.step(1, 2, "reading")
    copying, checking = writing.split(2, 1)
    copying.step(1, 2, "copying")
    checking.step(1, 1, "checking")
    assert told == [("reading", 0.125), ("copying", 0.5), ("checking", 1)]


def test_the_same_words_in_another_part_are_another_step():
    shares = []
    for part in Progress(lambda status: shares.append(status.share), every_s=0).split(1, 1):
        part.step(0, 2, "answering")
        part.step(2, 2, "answering")
    assert shares == [0, 0.5, 0.5, 1]


def test_what_goes_on_counting_under_other_words_is_no_other_step():
    shares = []
    (part,) = Progress(lambda status: shares.append(status.share), every_s=0).split(1)
    for done in range(5):
        part.step(done, 4, f"fold {done}")
    assert shares == [0, 0.25, 0.5, 0.75, 1]


def test_work_that_is_divided_again_begins_a_bar_of_its_own():
    shares = []
    progress = Progress(lambda status: shares.append(status.share), every_s=0)
    for _ in range(2):
        one, other = progress.split(1, 1)
        one.step(1, 1, "one")
        other.step(1, 1, "other")
    progress.step(1, 4, "the rest")
    assert shares == [0.5, 1, 0.5, 1, 0.25]


def test_parts_pass_on_what_they_are_told_and_asked():
    said, cancelled = [], []

    class Logged(Progress):
        def say(self, line):
            said.append(line)

    told = []
    part, _ = Logged(told.append, lambda: bool(cancelled), every_s=3600).split(1, 1)
    part.say("a line")
    part.step(0, 9, "reading")
    part.step(1, 9, "reading")
    part.flush()
    assert said == ["a line"] and [status.done for status in told] == [0, 1]
    cancelled.append(True)
    for ask in (part.check, lambda: part.split(1)[0].step(2, 9, "reading")):
        with pytest.raises(Cancelled):
            ask()
    assert SILENT.split(1, 2) == (SILENT, SILENT)
