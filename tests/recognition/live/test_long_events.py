"""Long expressions while frames come in, and the resting face that somebody names."""

from types import SimpleNamespace

import numpy as np
import pytest
from drawn import FPS, face, nobody

from engine.emotions import SEVEN
from engine.errors import LiveError, UserError
from engine.recognition.analysis import Event
from engine.recognition.live import LivePipeline
from engine.recognition.live.long_events import LongExpressions
from engine.recognition.resting_face import AT_REST, checked_rest

MODEL = SimpleNamespace(name="model", labels=SEVEN, thresholds=dict.fromkeys(SEVEN, 0.5))


def shares(label, certainty):
    return np.array([certainty if each == label else (1 - certainty) / 6 for each in SEVEN])


def watched(*parts, moved=()):
    """Return what becomes known when: ``parts`` are (label, seconds), ``moved`` (time of telling, event)."""
    holds, found, time_s = LongExpressions(), [], 0.0
    moved = list(moved)
    for label, seconds in parts:
        for _ in range(round(seconds * FPS)):
            holds.push(time_s, shares(label, 0.95))
            now = [event for told_s, event in moved if told_s <= time_s]
            moved = moved[len(now) :]
            found += [(time_s, event) for event in holds.spot(time_s, now, MODEL, None)]
            time_s += 1 / FPS
    return found, [(np.inf, event) for event in holds.end([event for _, event in moved], MODEL, None)]


def test_one_is_told_once_it_is_over_and_only_once():
    ((told_s, smile),), left = watched(("neutral", 2), ("happy", 3), ("neutral", 8))
    assert (smile.expression, smile.kind, smile.onset_seen, smile.end_seen) == ("happy", "macro", True, True)
    assert (smile.onset_s, smile.offset_s) == pytest.approx((2, 5), abs=0.15)
    assert 8 <= told_s <= 10 and not left


def test_one_that_is_still_there_when_the_face_leaves_has_no_end():
    found, ((_, smile),) = watched(("neutral", 1), ("happy", 3))
    assert not found and (smile.kind, smile.end_seen) == ("macro", False)


def test_one_that_outlasts_all_that_is_looked_back_upon_keeps_its_onset():
    found, ((_, smile),) = watched(("neutral", 2), ("happy", 70))
    assert not found
    assert (
        smile.onset_seen and smile.onset_s == pytest.approx(2, abs=1.1) and smile.offset_s == pytest.approx(72, abs=0.2)
    )


def test_motion_within_what_goes_on_waits_and_is_none_of_its_own():
    motion = Event(2.0, 2.2, 2.4, "micro", "negative", True, {"negative": 0.9}, strength=4.0)
    alone = Event(0.6, 0.8, 1.0, "micro", "positive", True, {"positive": 0.9}, strength=2.0)
    found, left = watched(("neutral", 2), ("happy", 8), ("neutral", 8), moved=[(4.0, alone), (5.5, motion)])
    assert [event.expression for _, event in (*found, *left)] == ["positive", "happy"]
    assert found[0][0] < 5 and found[1][1].strength == 4.0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([shares("happy", 0.95)] * 10, "happy with 95%"),
        ([shares("neutral", 0.9), shares("sad", 0.7)] * 5, "changes"),
    ],
)
def test_a_rest_that_is_none_is_refused(rows, said):
    with pytest.raises(UserError, match=said):
        checked_rest(SEVEN, np.stack(rows))
    with pytest.raises(UserError, match="no neutral"):
        checked_rest(SEVEN[:6], np.full((4, 6), 1 / 6))


def test_a_rest_that_is_named_is_taken_out_of_that_person_s_answers_alone(monkeypatch):
    pipeline = LivePipeline()
    with pytest.raises(LiveError, match="not known"):
        pipeline.name_rest(1)
    monkeypatch.setattr("engine.recognition.live.people.checked_rest", lambda labels, rows: rows)
    for number in range(4):
        pipeline.see(face(), number / FPS)
    pipeline.name_rest(1)
    after = pipeline.see(face(), 4 / FPS).main
    assert after.rest_named and after.named != after.probabilities
    assert after.probabilities["neutral"] == pytest.approx(AT_REST, abs=0.15)
    pipeline.forget_rest(1)
    back = pipeline.see(face(), 5 / FPS).main
    assert not back.rest_named and back.probabilities == back.named
    pipeline.see(nobody(), 6 / FPS)
    with pytest.raises(LiveError, match="not in sight"):
        pipeline.name_rest(1)
