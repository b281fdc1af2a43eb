"""Readings over time, made by hand: what is taken for rest, and what moved in an event."""

from dataclasses import replace

import numpy as np
import pytest

from engine.features.action_units import NUMBERS, model
from engine.recognition.analysis import Event
from engine.recognition.unit_track import against_rest, moved_in, resting_frames, soften
from tests.records.recorded import track

SMILE = NUMBERS.index(12)
TIME_S = np.arange(180) / 30


def readings(rest=3.0):
    """Somebody whose resting face reads as a smile of 3 and who smiles by 2 more from 2 to 4 s."""
    found = np.full((len(TIME_S), 2, 17, 2), rest, np.float32)
    found[(TIME_S >= 2) & (TIME_S < 4), :, SMILE] += 2.0
    return found


def test_beside_the_persons_own_rest_only_what_changes_is_left():
    units, rested = against_rest(TIME_S, readings(), (TIME_S < 2) | (TIME_S >= 4))
    assert rested and units.shape == (180, 17, 2)
    assert units[TIME_S < 2] == pytest.approx(0)
    assert units[(TIME_S >= 2) & (TIME_S < 4), SMILE] == pytest.approx(2.0)


def test_without_enough_rest_the_average_face_is_what_it_stands_beside():
    units, rested = against_rest(TIME_S, readings(), TIME_S < 0.3)
    assert not rested and (units == readings()[:, 1]).all()


def test_rest_follows_a_face_whose_reading_drifts():
    time_s = np.arange(1800) / 30
    drifting = np.tile((time_s / 10)[:, None, None, None], (1, 2, 17, 2)).astype(np.float32)
    units, _ = against_rest(time_s, drifting, np.ones(1800, bool))
    assert np.abs(units[300:-300]).max() < 0.3


def test_rest_is_where_nothing_moves_and_no_event_is():
    one = track()
    resting = resting_frames(one)
    for event in one.events:
        assert not resting[(one.time_s >= event.onset_s) & (one.time_s <= event.offset_s)].any()
    assert resting[one.time_s < 0.9].all()


def test_smoothing_keeps_a_level_and_does_not_reach_over_a_gap():
    units = np.zeros((180, 17, 2), np.float32)
    units[90:] = 4.0
    soft = soften(TIME_S, units, [(TIME_S[89], TIME_S[90])])
    assert (soft == units).all()
    assert 0 < soften(TIME_S, units)[89, 0, 0] < 2


def event(**changed):
    return replace(Event(1.9, 3.0, 4.1, "macro"), **changed)


def with_units(**changed):
    one = track(events=(), gaps=())
    units, rested = against_rest(TIME_S, readings(), TIME_S < 1.9)
    return replace(one, units=units, units_rested=rested, **changed)


def test_what_rises_from_onset_to_apex_has_moved():
    moved = moved_in(with_units(), event())
    assert list(moved) == [12] and moved[12] == pytest.approx((2.0, 2.0))


def test_a_level_that_was_there_before_has_not_moved():
    assert moved_in(with_units(), event(onset_s=2.5, apex_s=3.5)) == {}


def test_where_no_onset_was_seen_the_level_itself_is_told():
    assert list(moved_in(with_units(), event(onset_s=2.5, apex_s=3.5, onset_seen=False))) == [12]


def test_below_what_counts_as_present_nothing_is_told():
    one = with_units()
    faint = replace(one, units=one.units * (0.9 * model().present[0, SMILE] / 2))
    assert moved_in(faint, event()) == {}


def test_frames_that_cannot_be_read_tell_nothing():
    one = with_units()
    one.units[(one.time_s > 2.9) & (one.time_s < 3.1)] = np.nan
    assert moved_in(one, event()) == {}


def test_a_covered_mouth_is_not_read_but_the_brows_are():
    one = with_units()
    one.units[one.time_s > 2.5, NUMBERS.index(1)] = 3.0
    one.units[one.time_s > 2.5, SMILE] = np.nan
    assert list(moved_in(one, event())) == [1]


def test_no_frames_tell_nothing():
    none = track(events=(), duration_s=0, gaps=())
    assert moved_in(none, event()) == {}
