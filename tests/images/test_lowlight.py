import os
import shutil

import numpy as np
import pytest

from engine import settings
from engine.errors import ModelError, UserError
from engine.images import lowlight
from engine.models import card, shipped

FOLDER = settings.WEIGHTS_FOLDER / "llem"


def faces(count=4, low=40, high=230):
    """Smooth blobs, as bright and as varied as faces are."""
    random = np.random.default_rng(5)
    rows, columns = np.mgrid[:48, :48]
    pictures = []
    for _ in range(count):
        field = sum(
            np.sin(random.uniform(0.05, 0.3) * rows + random.uniform(0, 6))
            * np.cos(random.uniform(0.05, 0.3) * columns + random.uniform(0, 6))
            for _ in range(4)
        )
        field = (field - field.min()) / (field.max() - field.min())
        pictures.append(low + (high - low) * field)
    return np.rint(pictures).astype(np.uint8)


def darker(pictures, factor):
    return np.rint(pictures * factor).astype(np.uint8)


@pytest.mark.parametrize("method", lowlight.METHODS)
def test_shape_type_and_neighbours_do_not_matter(method):
    pictures = np.concatenate([faces(), darker(faces(), 0.1)])
    before = pictures.copy()
    answer = lowlight.enhance(pictures, method)
    assert answer.shape == pictures.shape and answer.dtype == np.uint8
    assert (pictures == before).all(), "what was given is left alone"
    for picture, expected in zip(pictures, answer, strict=True):
        alone = lowlight.enhance(picture, method)
        assert alone.shape == (48, 48)
        # A batch may be summed in another order: a value between two levels may fall to either.
        assert np.abs(alone.astype(int) - expected).max() <= 1
    assert lowlight.enhance(pictures[:0], method).shape == (0, 48, 48)


@pytest.mark.parametrize("method", ["llem", "gamma"])
@pytest.mark.parametrize("factor", [0.3, 0.1, 0.05])
def test_the_dark_gets_brighter(method, factor):
    dark = darker(faces(), factor)
    answer = lowlight.enhance(dark, method)
    assert (answer.mean(axis=(1, 2)) > 1.5 * dark.mean(axis=(1, 2))).all()
    assert (answer.std(axis=(1, 2)) > 1.2 * dark.std(axis=(1, 2))).all(), "and its contrast grows with it"


def test_what_is_well_lit_goes_past_llem():
    pictures = faces(8)
    assert (lowlight.enhance(pictures) == pictures).all()
    among_dark = np.concatenate([pictures[:1], darker(pictures[1:2], 0.1), pictures[2:3]])
    answer = lowlight.enhance(among_dark)
    assert (answer[[0, 2]] == among_dark[[0, 2]]).all() and answer[1].mean() > 2 * among_dark[1].mean()


def test_the_network_itself_hardly_changes_what_is_well_lit(monkeypatch):
    monkeypatch.setattr(lowlight, "LIT", 1.1)
    pictures = faces(8)
    assert np.abs(lowlight.enhance(pictures).astype(int) - pictures).mean() < 4


def test_gamma_leaves_what_is_well_lit_and_brings_the_rest_to_its_mean():
    bright = np.full((48, 48), 200, np.uint8)
    assert (lowlight.enhance(bright, "gamma") == bright).all()
    even = np.full((48, 48), 20, np.uint8)
    assert lowlight.enhance(even, "gamma")[0, 0] == round(255 * lowlight.WANTED)


def test_clahe_raises_local_contrast():
    dark = darker(faces(), 0.1)
    assert lowlight.enhance(dark, "clahe").std() > 1.5 * dark.std()


def test_as_it_is_is_a_copy():
    picture = faces(1)[0]
    answer = lowlight.enhance(picture, "none")
    assert (answer == picture).all() and not np.shares_memory(answer, picture)


def test_black_white_and_other_sizes_pass():
    for size in [(1, 1), (17, 31), (96, 128)]:
        for level in (0, 255):
            answer = lowlight.enhance(np.full(size, level, np.uint8))
            assert answer.shape == size
            assert level == 0 or answer.min() > 200


def test_llem_takes_noise_away():
    random = np.random.default_rng(1)
    scene = darker(faces(8), 0.3)
    noisy = np.clip(np.rint(scene + random.normal(0, 6, scene.shape)), 0, 255).astype(np.uint8)

    def away(pictures):  # how far from the scene, whatever the brightness
        centred = [each - each.mean(axis=(1, 2), keepdims=True) for each in (pictures.astype(float), scene)]
        found, true = (each / each.std(axis=(1, 2), keepdims=True) for each in centred)
        return np.square(found - true).mean()

    assert away(lowlight.enhance(noisy)) < 0.5 * away(noisy)


def test_an_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match="llem"):
        lowlight.enhance(faces(1)[0], "magic")


@pytest.mark.parametrize("picture", [np.zeros((4, 4), np.float32), np.zeros(4, np.uint8), np.zeros((1, 4, 4, 1), "u1")])
def test_pictures_of_another_form_are_refused(picture):
    with pytest.raises(ValueError, match="Expected"):
        lowlight.enhance(picture)


def test_weights_are_the_ones_the_card_names_and_no_model_that_answers():
    described = card.read(FOLDER)
    assert described["kind"] == card.kind(FOLDER) == "enhancement" and described["parameters"] == 69_896
    for file, told in described["files"].items():
        assert card.digest(FOLDER / file) == told
    assert "llem" not in shipped.names() and shipped.DEFAULT in shipped.names()
    assert lowlight.llem_weights() == FOLDER / "model.keras"
    with pytest.raises(ModelError, match="no model 'llem'"):
        shipped.load("llem")


def test_missing_and_damaged_weights_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "WEIGHTS_FOLDER", tmp_path)
    with pytest.raises(ModelError, match=r"lacks its file model\.onnx"):
        lowlight.enhance(faces(1)[0])
    shutil.copytree(FOLDER, tmp_path / "llem")
    (tmp_path / "llem" / "model.onnx").write_bytes(b"no network")
    os.utime(tmp_path / "llem" / "model.onnx", (1, 1))
    with pytest.raises(ModelError, match="cannot be loaded"):
        lowlight.enhance(faces(1)[0])
