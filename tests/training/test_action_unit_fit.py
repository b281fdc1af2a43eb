"""Weights learnt from made descriptions, in which one feature tells one unit."""

import numpy as np
import pytest

from engine.features.action_units import NUMBERS, feature_names
from engine.training.action_units import Drawn, Real, agreed, fit

NAMES = feature_names()
TELLING = {12: NAMES.index("mouth corner up"), 4: NAMES.index("between the brows upright")}


@pytest.fixture(scope="module")
def made():
    rng = np.random.default_rng(0)
    truth = np.where(rng.random((400, len(NUMBERS))) < 0.2, rng.uniform(1, 5, (400, len(NUMBERS))), 0.0)
    features = rng.normal(0, 0.3, (400, 2, len(NAMES)))
    labels = rng.choice(["happy", "angry", "neutral", "sad", "surprise", "disgust", "fear"], 500)
    real = rng.normal(0, 1.0, (500, 2, len(NAMES))) + 7.0
    for unit, column in TELLING.items():
        features[:, :, column] += 2 * truth[:, [NUMBERS.index(unit)]]
        real[:, :, column] += 2 * np.nan_to_num(agreed(unit, labels))[:, None]
    return fit(Drawn(features, truth), Real(real, labels)), truth, features, labels, real


@pytest.mark.parametrize("unit", list(TELLING))
def test_intensities_come_back_by_the_feature_that_tells_them(made, unit):
    learnt, truth, features, labels, real = made
    row = NUMBERS.index(unit)
    said = (features @ learnt["weights"][0, row]).mean(axis=1)
    assert np.corrcoef(said, truth[:, row])[0, 1] > 0.97
    assert said @ truth[:, row] / (truth[:, row] @ truth[:, row]) == pytest.approx(1, abs=0.1)
    without = (real @ learnt["weights"][1, row] + learnt["zero"][1, row]).mean(axis=1)
    expected = agreed(unit, labels)
    assert without[expected > 0].mean() > without[expected == 0].mean() + 1


def test_a_unit_sees_its_own_part_of_the_face_only(made):
    weights = made[0]["weights"]
    mouth = [at for at, name in enumerate(NAMES) if name.startswith(("mouth", "lips", "chin"))]
    brows = [at for at, name in enumerate(NAMES) if name.startswith(("inner brow", "between the brows", "brow"))]
    for unit in (1, 2, 4):
        assert (weights[:, NUMBERS.index(unit)][:, mouth] == 0).all()
    for unit in (12, 15, 17, 25, 26):
        assert (weights[:, NUMBERS.index(unit)][:, brows] == 0).all()


def test_shapes_and_thresholds(made):
    learnt = made[0]
    assert learnt["weights"].shape == (2, 17, len(NAMES)) and learnt["zero"].shape == learnt["present"].shape == (2, 17)
    assert (learnt["zero"][0] == 0).all() and (learnt["present"] >= 0.4).all() and (learnt["present"] <= 2).all()


def test_labels_that_say_nothing_of_a_unit_are_open():
    assert agreed(12, ["happy", "neutral", "contempt"])[:2].tolist() == [3.5, 0]
    assert np.isnan(agreed(12, ["contempt"])).all() and np.isnan(agreed(6, ["sad"])).all()
