import numpy as np
import pytest

from engine.errors import DataError, ImageError
from engine.spiking import stimuli


def noise(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (48, 48)).astype(np.uint8)


def test_the_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    pixels, labels = stimuli.digits()
    np.testing.assert_array_equal(pixels, load_digits().data / 16)
    np.testing.assert_array_equal(labels, load_digits().target)


def test_a_digit_is_its_pixels():
    one = stimuli.digit(3)
    assert one.kind == "digit" and one.picture.shape == (8, 8) and len(one.outputs) == 4
    np.testing.assert_array_equal(one.strengths, stimuli.digits()[0][3])
    np.testing.assert_allclose(one.picture.ravel(), 255 * one.strengths, atol=0.5)


@pytest.mark.parametrize("index", [-1, 1797])
def test_there_are_only_so_many_digits(index):
    with pytest.raises(DataError, match="no digit"):
        stimuli.digit(index)


def test_missing_digits_are_said(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    stimuli.digits.cache_clear()
    with pytest.raises(DataError, match="missing"):
        stimuli.digits()


def test_a_face_is_what_stands_out_in_it():
    face = stimuli.face(noise())
    assert face.strengths.shape == (2 * 576,) and face.strengths.min() == 0 and face.strengths.max() <= 3
    on, off = face.strengths[:576], face.strengths[576:]
    assert not (on * off).any(), "an input that is above what is usual is not below it"
    # Of each width the clipped deviations from the mean are balanced, within what was clipped.
    np.testing.assert_allclose((on - off).reshape(8, 2, 36).mean(axis=(0, 2)), 0, atol=0.02)


def test_a_flat_picture_has_nothing_to_say():
    assert not stimuli.face(np.full((48, 48), 90, np.uint8)).strengths.any()


def test_stripes_speak_in_their_own_direction():
    right = np.mgrid[:48, :48][1]
    stripes = np.round(127 + 100 * np.sin(right * 2 * np.pi / 4)).astype(np.uint8)
    inputs = stimuli.weight_maps(stimuli.face(stripes).strengths[:, None], "face")[0]
    assert inputs.mean(axis=(1, 2)).argmax() == 0, "0 degrees answers to upright edges"


def test_maps_of_a_face_are_on_minus_off():
    weights = np.zeros((2, 3, 8, 2, 6, 6, 2))
    weights[0, :, 5, :, 1, 2, 1] = 0.6
    weights[1, :, 4, 0, 0, 0, 0] = 0.4
    maps = stimuli.weight_maps(weights.reshape(-1, 2), "face")
    assert maps.shape == (2, 8, 6, 6)
    assert maps[1, 5, 1, 2] == pytest.approx(0.6) and maps[0, 4, 0, 0] == pytest.approx(-0.2)
    assert np.count_nonzero(maps) == 2


def test_other_maps_are_the_picture():
    weights = np.arange(64 * 3.0).reshape(64, 3)
    maps = stimuli.weight_maps(weights, "digit")
    assert maps.shape == (3, 1, 8, 8)
    np.testing.assert_array_equal(maps[1, 0].ravel(), weights[:, 1])


def test_a_photo_gives_its_largest_face_or_none():
    from pages.views.common.picture_sources import EXAMPLES, read_example

    crop = stimuli.crop_of(read_example(EXAMPLES["Astronaut"]))
    assert crop.shape == (48, 48) and crop.dtype == np.uint8
    assert stimuli.crop_of(read_example(EXAMPLES["Cat"])) is None
    with pytest.raises(ImageError):
        stimuli.crop_of(b"no picture")


def test_weights_of_an_embedding_are_on_minus_off():
    weights = np.random.default_rng(0).normal(size=(768, 7))
    maps = stimuli.weight_maps(weights, "embedding")
    assert maps.shape == (7, 1, 16, 24)
    np.testing.assert_allclose(maps[3, 0].ravel(), weights[:384, 3] - weights[384:, 3])
