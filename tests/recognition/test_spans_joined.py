"""Motion that a short gap has cut."""

import numpy as np
import pytest

from engine.emotions import SEVEN
from engine.recognition.analysis import Event
from engine.recognition.spotting.joining import across_gaps

ASKED_S = np.arange(0.0, 6.0, 0.1)
GAP = (3.0, 3.04)


def rows(before, after, gap=GAP):
    """Answers that change at a gap, each with 60 % of a label."""
    found = np.full((len(ASKED_S), len(SEVEN)), 0.4 / 6)
    for side, label in ((gap[0] >= ASKED_S, before), (gap[1] <= ASKED_S, after)):
        found[side, SEVEN.index(label)] = 0.6
    return found


def event(onset_s, apex_s, offset_s, strength=2.0, **seen):
    return Event(onset_s, apex_s, offset_s, "macro", "happy", True, strength=strength, **seen)


LEFT = event(1.0, 1.5, 3.0, end_seen=False)
RIGHT = event(3.04, 3.1, 4.5, onset_seen=False)
GROWS = event(3.04, 4.0, 4.5, strength=3.0, onset_seen=False)


@pytest.mark.parametrize(
    ("moved", "said", "gap", "expected"),
    [
        ([LEFT, RIGHT], ("happy", "happy"), GAP, [(1.0, 1.5, 4.5, True)]),
        # It is strongest where it still rises after the gap; where it only falls there it was before.
        ([LEFT, GROWS], ("happy", "happy"), GAP, [(1.0, 4.0, 4.5, True)]),
        ([LEFT, event(3.04, 3.1, 4.5, strength=9.0, onset_seen=False)], ("sad", "sad"), GAP, [(1.0, 1.5, 4.5, True)]),
        # Answers that see nothing contradict nothing; others do. An end alone is no event.
        ([LEFT, RIGHT], ("neutral", "neutral"), GAP, [(1.0, 1.5, 4.5, True)]),
        ([LEFT, RIGHT], ("happy", "sad"), GAP, [(1.0, 1.5, 3.0, False)]),
        ([LEFT, RIGHT], ("happy", "neutral"), GAP, [(1.0, 1.5, 3.0, False)]),
        ([RIGHT], ("happy", "happy"), GAP, []),
        # Too long a gap, one elsewhere, none, and what is as short as a micro-expression.
        ([LEFT, event(3.6, 3.7, 4.5, onset_seen=False)], ("sad", "sad"), (3.0, 3.6), [(1.0, 1.5, 3.0, False)]),
        ([LEFT, event(3.5, 3.7, 4.5)], ("sad", "sad"), GAP, [(1.0, 1.5, 3.0, False), (3.5, 3.7, 4.5, True)]),
        ([LEFT], ("happy", "happy"), GAP, [(1.0, 1.5, 3.0, False)]),
        (
            [event(2.8, 2.9, 3.0, end_seen=False), event(3.04, 3.1, 3.2, onset_seen=False)],
            ("happy", "happy"),
            GAP,
            [(2.8, 2.9, 3.0, False)],
        ),
    ],
)
def test_what_goes_on_on_both_sides_is_one(moved, said, gap, expected):
    found = across_gaps(moved, [gap], ASKED_S, rows(*said, gap))
    assert [(each.onset_s, each.apex_s, each.offset_s, each.end_seen) for each in found] == expected


def test_answers_that_waver_or_lack_contradict_nothing():
    wavering = np.where(rows("happy", "sad") > 0.5, 0.4, 0.1)
    for said in (wavering, rows("happy", "sad")[:30]):
        (found,) = across_gaps([LEFT, RIGHT], [GAP], ASKED_S[: len(said)], said)
        assert found.end_seen


def test_it_goes_on_across_one_gap_after_another():
    moved = [LEFT, event(3.04, 3.1, 3.5, onset_seen=False, end_seen=False), event(3.54, 3.6, 4.5, onset_seen=False)]
    (found,) = across_gaps(moved, [GAP, (3.5, 3.54)], ASKED_S, rows("happy", "happy"))
    assert (found.onset_s, found.offset_s, found.onset_seen, found.end_seen) == (1.0, 4.5, True, True)
    assert found.kind == "macro"
