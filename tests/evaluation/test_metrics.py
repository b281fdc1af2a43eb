import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import metrics

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


def test_golden_figures():
    confusion = metrics.confusion_matrix(np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 2]), 3)
    assert confusion.tolist() == [[3, 1, 0], [0, 1, 1], [0, 0, 0]]
    scores = metrics.class_scores(confusion)
    assert scores["precision"] == pytest.approx([1, 0.5, 0])
    assert scores["recall"] == pytest.approx([0.75, 0.5, 0])
    assert scores["f1"] == pytest.approx([6 / 7, 0.5, 0])
    # The third class never occurs: an answer of it is wrong, but it has no F1 of its own to average.
    overall = metrics.overall_scores(confusion)
    assert overall["accuracy"] == pytest.approx(4 / 6)
    assert overall["macro_f1"] == overall["uf1"] == pytest.approx((6 / 7 + 0.5) / 2)
    assert overall["macro_recall"] == overall["uar"] == overall["balanced_accuracy"] == pytest.approx(0.625)
    assert overall["macro_precision"] == pytest.approx(0.75)


@given(PAIRS)
def test_figures_agree_with_scikit_learn(pairs):
    from sklearn import metrics as reference

    true, predicted = np.array(pairs).T
    overall = metrics.overall_scores(metrics.confusion_matrix(true, predicted, 4))
    occurring = {"labels": np.unique(true), "average": "macro", "zero_division": 0}
    assert overall["accuracy"] == pytest.approx(reference.accuracy_score(true, predicted))
    assert overall["macro_f1"] == pytest.approx(reference.f1_score(true, predicted, **occurring))
    assert overall["macro_precision"] == pytest.approx(reference.precision_score(true, predicted, **occurring))
    assert overall["macro_recall"] == pytest.approx(reference.recall_score(true, predicted, **occurring))


def test_a_stack_of_matrices_gives_a_figure_each():
    random = np.random.default_rng(0)
    stack = random.integers(0, 9, (5, 3, 3))
    together = metrics.overall_scores(stack)
    for at, one in enumerate(stack):
        alone = metrics.overall_scores(one)
        assert all(together[name][at] == pytest.approx(alone[name]) for name in alone)


def test_of_no_picture_every_figure_is_zero():
    assert set(metrics.overall_scores(np.zeros((3, 3))).values()) == {0}


def test_uf1_is_of_the_pooled_matrix_and_no_mean_over_folds():
    folds = np.array([[[1, 0], [0, 0]], [[0, 3], [0, 4]]])
    pooled = metrics.overall_scores(folds.sum(axis=0))["uf1"]
    assert pooled == pytest.approx((2 / 5 + 8 / 11) / 2)
    assert pooled != pytest.approx(metrics.overall_scores(folds)["uf1"].mean())
