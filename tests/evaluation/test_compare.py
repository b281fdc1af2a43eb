import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.evaluation.compare import compare, mcnemar
from engine.evaluation.predictions import Predictions

LABELS = ("angry", "happy", "sad")


def answers(true, answered, rows=None, labels=LABELS, fingerprint="f" * 64, **more):
    true, answered = np.array(true), np.array(answered)
    shares = np.full((len(true), len(labels)), 0.1, np.float32)
    shares[np.arange(len(true)), answered] = 0.8
    rows = np.arange(len(true)) if rows is None else np.array(rows)
    return Predictions(labels, true, shares, rows, data="set", fingerprint=fingerprint, part="test", **more)


@given(st.integers(0, 80), st.integers(0, 80))
def test_the_exact_test_agrees_with_scipy(first, second):
    from scipy.stats import binom, binomtest

    exact, mid = mcnemar(first, second)
    total, fewer = first + second, min(first, second)
    assert exact == pytest.approx(binomtest(first, total).pvalue if total else 1.0, abs=1e-9)
    if total:
        reference = 2 * binom.cdf(fewer - 1, total, 0.5) + binom.pmf(fewer, total, 0.5)
        assert mid == pytest.approx(reference, abs=1e-9)
    assert 0 <= mid <= exact <= 1


def test_golden_p_values():
    # Of 2^8 ways to fall, 1 + 8 are as uneven on one side.
    assert mcnemar(1, 7) == pytest.approx((2 * 9 / 256, 2 * 9 / 256 - 8 / 256))
    assert mcnemar(0, 0) == (1, 1)
    assert mcnemar(5, 5) == pytest.approx((1, 1))
    assert mcnemar(20_000, 19_000)[0] < 1e-6


def test_four_cells_and_the_difference():
    found = compare(answers([0, 0, 1, 1, 2], [0, 0, 1, 0, 0]), answers([0, 0, 1, 1, 2], [0, 1, 1, 1, 0]))
    assert [found[key] for key in ("both_right", "only_first_right", "only_second_right", "both_wrong")] == [2, 1, 1, 1]
    assert found["n"] == 5 and found["accuracy"]["difference"] == 0
    assert found["accuracy"]["first"] == found["accuracy"]["second"] == pytest.approx(0.6)


def test_pictures_are_matched_by_row_and_left_out_ones_are_counted():
    first = answers([0, 1, 2, 0], [0, 1, 2, 0], rows=[5, 6, 7, 8])
    second = answers([0, 2, 1], [0, 2, 0], rows=[8, 7, 6])
    found = compare(first, second)
    assert (found["n"], found["only_first_has"], found["only_second_has"]) == (3, 1, 0)
    assert (found["both_right"], found["only_first_right"]) == (2, 1)


def test_labels_are_matched_by_name():
    first = answers([0, 1], [0, 1])
    second = answers([1, 0], [1, 2], labels=("happy", "angry", "neutral"))
    found = compare(first, second)
    assert (found["both_right"], found["only_first_right"]) == (1, 1)


def test_the_interval_is_paired_and_over_units():
    random = np.random.default_rng(0)
    true = random.integers(0, 3, 600)
    first = np.where(random.random(600) < 0.6, true, (true + 1) % 3)
    # Right wherever the first is right, and on 30 pictures more: the difference is nearly certain.
    second = first.copy()
    second[np.flatnonzero(first != true)[:30]] = true[np.flatnonzero(first != true)[:30]]
    low, high = compare(answers(true, first), answers(true, second))["accuracy"]["interval"]
    assert 0.025 < low < 0.05 < high < 0.075
    unit = np.arange(600) // 100
    wide = compare(answers(true, first, unit=unit), answers(true, second, unit=unit))["accuracy"]["interval"]
    assert wide[1] - wide[0] > 1.5 * (high - low)


def test_a_run_equals_itself():
    run = answers([0, 1, 2, 0], [0, 1, 1, 2])
    found = compare(run, run)
    assert found["accuracy"]["interval"] == [0, 0] and found["mcnemar_exact"] == 1


def test_refusals_say_what_is_wrong():
    run = answers([0, 1], [0, 1])
    with pytest.raises(DataError, match="not about the same pictures"):
        compare(run, answers([0, 1], [0, 1], fingerprint="e" * 64))
    with pytest.raises(DataError, match="no fingerprint"):
        compare(answers([0], [0], fingerprint=""), answers([0], [0], fingerprint=""))
    with pytest.raises(DataError, match="no picture in common"):
        compare(run, answers([0, 1], [0, 1], rows=[7, 8]))
    with pytest.raises(DataError, match="in 1 of 2 pictures"):
        compare(run, answers([0, 2], [0, 1]))
