"""Quality: each check fails for its own reason only."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from engine import faces
from engine.faces.landmarks import head_pose
from engine.faces.quality import assess, cut_share


@pytest.fixture(scope="module")
def portrait():
    picture = data.astronaut()
    return picture, faces.analyse(picture)[0]


def failed(quality):
    return [check.name for check in quality.checks]


def test_a_good_portrait_passes(portrait):
    quality = portrait[1].quality
    assert quality.checks == ()
    assert quality.size_px == pytest.approx(100, abs=6)
    assert 0.5 < quality.sharpness < 1
    assert quality.brightness == pytest.approx(155, abs=8)
    assert quality.contrast == pytest.approx(52, abs=6)
    assert abs(quality.yaw_deg) < 6
    assert abs(quality.pitch_deg) < 8
    assert quality.roll_deg == pytest.approx(3, abs=3)
    assert quality.cut_share < 0.01


def test_gray_and_colour_and_the_given_crop_agree(portrait):
    picture, face = portrait
    for same in (
        assess(picture, face.detection, face.landmarks),
        assess(faces.to_gray(picture), face.detection, face.landmarks),
    ):
        assert same.sharpness == pytest.approx(face.quality.sharpness, abs=1e-4)
        assert same.brightness == pytest.approx(face.quality.brightness, abs=1e-2)


def changed(portrait, change):
    picture, face = portrait
    return assess(change(picture), face.detection, face.landmarks)


def test_blur(portrait):
    assert failed(changed(portrait, lambda p: cv2.GaussianBlur(p, (0, 0), 5))) == ["blurred"]


def test_dark(portrait):
    quality = changed(portrait, lambda p: (p * 0.2).astype(np.uint8))
    assert failed(quality) == ["dark"]
    assert "light" in quality.checks[0].sentence


def test_bright(portrait):
    assert failed(changed(portrait, lambda p: np.clip(p * 0.6 + 140, 0, 255).astype(np.uint8))) == ["bright"]


def test_flat(portrait):
    assert "flat" in failed(changed(portrait, lambda p: (p * 0.08 + 110).astype(np.uint8)))


def test_one_gray_everywhere_divides_by_nothing(portrait):
    quality = changed(portrait, lambda p: np.full_like(p, 128))
    assert failed(quality) == ["blurred", "flat", "covered"]  # eyes and mouth are not to be seen either
    assert quality.sharpness == 0


def test_small():
    picture = cv2.resize(data.astronaut(), None, fx=0.32, fy=0.32, interpolation=cv2.INTER_AREA)
    quality = faces.analyse(picture)[0].quality
    assert "small" in failed(quality)
    assert (
        f"{quality.size_px:.0f} pixels wide; from about 40 on the answer can be trusted. " in quality.checks[0].sentence
    )


def test_cut():
    picture = data.astronaut()[:, :245]
    quality = faces.analyse(picture)[0].quality
    assert "cut" in failed(quality)
    assert 0.15 < quality.cut_share < 0.45


@pytest.mark.parametrize(
    ("axis", "degrees", "name", "word"),
    [
        ("y", 50, "turned", "aside by"),
        ("y", -50, "turned", "aside by"),
        ("x", 40, "nodded", "looks"),
        ("z", 60, "tilted", "tilted by"),
    ],
)
def test_turned_points(portrait, axis, degrees, name, word):
    picture, face = portrait
    points = face.landmarks.points.astype(float)
    centre = points.mean(axis=0)
    angle = np.radians(degrees)
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    moved = points - centre
    turned = moved.copy()
    turned[:, first] = np.cos(angle) * moved[:, first] - np.sin(angle) * moved[:, second]
    turned[:, second] = np.sin(angle) * moved[:, first] + np.cos(angle) * moved[:, second]
    landmarks = replace(face.landmarks, points=(turned + centre).astype(np.float32))
    quality = assess(picture, face.detection, landmarks)
    assert name in failed(quality)
    check = next(check for check in quality.checks if check.name == name)
    assert word in check.sentence
    assert f"by {max(abs(value) for value in head_pose(landmarks.points)):.0f} degrees" in check.sentence


def test_every_sentence_names_a_remedy(portrait):
    picture, face = portrait
    worst = replace(face.detection, box=(0.0, 0.0, 12.0, 12.0))
    for check in assess(np.full_like(picture, 250), worst, face.landmarks).checks:
        assert check.sentence.count(". ") == 1
        assert check.sentence.endswith(".")


def test_cut_share_by_hand():
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10], [5, 5]], float)
    assert cut_share(square, 100, 100) == 0
    assert cut_share(square, 5, 100) == pytest.approx(0.5)
    assert cut_share(square - [7.5, 0], 100, 100) == pytest.approx(0.75)
    assert cut_share(square + 200, 100, 100) == 1
    assert cut_share(np.zeros((468, 3)), 100, 100) == 0


def test_as_json_is_plain(portrait):
    values = json.loads(json.dumps(portrait[1].quality.as_json()))
    assert values["checks"] == values["covered"] == []
    assert set(values) == {
        "size_px", "sharpness", "brightness", "contrast", "yaw_deg", "pitch_deg", "roll_deg", "cut_share", "checks",
        "covered",
    }  # fmt: skip
