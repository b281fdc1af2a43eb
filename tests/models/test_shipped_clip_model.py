"""What is shipped for recordings answers as it was trained; all that is shipped is small and what its card names."""

import json
import shutil

import numpy as np
import pytest

from engine import settings
from engine.errors import ModelError
from engine.features.clip_input import INPUTS
from engine.models import card
from engine.recognition import clip_model

FOLDERS = sorted(path.parent for path in settings.WEIGHTS_FOLDER.glob("*/card.json"))
NAMES = [folder.name for folder in FOLDERS if card.kind(folder) == card.CLIP]

MB = 1_000_000


def noise(count=64, seed=0):
    """Flow maps of rest and of motion, small and large, whose channels lie anywhere."""
    random = np.random.default_rng(seed)
    middle, spread = random.uniform(40, 215, (count, 1, 1, 3)), np.exp(random.uniform(-2, 4, (count, 1, 1, 1)))
    return np.clip(random.normal(middle, spread, (count, 28, 28, 3)), 0, 255).astype(np.uint8)


def across(maps):
    """Mirror flow maps: left and right change places, and what moves right moves left."""
    turned = maps[:, :, ::-1].copy()
    turned[..., 0] = 255 - turned[..., 0]
    return turned


def test_the_model_that_names_events_is_the_one_that_is_right_most_often():
    def uf1(name):
        return card.read(settings.WEIGHTS_FOLDER / name)["evaluations"][0]["whole"]["uf1"]

    assert clip_model.names()[0] == clip_model.DEFAULT == max(NAMES, key=uf1)
    assert set(clip_model.names()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_keras_and_onnx_agree_about_clips_and_where_the_network_looks(name):
    keras = pytest.importorskip("keras")
    import engine.models.frames  # noqa: F401 - what model.keras may be made of
    from engine.models.saliency_outputs import saliency_outputs

    trained = keras.saving.load_model(settings.WEIGHTS_FOLDER / name / "model.keras", compile=False)
    found = saliency_outputs(trained)
    asked = keras.Model(trained.input, {"probabilities": trained.output, **found})
    model, maps = clip_model.load(name), noise()
    # Called and not `predict`, which would first compile it.
    expected = {key: np.asarray(array) for key, array in asked(INPUTS[model.card["takes"]](maps)).items()}
    answers, shown = model.probabilities(maps), model.saliency(maps)
    np.testing.assert_allclose(answers, expected["probabilities"], atol=1e-4)
    assert set(shown) == set(found)
    for key in found:
        np.testing.assert_allclose(shown[key], expected[key], rtol=1e-3, atol=1e-4)
    assert len(np.unique(answers.argmax(axis=1))) > 1, "a model that answers one thing always would agree as well"


@pytest.mark.parametrize("name", NAMES)
def test_where_a_network_looks_is_turned_with_the_face(name):
    model, maps = clip_model.load(name), noise(4)
    seen, turned = model.saliency(maps), model.saliency(across(maps))
    assert len(seen) == {"learnet-flow": 5, "agmenet-flow": 1}.get(name, 0)
    for key, array in seen.items():
        assert array.min() >= 0 and array.max() > array.min(), key
        np.testing.assert_allclose(turned[key], array[..., ::-1], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_a_face_and_its_mirror_image_get_the_same_answer(name):
    model = clip_model.load(name)
    np.testing.assert_allclose(model.probabilities(across(noise())), model.probabilities(noise()), atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_probabilities_for_clips_sum_to_one_in_any_batch(name):
    model = clip_model.load(name)
    answers = model.probabilities(noise())
    assert answers.shape == (64, len(model.labels)) and answers.min() >= 0
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(model.probabilities(noise()[5:6]), answers[5:6], atol=1e-5)
    still = model.probabilities(np.full((1, 28, 28, 3), 128, np.uint8))
    assert np.isfinite(still).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_card_of_a_clip_model_says_what_it_is_and_how_to_make_it_again(name):
    described = card.read(settings.WEIGHTS_FOLDER / name)
    assert described["name"] == name and described["labels"] == ["negative", "positive", "surprise"]
    assert set(card.thresholds(described)) == set(described["labels"]) and described["takes"] in INPUTS
    assert "python -m engine micro train" in described["training"]["command"]
    told = described["evaluations"][0]
    assert np.sum(told["confusion"]) == told["clips"] * len(told["seeds"])
    for score in ("uf1", "uar"):
        low, high = told["whole"][f"{score}_interval"]
        assert low <= told["whole"][score] <= high
        assert np.mean(told["whole"][f"{score}_each"]) == pytest.approx(told["whole"][score])


def test_a_card_that_does_not_say_what_its_model_takes_is_refused(tmp_path):
    folder = shutil.copytree(settings.WEIGHTS_FOLDER / clip_model.DEFAULT, tmp_path / "copy")
    described = json.loads((folder / "card.json").read_text())
    for takes in ("sound", None):
        (folder / "card.json").write_text(json.dumps(described | {"takes": takes}))
        with pytest.raises(ModelError, match=f"takes {takes!r}.*map, picture, frames"):
            clip_model.ClipModel(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_shipped_files_are_the_ones_that_the_card_names_and_small(folder):
    told = card.read(folder)["files"]
    assert {"model.onnx", "model.keras"} <= told.keys()
    assert told == {name: card.digest(folder / name) for name in told}
    assert {path.name for path in folder.iterdir()} == {*told, "card.json"}, "nothing is shipped that no card names"
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 20 * MB


def test_all_shipped_weights_together_are_small():
    sizes = [path.stat().st_size for path in settings.WEIGHTS_FOLDER.rglob("*") if path.is_file()]
    assert 0 < sum(sizes) <= 60 * MB
