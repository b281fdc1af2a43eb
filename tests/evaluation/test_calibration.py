import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.evaluation import calibration


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.fixture
def honest():
    """Probabilities that mean what they say, and what was true."""
    random = np.random.default_rng(0)
    probabilities = softmax(random.normal(0, 1.5, (4000, 5)))
    true = (probabilities.cumsum(axis=1) > random.random((4000, 1))).argmax(axis=1)
    return probabilities, true


def test_threshold_leaves_the_wanted_share_decided():
    certainty = np.linspace(0.5, 0.995, 1000)
    probabilities = np.stack([certainty, 1 - certainty], axis=1)
    true = (certainty < 0.6).astype(int)
    chosen = calibration.threshold_at(probabilities, true, coverage=0.8)
    assert abs(chosen["value"] - np.quantile(certainty, 0.2)) < 1e-3
    assert abs(chosen["coverage"] - 0.8) < 0.002
    assert chosen["accuracy_decided"] > chosen["accuracy_all"]


@pytest.mark.parametrize("wrong", [0.5, 1.0, 2.5])
def test_the_temperature_that_was_put_in_is_found_and_undone(honest, wrong):
    probabilities, true = honest
    # Sharpened by 1/wrong, so that scaling by `wrong` gives the honest ones back.
    spoilt = calibration.scaled(probabilities, 1 / wrong)
    found = calibration.temperature(spoilt, true)
    assert found == pytest.approx(wrong * calibration.temperature(probabilities, true), rel=1e-4)
    assert found == pytest.approx(wrong, rel=0.06)
    assert calibration.scaled(spoilt, wrong) == pytest.approx(probabilities, abs=1e-9)


def test_it_is_the_minimum_that_scipy_finds(honest):
    from scipy.optimize import minimize_scalar

    probabilities, true = honest
    spoilt = calibration.scaled(probabilities, 0.4)
    reference = minimize_scalar(
        lambda at: calibration.negative_log_likelihood(calibration.scaled(spoilt, at), true), bounds=(0.1, 10)
    )
    assert calibration.temperature(spoilt, true) == pytest.approx(reference.x, rel=1e-3)


def test_it_stays_in_bounds_where_no_minimum_exists():
    sure = softmax(np.array([[3.0, 0], [0, 3]]))
    assert 0.05 <= calibration.temperature(sure, np.array([0, 1])) < 0.1
    assert calibration.temperature(sure, np.array([1, 0])) == pytest.approx(20, rel=1e-3)


@settings(max_examples=60)
@given(arrays(np.float32, (6, 4), elements=st.floats(0, 1, width=32)), st.floats(0.05, 20))
def test_scaling_never_changes_the_answer(weights, temperature):
    probabilities = ((weights + np.float32(1e-6)) / (weights + np.float32(1e-6)).sum(axis=1, keepdims=True)).astype(
        "f4"
    )
    result = calibration.scaled(probabilities, temperature)
    assert result.sum(axis=1) == pytest.approx(np.ones(6))
    assert (result.argmax(axis=1) == probabilities.argmax(axis=1)).all()


def test_scaling_lowers_the_calibration_error(honest):
    probabilities, true = honest
    spoilt = calibration.scaled(probabilities, 0.4)
    assert calibration.expected_calibration_error(probabilities, true) < 0.03
    assert calibration.expected_calibration_error(spoilt, true) > 0.1
    by_halves = calibration.scaled_by_halves(spoilt, true, None)
    assert calibration.expected_calibration_error(by_halves, true) < 0.03
    assert (by_halves.argmax(axis=1) == spoilt.argmax(axis=1)).all()


def test_halves_keep_units_whole_and_one_unit_is_left_alone(honest):
    probabilities, true = honest
    assert calibration.scaled_by_halves(probabilities, true, np.zeros(len(true))) == pytest.approx(probabilities)
    unit = np.arange(len(true)) // 2000
    halves = calibration.scaled_by_halves(probabilities, true, unit)
    expected = calibration.scaled(probabilities[:2000], calibration.temperature(probabilities[2000:], true[2000:]))
    assert halves[:2000] == pytest.approx(expected)


def plain_error(probabilities, true, bins):
    """Bin by bin, after the formula."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == true
    total = 0.0
    for at in range(bins):
        inside = (confidence > at / bins) & (confidence <= (at + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return total


@pytest.mark.parametrize("bins", [1, 10, 15])
def test_the_calibration_error_agrees_with_a_plain_loop(honest, bins):
    probabilities, true = honest
    for values in (probabilities, calibration.scaled(probabilities, 0.3)):
        assert calibration.expected_calibration_error(values, true, bins) == pytest.approx(
            plain_error(values, true, bins), abs=1e-12
        )


def test_golden_reliability():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [1.0, 0.0]])
    found = calibration.reliability(probabilities, np.array([0, 1, 1, 0]), bins=5)
    assert found["confidence"] == pytest.approx([0.6, 2.8 / 3])
    assert found["accuracy"] == pytest.approx([1, 2 / 3])
    assert found["share"] == pytest.approx([0.25, 0.75])
