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


def test_each_expression_has_the_lowest_threshold_that_keeps_the_promise():
    certainty = np.round(np.linspace(0.505, 0.999, 400), 3)
    answered = np.arange(400) % 2
    probabilities = np.where(answered[:, None] == [0, 1], certainty[:, None], 1 - certainty[:, None])
    # The first is wrong below 0.6 alone; the second one time in two, whatever it is sure of.
    true = np.where(answered == 0, (certainty < 0.6).astype(int), np.arange(400) // 2 % 2)
    chosen = calibration.thresholds(probabilities, true, ("one", "two"), precision=0.9)
    sure = (answered == 0) & (certainty >= chosen["one"])
    wrong, count = int((true[sure] != 0).sum()), int(sure.sum())
    assert (wrong + 1) / (count + 1) <= 0.1
    lower = (answered == 0) & (certainty >= chosen["one"] - 0.003)
    assert lower.sum() > count and ((true[lower] != 0).sum() + 1) / (lower.sum() + 1) > 0.1
    assert chosen["two"] == calibration.NEVER
    np.testing.assert_array_equal(calibration.decided(probabilities, np.array(list(chosen.values()))), sure)


def test_what_is_less_probable_than_the_rest_together_is_never_decided():
    probabilities = np.array([[0.4, 0.3, 0.3]] * 100)
    chosen = calibration.thresholds(probabilities, np.zeros(100, int), ("one", "two", "three"))
    assert chosen["one"] == 0.5


def test_an_expression_that_is_never_answered_is_never_decided():
    chosen = calibration.thresholds(np.array([[0.9, 0.1]] * 50), np.zeros(50, int), ("one", "two"))
    assert chosen == {"one": 0.9, "two": calibration.NEVER}


def test_the_promised_precision_holds_on_other_pictures(honest):
    probabilities, true = honest
    labels = tuple("abcde")
    chosen = np.array(list(calibration.thresholds(probabilities[:2000], true[:2000], labels, 0.8).values()))
    sure = calibration.decided(probabilities[2000:], chosen)
    answered = probabilities[2000:].argmax(axis=1)
    for at in range(5):
        own = sure & (answered == at)
        assert own.sum() > 50 and (true[2000:][own] == at).mean() > 0.74


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
