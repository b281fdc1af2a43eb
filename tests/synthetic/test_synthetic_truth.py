"""The truth of drawn clips: courses in closed form, schedules within their rules."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.emotions import PAPER_SIX
from engine.synthetic import EXPRESSIONS, Blink, synthetic_clip, true_event
from engine.synthetic.identity import identity
from engine.synthetic.truth import random_blinks, random_events, random_micro


def test_every_expression_is_one_of_the_house():
    assert set(EXPRESSIONS) == set(PAPER_SIX)


def test_strength_follows_half_cosines_between_onset_apex_and_offset():
    event = true_event("happy", 1.0, rise_s=0.2, hold_s=0.1, fall_s=0.4, intensity=0.8)
    assert (event.onset_s, event.apex_s, event.offset_s) == pytest.approx((1.0, 1.2, 1.7))
    assert event.strength(1.0) == event.strength(1.7) == event.strength(0.0) == event.strength(9.0) == 0.0
    assert event.strength(1.2) == event.strength(1.25) == event.strength(1.3) == pytest.approx(0.8)
    assert event.strength(1.1) == pytest.approx(0.4)
    assert event.strength(1.05) == pytest.approx(0.8 * (1 - math.cos(math.pi / 4)) / 2)
    assert event.strength(1.6) == pytest.approx(0.8 * (1 - math.cos(math.pi / 4)) / 2)


@given(
    st.floats(0.05, 2), st.floats(0, 2), st.floats(0.05, 2), st.floats(0.1, 1), st.lists(st.floats(-1, 8), min_size=1)
)
def test_strength_is_within_its_bounds_and_greatest_at_the_apex(rise_s, hold_s, fall_s, intensity, times):
    event = true_event("sad", 0.5, rise_s=rise_s, hold_s=hold_s, fall_s=fall_s, intensity=intensity)
    assert event.strength(event.apex_s) == pytest.approx(intensity)
    for time_s in times:
        strength = event.strength(time_s)
        assert 0 <= strength <= intensity
        if not event.onset_s < time_s < event.offset_s:
            assert strength == 0


def test_kind_is_told_by_the_length():
    assert true_event("fear", 0, rise_s=0.2, fall_s=0.3).kind == "micro"
    assert true_event("fear", 0, rise_s=0.2, fall_s=0.31).kind == "macro"


def test_impossible_events_are_refused():
    with pytest.raises(ValueError, match="onset < apex"):
        true_event("happy", 1, rise_s=0, fall_s=0.2)
    with pytest.raises(ValueError, match="intensity"):
        true_event("happy", 1, rise_s=0.1, fall_s=0.2, intensity=1.2)
    with pytest.raises(ValueError, match="'bored'"):
        true_event("bored", 1, rise_s=0.1, fall_s=0.2)


def test_a_blink_closes_shuts_and_opens():
    blink = Blink(1.0, 1.3)
    assert blink.closure(1.0) == blink.closure(1.3) == blink.closure(0.0) == 0
    assert blink.closure(1.1) == pytest.approx(1)
    assert blink.closure(1.12) == pytest.approx(1)
    assert blink.closure(1.05) == pytest.approx(0.5)


def test_random_events_keep_to_their_rules():
    duration_s, lengths, without = 30.0, {"micro": [], "macro": []}, 0
    for seed in range(300):
        events = random_events(seed, duration_s)
        without += not events
        for event in events:
            lengths[event.kind].append(event.duration_s)
            assert 0.25 <= event.intensity <= (0.7 if event.kind == "micro" else 1.0)
            assert event.onset_s > 0.5 and event.offset_s < duration_s - 0.5
        for before, after in pairwise(events):
            assert after.onset_s - before.offset_s >= 1.5
    assert min(lengths["micro"]) >= 0.1 and max(lengths["micro"]) <= 0.5
    assert min(lengths["macro"]) >= 0.7 and max(lengths["macro"]) <= 4.0
    # 300 draws of a third: within four standard deviations.
    assert abs(without - 100) < 4 * math.sqrt(300 * (1 / 3) * (2 / 3))


def test_blinks_come_about_fifteen_times_a_minute():
    blinks = [blink for seed in range(40) for blink in random_blinks(seed, 60)]
    assert 12 < len(blinks) / 40 < 18
    assert all(0.15 <= blink.end_s - blink.start_s <= 0.4 for blink in blinks)
    assert random_blinks(1, 60, 0) == ()


def test_skin_tones_spread_from_very_light_to_very_dark():
    tones = np.sort([identity(seed).tone for seed in range(40)])
    assert tones[0] < 0.05 and tones[-1] > 0.95
    assert np.diff(tones).max() < 0.06
    luminance = [np.dot(identity(seed).skin, (0.299, 0.587, 0.114)) for seed in range(40)]
    assert min(luminance) < 55 and max(luminance) > 215


def test_truth_is_plain_and_says_that_it_is_synthetic():
    clip = synthetic_clip(3, duration_s=2, events=[true_event("angry", 0.5, rise_s=0.1, fall_s=0.2)])
    truth = clip.truth()
    assert truth["synthetic"] is True
    assert truth["frames"] == 120
    assert truth["events"][0]["action_units"] == [4, 5, 7, 23]
    assert clip.strengths(30) == {} and clip.strengths(36) == pytest.approx(dict.fromkeys((4, 5, 7, 23), 1.0))


@given(st.integers(0, 10**6), st.sampled_from(list(EXPRESSIONS)))
def test_a_random_micro_expression_may_be_named(seed, expression):
    named = random_micro(np.random.default_rng(seed), 0.2, (0.3, 0.4), expression=expression)
    free = random_micro(np.random.default_rng(seed), 0.2, (0.3, 0.4))
    assert named.expression == expression and named.action_units == EXPRESSIONS[expression]
    assert (named.apex_s, named.hold_s, named.offset_s) == (free.apex_s, free.hold_s, free.offset_s)
    assert named.kind == "micro" and named.onset_s == 0.2 and 0.3 <= named.intensity <= 0.4
    assert 0.12 - 1e-9 <= named.duration_s <= 0.5 + 1e-9
