import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tasks import Progress
from engine.tasks.time_left import TimeLeft

SECONDS = st.floats(0.5, 500)


def told_of(weights, seconds, expected_s, counts, first=0.0):
    """Return (seconds passed, share, seconds left) of work whose parts take so long, told in 50 steps a part."""
    told, clock = [], [0.0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: clock[0])
        progress = Progress(lambda status: told.append((clock[0], status.share, status.seconds_left)), every_s=0)
        parts = progress.split(*weights, expected_s=expected_s)
        for number, (part, length, counted) in enumerate(zip(parts, seconds, counts, strict=True)):
            begins = first if number == len(parts) - 1 else 0.0
            for done in range(51):
                if counted:
                    part.step(begins + (1 - begins) * done / 50, 1, f"step {number}")
                else:
                    part.step(0, 0, f"step {number}")
                clock[0] += length / 50 if done < 50 else 0
    return told


def test_time_left_of_one_step():
    assert TimeLeft.of_step(3, 9, 6.0) == 12.0
    assert TimeLeft.of_step(0, 9, 6.0) is None and TimeLeft.of_step(9, 9, 6.0) is None
    assert TimeLeft.of_step(3, 9, 0.5) is None, "too early to tell"


@given(st.lists(st.tuples(SECONDS, st.booleans()), min_size=1, max_size=5))
def test_work_that_goes_as_expected_takes_as_long_as_expected(parts):
    seconds, counts = zip(*parts, strict=True)
    for passed, _, left in told_of(seconds, seconds, sum(seconds), counts):
        assert left == pytest.approx(sum(seconds) - passed, abs=1e-6 * sum(seconds))


@given(st.lists(SECONDS, min_size=1, max_size=5), st.floats(0.25, 10))
def test_on_a_machine_of_another_speed_the_time_left_is_soon_right_within_a_factor_of_two(parts, slower):
    seconds = [slower * each for each in parts]
    for passed, _, left in told_of(parts, seconds, sum(parts), [True] * len(parts)):
        if passed >= max(1, 2 * slower, 0.2 * sum(seconds)):
            assert (sum(seconds) - passed) / 2 - 1 <= left <= 2 * (sum(seconds) - passed) + 1


@given(st.lists(st.tuples(SECONDS, SECONDS), min_size=1, max_size=5), st.floats(0, 0.9))
def test_one_bar_fills_once(parts, first):
    weights, seconds = zip(*parts, strict=True)
    shares = [share for _, share, _ in told_of(weights, seconds, None, [True] * len(parts), first)]
    assert shares[0] >= 0 and shares[-1] == pytest.approx(1)
    assert all(before <= after for before, after in pairwise(shares))


def test_nobody_guesses_where_nothing_was_expected_and_nothing_counted():
    told = told_of((1, 4), (10, 40), None, (False, True))
    assert all(left is None for passed, _, left in told if passed < 9.9)
    assert told[-2][2] == pytest.approx(50 - told[-2][0])


def test_what_was_done_before_the_work_was_resumed_says_nothing_of_its_pace():
    for passed, share, left in told_of((1, 9), (10, 45), 100, (True, True), first=0.5):
        if passed > 12:
            assert left == pytest.approx(55 - passed, rel=0.05, abs=0.5)
            assert share >= 0.55
