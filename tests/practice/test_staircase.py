import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.practice.staircase import GUESSING, LAPSES, LONGEST_S, SHORTEST_S, Staircase, probability_right
from engine.studies.practice import settle


def test_at_the_threshold_it_is_guessing_and_63_percent_of_the_rest():
    expected = GUESSING + (1 - GUESSING - LAPSES) * (1 - 1 / math.e)
    assert probability_right(0.2, 0.2) == pytest.approx(expected) and 0.67 < expected < 0.68


def test_it_goes_from_guessing_to_all_but_lapses():
    assert probability_right(1e-9, 1.0) == pytest.approx(1 / 7)
    assert probability_right(1e9, 1e-9) == pytest.approx(0.98)


@given(st.lists(st.tuples(st.floats(1e-3, 10), st.booleans()), max_size=60))
def test_whatever_is_answered_the_estimate_stays_within_bounds(answers):
    staircase = Staircase()
    for shown_s, right in answers:
        before = staircase.threshold_s
        staircase.add(shown_s, right)
        # A right answer never makes it seem worse, a wrong one never better.
        assert (
            (staircase.threshold_s <= before * (1 + 1e-9)) if right else (staircase.threshold_s >= before * (1 - 1e-9))
        )
    low, high = staircase.interval_s
    assert 0 < low <= high and SHORTEST_S <= staircase.next_s <= LONGEST_S and staircase.count == len(answers)


def test_it_settles_within_40_trials():
    errors = settle(200, seed=1)
    assert np.median(errors) <= 0.2
    # Not luck of the prior: ten trials say much less.
    assert np.median(settle(200, seed=1, trials=10)) > np.median(errors)


def test_the_interval_holds_the_threshold():
    random, held = np.random.default_rng(5), 0
    for _ in range(100):
        staircase = Staircase()
        for _ in range(40):
            shown_s = staircase.next_s
            staircase.add(shown_s, bool(random.random() < probability_right(shown_s, 0.1)))
        low, high = staircase.interval_s
        held += low <= 0.1 <= high
    assert held >= 88


@pytest.mark.parametrize("shown_s", [0, -1, math.nan])
def test_a_face_that_was_not_shown_teaches_nothing(shown_s):
    with pytest.raises(ValueError, match="above 0"):
        Staircase().add(shown_s, right=True)
