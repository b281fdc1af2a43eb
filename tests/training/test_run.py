import dataclasses
import json

import numpy as np
import pytest

from engine.datasets import FaceSet
from engine.evaluation.cards import complete
from engine.models.shipped import ShippedModel

pytest.importorskip("tensorflow")

import keras

from engine.models import registry
from engine.training.batches import Batches
from engine.training.configuration import RECIPES
from engine.training.fit import adjust_for_prior
from engine.training.run import prepare, train


def easy_faces(count=240, seed=0):
    """Make pictures whose patterns tell them apart: ramps from left to right, or from top to bottom."""
    random = np.random.default_rng(seed)
    labels = np.array(["happy", "sad"])[np.arange(count) % 2]
    ramp = np.tile(np.arange(48, dtype=np.uint8), (48, 1))
    pictures = np.stack([(ramp if label == "happy" else ramp.T) * random.integers(1, 5) for label in labels])
    pictures = (pictures + random.integers(0, 60, (count, 1, 1))).astype(np.uint8)
    split = np.where(np.arange(count) < count * 2 // 3, "Training", "PublicTest").astype("U20")
    split[-40:] = "PrivateTest"
    return FaceSet("easy.npz", pictures, labels, split)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights") / "easy"
    configuration = dataclasses.replace(RECIPES["paper"], epochs=4)
    train("paper", configuration, prepare(configuration, easy_faces()), folder)
    return folder


def test_training_writes_a_model_that_answers(trained):
    model = ShippedModel(trained)
    data = easy_faces()
    test = data.rows_of("PrivateTest")
    answers = np.array(model.labels)[model.probabilities(data.pictures[test]).argmax(axis=1)]
    assert (answers == data.labels[test]).mean() > 0.9


def test_the_card_says_how_it_was_made(trained):
    card = json.loads((trained / "card.json").read_text(encoding="utf-8"))
    assert card["parameters"] == 112_988
    assert card["data"]["training_pictures"] == 160 and card["data"]["validation_pictures"] == 40
    assert card["training"]["command"] == "python -m engine train paper --data easy.npz --output engine/weights/easy"
    assert len(card["training"]["history"]["val_loss"]) == 4
    assert sorted(path.name for path in trained.iterdir()) == ["card.json", "model.keras", "model.onnx"]


def test_completing_a_card_adds_the_test_figures(trained):
    card = complete(trained, easy_faces(), "PrivateTest")
    assert card["evaluations"][0]["n"] == 40
    assert card["evaluations"][0]["accuracy"] > 0.9
    assert ShippedModel(trained).card["evaluations"] == card["evaluations"]


def test_a_model_can_start_from_another(trained, tmp_path):
    configuration = dataclasses.replace(RECIPES["paper"], epochs=1, learning_rate=1e-9)
    train("paper", configuration, prepare(configuration, easy_faces()), tmp_path / "next", initial=trained)
    crops = easy_faces().pictures[:20]
    np.testing.assert_allclose(
        ShippedModel(tmp_path / "next").probabilities(crops), ShippedModel(trained).probabilities(crops), atol=1e-4
    )


def test_batches_cover_every_picture_once_an_epoch_in_a_new_order():
    crops = np.repeat(np.arange(10, dtype=np.uint8), 48 * 48).reshape(10, 48, 48)
    targets = np.eye(10, dtype=np.float32)
    batches = Batches(crops, targets, 4, seed=3)
    orders = []
    for _ in range(2):
        seen = [row for at in range(len(batches)) for row in batches[at][1].argmax(axis=1).tolist()]
        orders.append(seen)
        for at in range(len(batches)):
            x, y = batches[at]
            np.testing.assert_allclose(x[:, 0, 0, 0] * 255, y.argmax(axis=1), atol=1e-4)
        batches.on_epoch_begin()
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(10))
    assert orders[0] != orders[1]


def test_a_full_prior_adjustment_divides_by_the_prior():
    keras.utils.set_random_seed(0)
    model = registry.build("paper_cnn_lstm", 3)
    gray = np.random.default_rng(0).random((4, 48, 48, 1), dtype=np.float32)
    before = model.predict(gray, verbose=0)
    prior = np.array([0.7, 0.2, 0.1])
    adjust_for_prior(model, prior, 0.5)
    expected = before / np.sqrt(prior)
    np.testing.assert_allclose(
        model.predict(gray, verbose=0), expected / expected.sum(axis=1, keepdims=True), atol=1e-5
    )
