import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from engine.errors import ModelError
from engine.training import targets as targets_module
from engine.training.configuration import RECIPES
from engine.training.targets import distilled_targets

CLASSES = ("happy", "sad")
CROPS = np.zeros((3, 48, 48), np.uint8)
TARGETS = np.array([[1, 0], [0, 1], [0.4, 0.6]], np.float32)
ANSWERS = {
    "sure": (("sad", "happy"), np.array([[0.1, 0.9], [0.1, 0.9], [0.5, 0.5]], np.float32)),
    "third": (("happy", "neutral", "sad"), np.array([[0.4, 0.5, 0.1], [0.0, 1.0, 0.0], [0.2, 0.2, 0.6]], np.float32)),
    "narrow": (("happy", "neutral"), np.full((3, 2), 0.5, np.float32)),
}


@pytest.fixture(autouse=True)
def answering(monkeypatch):
    """Give teachers answers that can be reckoned with."""

    def load(name):
        labels, answers = ANSWERS[name]
        return SimpleNamespace(name=name, labels=labels, probabilities=lambda crops: answers[: len(crops)])

    monkeypatch.setattr(targets_module.shipped, "load", load)


def with_teachers(*names, share=0.5):
    return dataclasses.replace(RECIPES["neuromer-start"], classes=CLASSES, teachers=names, teacher_share=share)


def test_without_teachers_targets_stay_the_same_array():
    assert distilled_targets(with_teachers(), CROPS, TARGETS) is TARGETS


def test_a_teachers_columns_go_to_their_expressions():
    found = distilled_targets(with_teachers("sure"), CROPS, TARGETS)
    assert found == pytest.approx(np.array([[0.95, 0.05], [0.45, 0.55], [0.45, 0.55]]))
    assert found.dtype == np.float32
    assert distilled_targets(with_teachers("sure", share=0), CROPS, TARGETS) == pytest.approx(TARGETS)


def test_what_else_a_teacher_knows_is_taken_out():
    found = distilled_targets(with_teachers("third", share=1), CROPS, TARGETS)
    assert found == pytest.approx(np.array([[0.8, 0.2], [0.5, 0.5], [0.25, 0.75]]))


def test_several_teachers_answer_with_their_geometric_mean():
    found = distilled_targets(with_teachers("sure", "third", share=1), CROPS, TARGETS)
    odds = np.sqrt(9 * 4)
    assert found[0] == pytest.approx([odds / (1 + odds), 1 / (1 + odds)])
    assert found.sum(axis=1) == pytest.approx(np.ones(3))


def test_a_teacher_is_told_the_prior_as_its_pupil_is():
    prior = np.tile(np.float32([0.25, 0.75]), (3, 1))
    found = distilled_targets(with_teachers("sure", share=1), CROPS, TARGETS, prior)
    assert found[0] == pytest.approx([9 * 0.25 / (9 * 0.25 + 0.75), 0.75 / (9 * 0.25 + 0.75)])
    assert found.sum(axis=1) == pytest.approx(np.ones(3))


def test_a_teacher_must_know_every_expression():
    with pytest.raises(ModelError, match="narrow does not know sad"):
        distilled_targets(with_teachers("narrow"), CROPS, TARGETS)


def test_a_real_model_teaches(monkeypatch):
    monkeypatch.undo()
    configuration = dataclasses.replace(
        RECIPES["neuromer-start"], teachers=(targets_module.shipped.DEFAULT,), teacher_share=1.0
    )
    crops = np.random.default_rng(0).integers(0, 256, (4, 48, 48)).astype(np.uint8)
    found = distilled_targets(configuration, crops, np.full((4, 7), 1 / 7, np.float32))
    model = targets_module.shipped.load()
    columns = [model.labels.index(label) for label in configuration.classes]
    assert found == pytest.approx(model.probabilities(crops)[:, columns], abs=1e-5)
