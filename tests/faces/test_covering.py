"""What stands in front of a face."""

import cv2
import numpy as np
import pytest
from skimage import data

from engine import faces
from engine.errors import ModelError
from engine.faces import covering as coverings
from engine.faces.covering import HIDDEN, STILL_HIDDEN, Covering, covered_over_time, covering
from engine.faces.quality import assess, covered_check
from engine.recognition.photo import recognise


@pytest.fixture(scope="module")
def portrait():
    picture = data.astronaut()[20:230, 120:330].copy()
    (face,) = faces.analyse(picture)
    return picture, face


def hidden(portrait, region, surface):
    """Lay a surface over what the mesh says are the eyes, the mouth or the person's left half."""
    picture, face = portrait
    points = face.landmarks.points[:, :2]
    outer, inner = points[33], points[263]
    across, (x, y), (mouth_x, mouth_y) = inner[0] - outer[0], (outer + inner) / 2, points[[61, 291]].mean(axis=0)
    left, top, right, bottom = {
        "eyes": (x - 0.75 * across, y - 0.3 * across, x + 0.75 * across, y + 0.22 * across),
        "mouth": (mouth_x - 0.6 * across, mouth_y - 0.35 * across, mouth_x + 0.6 * across, mouth_y + 0.4 * across),
    }[region]
    mask = np.zeros(picture.shape[:2], bool)
    mask[round(top) : round(bottom), round(left) : round(right)] = True
    return np.where(mask[..., None], surface, picture).astype(np.uint8), face.landmarks


def surfaces(shape):
    return {
        "black": np.zeros(shape),
        "white": np.full(shape, 245),
        "blue": np.full(shape, (90, 130, 190)),
        "grass": np.repeat(data.grass()[: shape[0], : shape[1], None], 3, axis=2),
    }


def test_a_bare_face(portrait):
    picture, face = portrait
    assert covering(picture, face.landmarks.points).regions == ()
    assert face.quality.covered == ()


@pytest.mark.parametrize("surface", ["black", "white", "blue", "grass"])
@pytest.mark.parametrize("region", ["eyes", "mouth"])
def test_what_is_hidden_is_named(portrait, region, surface):
    picture, landmarks = hidden(portrait, region, surfaces(portrait[0].shape)[surface])
    assert covering(picture, landmarks.points).regions == (region,)


def test_gray_pictures_are_looked_at_as_well(portrait):
    picture, landmarks = hidden(portrait, "mouth", surfaces(portrait[0].shape)["black"])
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert covering(gray, landmarks.points).regions == ("mouth",)


def test_the_check_says_what_is_covered_and_is_no_measure_of_the_picture(portrait):
    picture, landmarks = hidden(portrait, "mouth", surfaces(portrait[0].shape)["blue"])
    quality = assess(picture, portrait[1].detection, landmarks)
    assert quality.covered == ("mouth",)
    assert [check.name for check in quality.unreadable] == ["covered"]
    assert quality.as_json()["covered"] == ["mouth"]
    assert "The mouth is covered" in quality.unreadable[0].sentence


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        (("eyes",), "The eyes are covered and what the brows and lids would show is not read"),
        (("mouth",), "The mouth is covered and what the mouth would show is not read"),
        (("eyes", "mouth"), "The eyes and the mouth are covered: no expression"),
    ],
)
def test_in_words(regions, words):
    assert covered_check(regions).sentence.startswith(words)


def test_a_covered_face_is_undecided_however_sure_the_model(portrait, monkeypatch):
    photo = cv2.imencode(".png", portrait[0][..., ::-1])[1].tobytes()
    (bare,) = recognise(photo).faces
    assert bare.answer == "happy"
    monkeypatch.setattr("engine.faces.quality.covering", lambda *_: Covering(eyes=0.1, mouth=1.0))
    (face,) = recognise(photo).faces
    assert (face.expression, face.answer) == ("happy", "undecided")


def test_over_time_what_is_somewhat_hidden_counts_only_beside_what_surely_is():
    sure, some, none = HIDDEN * 1.01, HIDDEN * (STILL_HIDDEN + 0.01), HIDDEN * (STILL_HIDDEN - 0.01)
    course = np.array([some, none, some, sure, some, some, none, some])
    np.testing.assert_array_equal(covered_over_time(course), np.repeat([[0, 0, 1, 1, 1, 1, 0, 0]], 2, 0).T)
    assert covered_over_time(np.zeros((0, 2))).shape == (0, 2)


def test_a_missing_network_is_said(monkeypatch, tmp_path, portrait):
    monkeypatch.setattr("engine.settings.WEIGHTS_FOLDER", tmp_path)
    coverings._session.cache_clear()
    with pytest.raises(ModelError, match="covering"):
        covering(portrait[0], portrait[1].landmarks.points)
    coverings._session.cache_clear()
