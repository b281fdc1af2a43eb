import numpy as np
import pytest

from engine.datasets import label_issues
from engine.datasets.label_issues import find_label_issues
from engine.models import shipped
from engine.tasks import SILENT, Cancelled, Progress

NAMES = np.array(["angry", "happy", "sad"])


@pytest.fixture
def answers(monkeypatch):
    """Answers of a model that knows: three groups of points, one for each class."""
    true = np.arange(600) % 3
    points = np.eye(3)[true] * 4 + np.random.default_rng(0).normal(0, 1, (600, 3))
    monkeypatch.setattr(label_issues, "_answers", lambda crops, progress: points[: len(crops)].astype(np.float32))
    return NAMES[true]


CROPS = np.zeros((600, 48, 48), np.uint8)


def test_changed_labels_are_suspected_and_the_right_one_suggested(answers):
    labels = answers.copy()
    changed = np.random.default_rng(1).choice(600, 40, replace=False)
    labels[changed] = NAMES[(np.searchsorted(NAMES, labels[changed]) + 1) % 3]
    issues = find_label_issues(CROPS, labels, np.arange(600), SILENT)
    suspected = np.flatnonzero(issues.suggested != "")
    # As many are suspected as are certainly wrong by confident learning's count, which is cautious.
    assert np.isin(changed, suspected).mean() > 0.7
    assert np.isin(suspected, changed).mean() > 0.95
    both = np.intersect1d(changed, suspected)
    assert (issues.suggested[both] == answers[both]).mean() > 0.95
    assert (issues.suggested[suspected] != labels[suspected]).all()
    assert issues.score[changed].max() < np.median(issues.score)
    assert issues.score.min() >= 0 and issues.score.max() <= 1


def test_right_labels_are_hardly_suspected(answers):
    assert find_label_issues(CROPS, answers, np.arange(600), SILENT).suggested.astype(bool).mean() < 0.02


def test_nothing_is_learnt_from_a_copy(monkeypatch):
    # Every group has a feature of its own and labels by chance: whoever sees a copy knows the label.
    random = np.random.default_rng(2)
    group = np.repeat(np.arange(60), 5)
    labels = NAMES[random.integers(0, 3, 60)][group]
    monkeypatch.setattr(label_issues, "_answers", lambda crops, progress: np.eye(60, dtype=np.float32)[group])
    apart = find_label_issues(CROPS[:300], labels, group, SILENT)
    torn = find_label_issues(CROPS[:300], labels, np.arange(300), SILENT)
    assert np.median(torn.score) > 0.9
    assert np.median(apart.score) < 0.5


def test_pictures_without_a_label_and_rare_classes_are_not_judged(answers):
    labels = answers.copy()
    labels[:10] = ""
    labels[10:14] = "contempt"
    issues = find_label_issues(CROPS, labels, np.arange(600), SILENT)
    assert np.flatnonzero(np.isnan(issues.score)).tolist() == list(range(14))
    assert not (issues.suggested[:14] != "").any()


@pytest.mark.parametrize("labels", [np.array(["happy"] * 20), np.array([""] * 20), np.zeros(0, "U5")])
def test_with_fewer_than_two_classes_nothing_is_judged(labels):
    issues = find_label_issues(CROPS[: len(labels)], labels, np.arange(len(labels)), SILENT)
    assert np.isnan(issues.score).all() and not (issues.suggested != "").any()


def test_answers_are_logarithms_of_the_shipped_model():
    crops = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)
    expected = np.log(np.maximum(shipped.load().probabilities(crops), 1e-6))
    np.testing.assert_allclose(label_issues._answers(crops, SILENT), expected, rtol=1e-5)


def test_it_can_be_stopped(answers):
    with pytest.raises(Cancelled):
        find_label_issues(CROPS, answers, np.arange(600), Progress(None, lambda: True))
