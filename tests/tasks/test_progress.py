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
