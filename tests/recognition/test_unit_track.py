"""Readings over time, made by hand: what is taken for rest, and what moved in an event."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.features.action_units import NUMBERS, model
from engine.recognition import unit_track
from engine.recognition.analysis import Event
from engine.recognition.unit_track import (
    RecentUnits,
    against_rest,
    beside_usual,
    moved_in,
    resting_frames,
    shown_units,
    soften,
)
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


def level():
    """An intensity at which a smile is surely present beside a rest."""
    return float(model().present[0, SMILE]) + 1.0


def with_smiles(*parts, number=12, rested=True):
    """A track, 30 frames a second, with stretches (first, last, right, left) of a unit."""
    one = replace(track(), units_rested=rested)
    units = np.zeros((len(one.frame), 17, 2), np.float32)
    for first, last, right, left in parts:
        units[first:last, NUMBERS.index(number)] = right, left
    return replace(one, units=units)


@pytest.mark.parametrize(
    ("parts", "options", "expected"),
    [
        ([], {}, []),
        ([(10, 40, 0.0, level())], {}, [(10, 40)]),
        ([(10, 12, level(), level())], {}, []),
        ([(10, 40, 0.2, 0.1)], {}, []),
        ([(10, 40, level(), level()), (42, 60, level(), level())], {}, [(10, 60)]),
        ([(10, 40, level(), level()), (70, 90, level(), level())], {}, [(10, 40), (70, 90)]),
        # What is not measured well enough is not told, nor what is not without a rest.
        ([(10, 40, 5.0, 5.0)], {"number": 7}, []),
        ([(10, 40, 5.0, 5.0)], {"number": 17}, [(10, 40)]),
        ([(10, 40, 5.0, 5.0)], {"number": 17, "rested": False}, []),
    ],
)
def test_when_units_are_present(parts, options, expected):
    one = with_smiles(*parts, **options)
    step = one.time_s[1] - one.time_s[0]
    found = shown_units(one)
    assert [each.number for each in found] == [options.get("number", 12)] * len(expected)
    for each, (first, last) in zip(found, expected, strict=True):
        assert (each.begin_s, each.end_s) == pytest.approx((one.time_s[first], one.time_s[last - 1] + step))


def test_a_unit_has_the_strength_of_its_strongest_moment_and_ends_at_a_gap():
    low, high = level(), level() + 1.5
    one = with_smiles((10, 30, low, low), (30, 60, high, low))
    assert shown_units(one) == [pytest.approx((12, one.time_s[10], one.time_s[60], high, low), abs=1e-4)]
    # Out of sight for 0.3 s from 5 s on.
    cut = shown_units(with_smiles((120, len(one.time_s), low, low)))
    assert [(each.begin_s, each.end_s) for each in cut] == [
        pytest.approx((4.0, 5.0), abs=0.04),
        pytest.approx((5.3, 6.0), abs=0.04),
    ]


def test_a_track_without_units_shows_none():
    assert shown_units(track()) == []


def test_up_and_down_is_told_beside_where_somebody_looks_usually():
    looks = np.tile(np.float32([5, 12]), (40, 1))
    looks[:10, 1], looks[35:] = 2.0, np.nan
    found = beside_usual(looks)
    assert (found[:35, 0] == 5).all() and (found[:10, 1] == -10).all() and (found[10:35, 1] == 0).all()
    assert np.isnan(found[35:]).all()
    few = beside_usual(looks[:19])
    assert (few[:, 0] == 5).all() and np.isnan(few[:, 1]).all()


class Told:
    """Stands in for `action_units.read`: what is said of each face."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr(unit_track.action_units, "read", lambda sample: sample.reading)
        self.recent, self.time_s = RecentUnits(30.0), 0.0

    def see(self, smile, seconds, rests=False, readable=True):
        for _ in range(round(seconds * 10)):
            reading = np.full((2, 17, 2), 3.0, np.float32)
            reading[:, SMILE] += smile
            sample = SimpleNamespace(time_s=self.time_s, pose_deg=np.zeros(3), reading=reading)
            self.recent.push(100.0, sample, readable=readable)
            if rests:
                self.recent.rests()
            self.time_s += 0.1
        return self.recent.now()


def test_what_moves_now_is_told_beside_the_rest_that_was_seen(monkeypatch):
    told = Told(monkeypatch)
    assert told.recent.now() == ({}, False)
    moved, rested = told.see(0.0, 0.3)
    assert not rested and set(moved) >= {12}  # beside an average face that shows nothing
    assert told.see(0.0, 0.4, rests=True) == ({}, True)
    assert told.see(2.0, 1.0) == ({12: pytest.approx((2.0, 2.0))}, True)
    assert told.see(2.0, 1.0, readable=False) == ({}, True)
    assert told.see(0.0, 0.5) == ({}, True)


def test_a_rest_that_is_named_counts_until_it_is_forgotten(monkeypatch):
    told = Told(monkeypatch)
    told.see(0.0, 1.0, rests=True)
    told.see(2.0, 1.0)
    told.recent.name_rest(told.time_s - 0.5)
    assert told.see(2.0, 0.5, rests=True) == ({}, True)
    assert told.see(0.0, 1.0, rests=True) == ({}, True)
    assert told.see(4.0, 0.5) == ({12: pytest.approx((2.0, 2.0))}, True)
    told.recent.forget_rest()
    assert not told.recent.now()[1]
