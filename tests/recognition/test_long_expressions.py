"""Long expressions in a model's answers, and together with motion."""

from dataclasses import replace

import numpy as np
import pytest

from engine.emotions import SEVEN
from engine.recognition.analysis import Event
from engine.recognition.spotting.long_expressions import Answers, bring_together, long_expressions

THRESHOLDS = dict.fromkeys(SEVEN, 0.5)
STEP = 0.1


def shares(label, certainty):
    return [certainty if each == label else (1 - certainty) / 6 for each in SEVEN]


def answers(*parts, seed=0):
    """What a model says: ``parts`` are (label, certainty, seconds)."""
    rows = np.array([shares(label, p) for label, p, seconds in parts for _ in range(round(seconds / STEP))])
    odds = rows * np.exp(0.15 * np.random.default_rng(seed).standard_normal(rows.shape))
    time_s = STEP * np.arange(len(rows))
    rows = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    return Answers(time_s, rows, SEVEN, THRESHOLDS, 0.0, float(time_s[-1]), "model")


def told(event):
    return event.expression, event.kind, event.onset_seen, event.end_seen


N = ("neutral", 0.9)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(*N, 2), ("happy", 0.95, 1.8)], [("happy", "macro", True, False, 2.0, 3.7)]),
        ([("happy", 0.95, 1.8), (*N, 2)], [("happy", "macro", False, True, 0.0, 1.7)]),
        ([("sad", 0.9, 4)], [("sad", "macro", False, False, 0.0, 3.9)]),
        ([(*N, 2), ("angry", 0.9, 3), (*N, 2)], [("angry", "macro", True, True, 2.0, 4.9)]),
        # The answers waver, or a blink is between: one expression.
        (
            [(*N, 1), ("happy", 0.95, 1), ("happy", 0.45, 1), ("happy", 0.95, 1), (*N, 1)],
            [("happy", "macro", True, True, 1.0, 3.9)],
        ),
        (
            [(*N, 1), ("happy", 0.95, 1), ("sad", 0.6, 0.3), ("happy", 0.95, 1), (*N, 1)],
            [("happy", "macro", True, True, 1.0, 3.2)],
        ),
        # One after another: two.
        (
            [("sad", 0.9, 2), ("happy", 0.95, 2)],
            [("sad", "macro", False, True, 0.0, 1.9), ("happy", "macro", True, False, 2.0, 3.9)],
        ),
        (
            [(*N, 1), ("sad", 0.9, 1), (*N, 1.5), ("sad", 0.9, 1), (*N, 1)],
            [("sad", "macro", True, True, 1.0, 1.9), ("sad", "macro", True, True, 3.5, 4.4)],
        ),
        # Neither short nor long yet.
        ([(*N, 2), ("happy", 0.95, 0.4)], [("happy", "open", True, False, 2.0, 2.3)]),
        # A short one is for motion to find, and what is hardly decided is none that lasts.
        ([(*N, 2), ("happy", 0.95, 0.4), (*N, 2)], []),
        ([(*N, 2), ("happy", 0.55, 3), (*N, 2)], []),
        ([(*N, 5)], []),
        ([("surprise", 0.35, 5)], []),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_an_expression_lasts_as_long_as_it_is_shown(parts, expected, seed):
    found = long_expressions(answers(*parts, seed=seed))
    assert [told(event) for event in found] == [each[:4] for each in expected]
    for event, (*_, onset_s, offset_s) in zip(found, expected, strict=True):
        assert (event.onset_s, event.offset_s) == pytest.approx((onset_s, offset_s), abs=0.15)
        assert event.onset_s <= event.apex_s <= event.offset_s
        assert event.decided and event.model == "model"


def test_a_slow_one_begins_where_it_is_nearly_all_there():
    rise = np.linspace(0.02, 0.97, 40)
    rows = np.array([shares("happy", p) for p in (*[0.02] * 20, *rise, *[0.97] * 40)])
    rows[:60, SEVEN.index("neutral")] = 0.9 * (1 - rows[:60, SEVEN.index("happy")])
    rows /= rows.sum(axis=1, keepdims=True)
    time_s = STEP * np.arange(len(rows))
    (event,) = long_expressions(Answers(time_s, rows.astype(np.float32), SEVEN, THRESHOLDS, 0.0, time_s[-1], "model"))
    odds = np.log(rows[:, SEVEN.index("happy")] / rows[:, SEVEN.index("neutral")])
    full = 0.8 * np.median(odds[rows.argmax(axis=1) == SEVEN.index("happy")])
    assert event.onset_s == pytest.approx(time_s[np.flatnonzero(odds >= full)[0]], abs=0.11)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_answers_are_no_trouble(rows):
    few = answers(("happy", 0.95, 1))
    cut = replace(few, time_s=few.time_s[:rows], probabilities=few.probabilities[:rows])
    assert long_expressions(cut) == []


SMILE = Event(2.0, 3.0, 8.0, "macro", "happy", True, {"happy": 0.9}, model="model")


def motion(onset_s, offset_s, kind=None, **more):
    kind = kind or ("micro" if offset_s - onset_s <= 0.5 else "macro")
    return Event(onset_s, (onset_s + offset_s) / 2, offset_s, kind, "negative", True, strength=3.0, **more)


@pytest.mark.parametrize(
    ("moved", "rested", "expected"),
    [
        # Its begin and its end alone, as motion from the smile itself sees them.
        ([motion(1.8, 2.1), motion(7.9, 8.2)], False, [(2.0, 8.0)]),
        ([motion(7.85, 8.0, end_seen=False)], False, [(2.0, 8.0)]),
        # From rest on, motion has the ends.
        ([motion(1.7, 8.3)], True, [(1.7, 8.3)]),
        ([motion(1.7, 3.0), motion(5.0, 5.3)], True, [(1.7, 8.0)]),
        # A part of it is none of its own; a short one in its midst is, where motion is from the smile.
        ([motion(4.0, 5.5)], False, [(2.0, 8.0)]),
        ([motion(4.0, 4.3)], False, [(2.0, 8.0), (4.0, 4.3)]),
        # Elsewhere.
        ([motion(0.2, 0.6), motion(9.0, 10.0)], True, [(0.2, 0.6), (2.0, 8.0), (9.0, 10.0)]),
        ([], True, [(2.0, 8.0)]),
    ],
)
def test_motion_that_begins_or_ends_a_long_expression_is_none_of_its_own(moved, rested, expected):
    found = bring_together(moved, [SMILE], rested=rested)
    assert [(event.onset_s, event.offset_s) for event in found] == expected


def test_an_end_that_motion_did_not_see_either_stays_unseen():
    (event,) = bring_together([motion(1.9, 8.2, end_seen=False)], [SMILE], rested=True)
    assert not event.end_seen and event.offset_s == 8.2 and event.strength == 3.0


def test_one_that_was_there_from_the_first_frame_has_no_onset_whatever_moved():
    first = replace(SMILE, onset_s=0.0, onset_seen=False)
    (event,) = bring_together([motion(0.1, 8.3)], [first], rested=True)
    assert event.onset_s == 0.0 and not event.onset_seen and event.offset_s == 8.3
