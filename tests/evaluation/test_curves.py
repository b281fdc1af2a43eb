import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import curves

SCORED = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=2, max_size=50)


@given(SCORED)
def test_areas_agree_with_scikit_learn(pairs):
    from sklearn import metrics as reference

    score, positive = np.array([pair[0] for pair in pairs]) / 8, np.array([pair[1] for pair in pairs])
    roc, pr = curves.roc(score, positive), curves.precision_recall(score, positive)
    if positive.any():
        assert pr["average_precision"] == pytest.approx(reference.average_precision_score(positive, score))
    else:
        assert pr["average_precision"] is None and pr["recall"] == []
    if positive.any() and not positive.all():
        assert roc["auc"] == pytest.approx(reference.roc_auc_score(positive, score))
    else:
        assert roc["auc"] is None and roc["true_positive_rate"] == []


def test_points_are_few_and_follow_the_whole_curve():
    from sklearn.metrics import roc_curve

    random = np.random.default_rng(0)
    positive = random.random(5000) < 0.2
    score = random.normal(positive * 1.5, 1)
    found = curves.roc(score, positive)
    x, y = np.array(found["false_positive_rate"]), np.array(found["true_positive_rate"])
    assert len(x) <= curves.MOST_POINTS and (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    exact_x, exact_y, _ = roc_curve(positive, score)
    along = np.linspace(0, len(x) - 1, 6000)
    line = np.stack([np.interp(along, np.arange(len(x)), each) for each in (x, y)], axis=1)
    away = [np.hypot(*(line - point).T).min() for point in np.stack([exact_x, exact_y], axis=1)]
    assert max(away) < 0.01
    assert np.trapezoid(y, x) == pytest.approx(found["auc"], abs=0.003)


def test_golden_precision_recall():
    found = curves.precision_recall(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False]))
    assert found["average_precision"] == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert found["share"] == 0.5
    assert found["recall"] == [0, 0.5, 0.5, 1, 1]
    assert found["precision"] == pytest.approx([1, 1, 0.5, 0.6667, 0.5])


def test_golden_risk_and_coverage():
    found = curves.risk_coverage(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, True]))
    assert found["aurc"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert found["coverage"] == [0.25, 0.5, 0.75, 1]
    assert found["risk"] == pytest.approx([0, 0.5, 0.3333, 0.25])
    assert found["threshold"] == [0.9, 0.8, 0.7, 0.6]


def test_equally_sure_answers_share_their_mistakes():
    first = curves.risk_coverage(np.full(4, 0.5), np.array([True, True, False, False]))
    second = curves.risk_coverage(np.full(4, 0.5), np.array([False, True, False, True]))
    assert first == second and first["aurc"] == 0.5
    assert curves.accuracy_at(np.full(4, 0.5), np.array([True, True, False, False]), 0.5) == 0.5


def test_accuracy_at_a_coverage():
    confidence, right = np.linspace(1, 0.1, 10), np.arange(10) < 7
    assert curves.accuracy_at(confidence, right, 0.7) == 1
    assert curves.accuracy_at(confidence, right, 0.8) == pytest.approx(7 / 8)
    assert curves.accuracy_at(confidence, right, 1.0) == pytest.approx(0.7)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=80), st.integers(2, 20))
def test_thinning_keeps_the_ends_and_the_order(heights, most):
    y = np.array(heights)
    x = np.arange(len(y)) / len(y)
    kept = curves.thinned(x, y, most)
    assert len(kept) <= most and kept[0] == 0 and kept[-1] == len(y) - 1
    assert (np.diff(kept) > 0).all()
    if len(kept) < most:
        assert np.abs(np.interp(x, x[kept], y[kept]) - y).max() < 1e-4


def test_a_straight_line_needs_its_ends_only():
    x = np.linspace(0, 1, 500)
    assert curves.thinned(x, 2 * x).tolist() == [0, 499]
