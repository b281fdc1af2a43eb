"""The face mesh."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from engine.faces.find import Detection, find_faces
from engine.faces.landmarks import find_landmarks

# Read off the astronaut by eye: outer corners of the eyes, tip of the nose, corners of the mouth, chin.
PLACES = {33: (195, 101), 263: (256, 104), 1: (223, 128), 61: (200, 139), 291: (247, 141), 152: (222, 174)}


@pytest.fixture(scope="module")
def portrait():
    picture = data.astronaut()
    return picture, find_faces(picture)[0]


def test_golden_points(portrait):
    found = find_landmarks(*portrait)
    assert found.points.shape == (468, 3)
    assert found.points.dtype == np.float32
    assert found.presence > 0.99
    for index, place in PLACES.items():
        np.testing.assert_allclose(found.points[index, :2], place, atol=5)
    assert found.points[1, 2] < found.points[[33, 263], 2].min() < found.points[[234, 454], 2].max()


def test_mirrored_points_are_the_mirrored_ones(portrait):
    picture, _ = portrait
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    there = find_landmarks(*portrait).points
    back = find_landmarks(mirrored, find_faces(mirrored)[0]).points
    for right, left in ((33, 263), (61, 291), (234, 454), (1, 1), (152, 152)):
        np.testing.assert_allclose(512 - back[left, 0], there[right, 0], atol=4)
        np.testing.assert_allclose(back[left, 1], there[right, 1], atol=4)


def test_points_turn_with_the_picture(portrait):
    picture, _ = portrait
    turn = cv2.getRotationMatrix2D((224, 124), 30, 1.0)
    turned = cv2.warpAffine(picture, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    expected = find_landmarks(*portrait).points[:, :2] @ turn[:, :2].T + turn[:, 2]
    found = find_landmarks(turned, find_faces(turned)[0]).points[:, :2]
    assert np.linalg.norm(found - expected, axis=1).mean() < 3


def test_points_grow_with_the_picture(portrait):
    picture, detection = portrait
    large = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    doubled = Detection(tuple(2 * value for value in detection.box), detection.score, 2 * detection.keypoints)
    small, grown = find_landmarks(picture, detection).points, find_landmarks(large, doubled).points
    assert np.abs(grown - 2 * small).mean() < 2


def test_a_rough_box_changes_little(portrait):
    picture, detection = portrait
    x, y, width, height = detection.box
    rough = replace(detection, box=(x + 5, y - 4, width * 1.1, height * 1.1))
    moved = find_landmarks(picture, rough).points - find_landmarks(*portrait).points
    assert np.linalg.norm(moved[:, :2], axis=1).mean() < 3


def test_texture_and_nothing_have_no_presence(portrait):
    picture, detection = portrait
    texture = data.grass()[..., np.newaxis].repeat(3, axis=2)
    assert find_landmarks(texture, detection).presence < 0.1
    assert find_landmarks(np.zeros_like(picture), detection).presence < 0.1


def test_a_box_far_outside_does_no_harm(portrait):
    picture, detection = portrait
    away = replace(detection, box=(-5000.0, 9000.0, 50.0, 50.0), keypoints=detection.keypoints - 5000)
    assert np.isfinite(find_landmarks(picture, away).points).all()
