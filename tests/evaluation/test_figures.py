import json

import numpy as np
import pytest

from engine.errors import DataError
from engine.evaluation.calibration import scaled
from engine.evaluation.figures import figures
from engine.evaluation.predictions import Predictions

LABELS = ("angry", "happy", "sad")


def predictions(count=400, seed=0, **more):
    random = np.random.default_rng(seed)
    true = random.integers(0, 3, count)
    scores = random.normal(0, 1, (count, 3))
    scores[np.arange(count), true] += 1.2
    shares = np.exp(scores)
    shares /= shares.sum(axis=1, keepdims=True)
    return Predictions(LABELS, true, shares.astype(np.float32), np.arange(count), **more)


def test_everything_is_there_and_goes_into_json():
    found = figures(predictions(), dict.fromkeys(LABELS, 0.5))
    assert json.loads(json.dumps(found)) == found
    assert found["n"] == found["units"] == 400 and found["labels"] == list(LABELS)
    assert np.sum(found["confusion"]) == 400
    for name in ("accuracy", "balanced_accuracy", "macro_precision", "macro_recall", "macro_f1", "uf1", "uar"):
        low, high = found[f"{name}_interval"]
        assert 0 < low < found[name] < high < 1
    for scores in found["per_class"].values():
        assert scores["f1_interval"][0] < scores["f1"] < scores["f1_interval"][1]
    assert set(found["curves"]) == {"roc", "precision_recall", "reliability", "risk_coverage"}
    assert found["leak_free"] is None
    assert len(json.dumps(found["curves"])) < 20_000


def test_intervals_over_units_are_wider_where_units_go_wrong_together():
    alone = figures(predictions())
    right = predictions().answered == predictions().true
    together = figures(predictions(unit=right * 1000 + np.arange(400) // 50))
    assert together["units"] < 20
    assert np.diff(together["accuracy_interval"]) > 2 * np.diff(alone["accuracy_interval"])


def test_the_scaling_that_is_in_the_answers_is_taken_out_for_before():
    raw = predictions(4000)
    baked = Predictions(LABELS, raw.true, scaled(raw.probabilities, 2.0).astype(np.float32), raw.rows)
    unscaled, found = figures(raw), figures(baked, temperature=2.0)
    assert found["calibration"]["ece_before"] == pytest.approx(unscaled["calibration"]["ece"], abs=1e-4)
    assert found["calibration"]["ece"] == pytest.approx(found["calibration"]["ece_after"])
    assert unscaled["calibration"]["temperature"] is None
    assert unscaled["calibration"]["ece_before"] == unscaled["calibration"]["ece"]
    assert found["accuracy"] == unscaled["accuracy"]


def test_undecided():
    record = predictions()
    found = figures(record, dict.fromkeys(LABELS, 0.6))["selective"]
    sure = record.probabilities.max(axis=1) >= 0.6
    assert found["coverage"] == pytest.approx(sure.mean())
    assert found["accuracy_decided"] == pytest.approx((record.answered == record.true)[sure].mean())
    assert found["accuracy_at_80"] > figures(record)["accuracy"]
    assert figures(record)["selective"]["thresholds"] is None
    nobody = figures(record, dict.fromkeys(LABELS, 1.5))["selective"]
    assert nobody["coverage"] == 0 and nobody["accuracy_decided"] is None
    first = figures(record, dict.fromkeys(LABELS, 1.5) | {LABELS[0]: 0.6})["selective"]
    own = record.answered == 0
    assert first["coverage"] == pytest.approx((own & sure).mean())
    assert first["per_class"][LABELS[0]]["coverage"] == pytest.approx(sure[own].mean())
    assert first["per_class"][LABELS[1]] == {"coverage": 0, "accuracy_decided": None}


def test_leak_free_figures_leave_copies_out():
    leaked = np.arange(400) % 4 == 0
    found = figures(predictions(leaked=leaked))
    assert found["leak_free"]["n"] == 300 and "curves" not in found["leak_free"]
    assert found["leak_free"]["accuracy"] == figures(predictions().only(~leaked))["accuracy"]
    assert figures(predictions(leaked=np.ones(400, bool)))["leak_free"] is None
    assert figures(predictions(leaked=np.zeros(400, bool)))["leak_free"]["n"] == 400


def test_of_no_picture_there_are_no_figures():
    with pytest.raises(DataError, match="no prediction"):
        figures(predictions().only(np.zeros(400, bool)))


def test_one_picture_is_enough():
    found = figures(predictions(1))
    assert found["n"] == 1 and found["accuracy_interval"] == [found["accuracy"]] * 2
