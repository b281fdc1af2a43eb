"""The study of action units: its truth, its halves, its figures, without drawing whole recordings."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.features.action_units import NUMBERS
from engine.studies import STUDIES
from engine.studies.action_units import _auc, drawn_clip, halves, in_words, measure_drawn, samples, truth
from engine.synthetic import synthetic_clip, true_event
from engine.training.action_units import AGREED


def test_it_is_listed():
    assert "action-units" in STUDIES


def test_truth_is_five_at_full_strength_and_a_dropped_jaw_parts_the_lips():
    event = true_event("surprise", 0.2, rise_s=0.2, hold_s=0.3, fall_s=0.2, intensity=0.6)
    clip = synthetic_clip(3, duration_s=1.0, fps=30, events=[event], blinks_a_minute=0)
    rest, apex = truth(clip, [0, 15])
    assert (rest == 0).all()
    shown = dict(zip(NUMBERS, apex, strict=True))
    assert {unit for unit, strength in shown.items() if strength} == {1, 2, 5, 25, 26}
    assert shown[26] == shown[25] == pytest.approx(3.0)


def test_units_of_a_drawn_clip_come_alone_after_a_second_of_rest():
    clip = drawn_clip(7)
    assert all(len(event.action_units) == 1 and event.onset_s >= 1.2 for event in clip.events)
    assert max(event.offset_s for event in clip.events) < clip.duration_s + 1
    assert len({event.action_units for event in clip.events}) > 5
    assert drawn_clip(7).events == clip.events != drawn_clip(8).events


def test_copies_stay_in_one_half():
    pictures = np.random.default_rng(0).integers(0, 255, (40, 48, 48)).astype(np.uint8)
    group = np.arange(40) // 2
    used = halves(FaceSet("set", pictures, np.array(["happy"] * 40), group=group), np.arange(40))
    assert (used[::2] == used[1::2]).all() and used.sum() == 20


def test_the_area_under_the_curve_is_scikit_learns():
    rng = np.random.default_rng(1)
    true, score = rng.random(200) < 0.3, rng.integers(0, 20, 200).astype(float)
    assert _auc(true, score) == pytest.approx(roc_auc_score(true, score))
    assert _auc(np.zeros(5, bool), score[:5]) is None


def test_nothing_to_measure_is_said():
    with pytest.raises(DataError, match="0 people"):
        measure_drawn(0)
    with pytest.raises(DataError, match="no"):
        samples(np.zeros((2, 48, 48), np.uint8))


def test_words_tell_each_unit_and_whether_it_is_told():
    units = {str(number): {"correlation": 0.9, "f1": 0.8, "present": 0.1} for number in NUMBERS}
    gaze = {"correlation": {"across": 0.9, "down": 0.8}, "error_deg": 3.0, "read": 0.9}
    said = in_words({"what": "drawn", "people": 2, "without_rest": 1, "frames": 840, "units": units, "gaze": gaze})
    assert (
        "2 drawn people, 840 frames" in said
        and "of 1 more no rest was found" in said
        and "AU12" in said
        and "error 3.0°" in said
    )
    units = {str(number): {"auc": None, "present": None} for number in NUMBERS}
    together = {"happy": {"units": [12], "auc": 0.961}}
    said = in_words({"what": "real", "data": "stills", "pictures": 10, "units": units, "together": together})
    assert "happy from all others by AU12: AUC 0.961" in said


def test_every_unit_has_what_the_field_agrees_on():
    assert set(AGREED) == set(NUMBERS)
