import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import metrics

LABELS = ("a", "b", "c")


def test_golden_figures():
    true = np.array([0, 0, 0, 0, 1, 1])
    predicted = np.array([0, 0, 0, 1, 1, 2])
    figures = metrics.summarise(true, predicted, LABELS)
    assert figures["confusion"] == [[3, 1, 0], [0, 1, 1], [0, 0, 0]]
    assert figures["accuracy"] == pytest.approx(4 / 6)
    assert figures["per_class"]["a"] == {"precision": 1, "recall": 0.75, "f1": pytest.approx(6 / 7), "support": 4}
    assert figures["per_class"]["b"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2}
    # c never occurs: an answer of c is wrong, but c has no F1 of its own to average.
    assert figures["macro_f1"] == pytest.approx((6 / 7 + 0.5) / 2)
    assert figures["n"] == 6 and figures["labels"] == list(LABELS)


def test_interval_of_a_share_agrees_with_the_normal_approximation():
    right = np.arange(2000) % 10 < 7
    figures = metrics.summarise(np.zeros(2000, int), np.where(right, 0, 1), LABELS)
    half = 1.96 * np.sqrt(0.7 * 0.3 / 2000)
    assert figures["accuracy_interval"] == pytest.approx([0.7 - half, 0.7 + half], abs=0.003)


def test_units_are_drawn_whole():
    true = np.zeros(40, int)
    predicted = np.repeat([0, 1], 20)
    together = metrics.summarise(true, predicted, LABELS, unit=predicted)["accuracy_interval"]
    assert together == [0, 1]
    apart = metrics.summarise(true, predicted, LABELS)["accuracy_interval"]
    assert 0.3 < apart[0] < apart[1] < 0.7


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_figures_are_shares_and_rows_add_up(pairs):
    true, predicted = np.array(pairs).T
    confusion = metrics.confusion_matrix(true, predicted, 3)
    assert confusion.sum() == len(pairs)
    assert metrics.accuracy(confusion) == pytest.approx((true == predicted).mean())
    assert 0 <= metrics.macro_f1(confusion) <= 1
    for scores in metrics.class_scores(confusion):
        assert ((scores >= 0) & (scores <= 1)).all()
