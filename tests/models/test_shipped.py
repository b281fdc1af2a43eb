import json
import os
import shutil
import threading

import numpy as np
import pytest

from engine import settings
from engine.errors import ModelError
from engine.models import card, shipped
from engine.training.request import starting_point

NAMES = shipped.names()


def test_models_are_shipped_and_the_default_is_first():
    assert NAMES[0] == shipped.DEFAULT
    assert len(NAMES) >= 2


def test_the_default_finds_each_expression_best_on_every_set():
    def recall(name):
        described = card.read(settings.WEIGHTS_FOLDER / name)
        return {(e["data"], e["judged_by"]): e["balanced_accuracy"] for e in described["evaluations"]}

    best = recall(shipped.DEFAULT)
    for other in NAMES[1:]:
        compared = {of: value for of, value in recall(other).items() if of in best}
        assert all(best[of] > value for of, value in compared.items())


@pytest.mark.parametrize("name", shipped.REPLACED)
def test_a_name_from_before_says_what_replaces_it(name):
    with pytest.raises(ModelError, match="shipped no longer") as refused:
        shipped.load(name)
    assert shipped.DEFAULT in refused.value.remedy
    with pytest.raises(ModelError, match="no longer"):
        starting_point(name)


@pytest.mark.parametrize("name", NAMES)
def test_probabilities_sum_to_one_in_any_batch(name):
    model = shipped.load(name)
    crops = np.random.default_rng(0).integers(0, 256, (300, 48, 48)).astype(np.uint8)
    answers = model.probabilities(crops)
    assert answers.shape == (300, len(model.labels))
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(model.probabilities(crops[7:8]), answers[7:8], atol=1e-5)
    assert model.probabilities(crops[:0]).shape == (0, len(model.labels))


@pytest.mark.parametrize("name", NAMES)
def test_keras_and_onnx_give_the_same_probabilities(name):
    keras = pytest.importorskip("keras")
    import engine.models.layers  # registers what model.keras is made of
    import engine.models.mirror  # noqa: F401

    model = shipped.load(name)
    crops = np.random.default_rng(1).integers(0, 256, (16, 48, 48)).astype(np.uint8)
    trained = keras.saving.load_model(settings.WEIGHTS_FOLDER / name / "model.keras", compile=False)
    expected = trained.predict(crops[..., None].astype(np.float32) / 255, verbose=0)
    np.testing.assert_allclose(model.probabilities(crops), expected, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_weights_are_small_and_the_ones_the_card_names(name):
    folder = settings.WEIGHTS_FOLDER / name
    described = card.read(folder)
    for file, told in described["files"].items():
        assert card.digest(folder / file) == told
        assert (folder / file).stat().st_size <= 20_000_000
    assert described["name"] == name
    assert described["parameters"] <= 5_000_000


def test_several_threads_get_the_same_answers():
    model = shipped.load()
    crops = np.random.default_rng(2).integers(0, 256, (8, 48, 48)).astype(np.uint8)
    expected = model.probabilities(crops)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(model.probabilities(crops))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    for answer in answers:
        np.testing.assert_allclose(answer, expected, atol=1e-6)


@pytest.mark.parametrize(
    "crops", [np.zeros((1, 48, 48), np.float32), np.zeros((48, 48), np.uint8), np.zeros((1, 47, 48), np.uint8)]
)
def test_crops_of_another_form_are_refused(crops):
    with pytest.raises(ValueError, match="Expected"):
        shipped.load().probabilities(crops)


def test_an_unknown_model_is_refused_with_the_known_ones():
    with pytest.raises(ModelError, match=shipped.DEFAULT):
        shipped.load("resnet")
    with pytest.raises(ModelError):
        shipped.load("../weights")


@pytest.fixture
def copied(tmp_path):
    return shutil.copytree(settings.WEIGHTS_FOLDER / NAMES[-1], tmp_path / NAMES[-1])


@pytest.mark.parametrize(
    "name", ["", ".", "..", "neuromer-flow", "neuromer-votes/", "../weights/neuromer-votes", "x" * 300, "a\0b"]
)
def test_what_is_no_name_of_a_model_is_refused(name):
    with pytest.raises(ModelError, match="There is no model"):
        shipped.folder(name)


def test_a_card_that_was_written_anew_is_read_anew(copied):
    described = json.loads((copied / "card.json").read_text())
    assert card.kind(copied) is None
    (copied / "card.json").write_text(json.dumps(described | {"kind": card.CLIP}))
    os.utime(copied / "card.json", ns=(0, 0))
    assert card.kind(copied) == card.CLIP


def test_weights_that_differ_from_their_card_are_refused(copied):
    weights = copied / "model.onnx"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x00\x01")
    with pytest.raises(ModelError, match="not the file that its card describes"):
        shipped.ShippedModel(copied)


def test_unreadable_weights_are_refused(copied):
    (copied / "model.onnx").write_bytes(b"no network")
    described = json.loads((copied / "card.json").read_text(encoding="utf-8"))
    described["files"]["model.onnx"] = card.digest(copied / "model.onnx")
    (copied / "card.json").write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        shipped.ShippedModel(copied)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"name": 3}', b"\xff"])
def test_a_damaged_card_is_refused(copied, content):
    (copied / "card.json").write_bytes(content)
    with pytest.raises(ModelError, match="card of model"):
        shipped.ShippedModel(copied)


def test_missing_weights_are_named(copied):
    (copied / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx"):
        shipped.ShippedModel(copied)


def test_a_model_that_answers_no_number_is_refused(monkeypatch):
    model = shipped.load(shipped.DEFAULT)

    class Broken:
        def run(self, names, given, options):
            return [np.full((len(next(iter(given.values()))), len(model.labels)), np.nan, np.float32) for _ in names]

    monkeypatch.setattr(model, "_session", Broken())
    with pytest.raises(ModelError, match="no number"):
        model.probabilities(np.zeros((3, 48, 48), np.uint8))
