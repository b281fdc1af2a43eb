import numpy as np
import pytest
from skimage import data

from engine import images
from engine.datasets.crops import are_crops, face_crops, whole_crop
from engine.errors import ImageError


class Pictures(list):
    def __getitem__(self, index):
        if super().__getitem__(index) is None:
            raise ImageError("Broken.", "Mend it.")
        return super().__getitem__(index)


def test_a_crop_of_the_right_size_is_taken_as_it_is():
    crop = np.random.default_rng(0).integers(0, 256, (48, 48)).astype(np.uint8)
    np.testing.assert_array_equal(whole_crop(crop), crop)


def test_colour_becomes_the_papers_gray():
    red = np.zeros((96, 96, 3), np.uint8)
    red[..., 0] = 200
    assert np.unique(whole_crop(red)).tolist() == [round(200 * 0.2989)]


def test_auto_finds_the_face_only_in_large_pictures():
    small = np.random.default_rng(1).integers(0, 256, (80, 80, 3)).astype(np.uint8)
    pictures = Pictures([small, data.astronaut(), None, np.full((200, 200), 90, np.uint8)])
    crops, rows, left_out = face_crops(pictures, np.arange(4))
    assert rows.tolist() == [0, 1]
    np.testing.assert_array_equal(crops[0], whole_crop(small))
    assert left_out == {"not a readable picture": 1, "no face found": 1}


@pytest.mark.parametrize(
    ("first", "mode", "crops"),
    [
        (np.zeros((48, 48), np.uint8), "auto", True),
        (data.astronaut(), "auto", False),
        (None, "auto", False),
        (data.astronaut(), "crop", True),
        (np.zeros((48, 48), np.uint8), "detect", False),
    ],
)
def test_what_is_taken_for_a_crop(first, mode, crops):
    assert are_crops(Pictures([first]), mode) is crops
    assert are_crops(Pictures(), "auto") is True


def test_crop_takes_any_picture_and_detect_searches_any():
    noise = Pictures([np.random.default_rng(1).integers(0, 256, (300, 300)).astype(np.uint8)])
    assert len(face_crops(noise, np.arange(1), "crop")[0]) == 1
    assert len(face_crops(noise, np.arange(1), "detect")[0]) == 0


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="Expected a mode"):
        face_crops([], np.arange(0), "all")


def test_crops_of_another_size():
    photo = data.astronaut()
    crops, rows, _ = face_crops([photo, np.full((100, 100), 7, np.uint8)], np.arange(2), size=64)
    assert crops.shape == (2, 64, 64) and rows.tolist() == [0, 1]
    # The same framing: made smaller, it is the usual crop.
    usual = face_crops([photo], np.arange(1))[0][0]
    smaller = images.resize(crops[0]) - usual
    assert np.abs(smaller).mean() < 3
