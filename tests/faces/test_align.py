"""Alignment to the framing of FER2013."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import faces
from engine.faces.align import ANCHORS, FRAMING, align, crop_transform, similarity
from engine.faces.sampling import transform_points

SHARED = Path(__file__).parents[3] / "shared" / "data" / "fer2013.npz"


def framed_points():
    points = np.zeros((468, 3), np.float32)
    points[ANCHORS, :2] = FRAMING
    return points


def test_framing_is_symmetric_and_upright():
    pairs = {33: 263, 133: 362, 70: 300, 61: 291, 234: 454}
    places = dict(zip(ANCHORS.tolist(), FRAMING.tolist(), strict=True))
    for right, left in pairs.items():
        assert places[right][0] + places[left][0] == pytest.approx(48)
        assert places[right][1] == places[left][1]
    assert [places[point][0] for point in (168, 1, 2)] == [24, 24, 24]


def test_a_crop_in_its_own_framing_stays_as_it_is():
    gray = cv2.GaussianBlur(np.random.default_rng(0).uniform(0, 255, (48, 48)).astype(np.float32), (0, 0), 1)
    # Not exactly: drawn twice as fine and averaged, a linear slope stays and a peak loses a little.
    assert np.abs(align(gray, framed_points()) - gray).mean() < 2.5
    np.testing.assert_allclose(crop_transform(framed_points()), [[1, 0, 0], [0, 1, 0]], atol=1e-5)


@given(st.floats(0.3, 12), st.floats(-3.1, 3.1), st.floats(-300, 300), st.floats(-300, 300))
def test_any_turn_size_and_place_is_undone(scale, angle, x, y):
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = framed_points().astype(float)
    points[:, :2] = points[:, :2] @ turn.T + [x, y]
    transform = crop_transform(points)
    np.testing.assert_allclose(transform_points(transform, FRAMING), points[ANCHORS, :2], atol=1e-6 * (1 + scale * 48))


def test_similarity_is_the_least_squares_one():
    random = np.random.default_rng(3)
    source, target = random.normal(size=(9, 2)), random.normal(size=(9, 2))
    # The same by a linear solver: unknowns a, b, x, y of (a -b; b a) p + (x, y).
    rows = np.concatenate([[[x, -y, 1, 0], [y, x, 0, 1]] for x, y in source])
    a, b, x, y = np.linalg.lstsq(rows, target.ravel(), rcond=None)[0]
    np.testing.assert_allclose(similarity(source, target), [[a, -b, x], [b, a, y]], atol=1e-12)


def test_size_only_scales():
    points = framed_points() * 4 + np.float32(20)
    gray = cv2.GaussianBlur(np.random.default_rng(0).uniform(0, 255, (240, 240)).astype(np.float32), (0, 0), 6)
    halved = cv2.resize(align(gray, points, 96), (48, 48), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(align(gray, points), halved, atol=1.5)


def test_beyond_the_border_its_pixels_go_on():
    points = framed_points() * 2
    points[:, 0] -= 48  # the left half lies outside
    gray = np.tile(np.linspace(50, 200, 96, dtype=np.float32)[:, np.newaxis], (1, 48))
    crop = align(gray, points)
    np.testing.assert_allclose(crop, np.tile(crop[:, -1:], (1, 48)), atol=1e-3)
    assert 50 <= crop.min() < crop.max() <= 200


def test_bytes_and_floats_give_the_same():
    gray = np.random.default_rng(0).integers(0, 256, (60, 60), dtype=np.uint8)
    np.testing.assert_array_equal(align(gray, framed_points()), align(gray.astype(np.float32), framed_points()))


@pytest.mark.parametrize(
    ("gray", "points"),
    [
        (np.zeros((9, 9, 3)), framed_points()),
        (np.zeros((0, 9)), framed_points()),
        (np.zeros((9, 9)), framed_points()[:10]),
        (np.zeros((9, 9)), np.zeros((468, 3))),
    ],
)
def test_what_cannot_be_aligned_is_refused(gray, points):
    with pytest.raises(ValueError, match="Expected"):
        align(gray, points)


@pytest.mark.skipif(not SHARED.exists(), reason="needs FER2013 beside the repository")
def test_framing_measured_again():
    with np.load(SHARED, allow_pickle=False) as data:
        pictures = data["x"][data["split"] == "Training"]
    random = np.random.default_rng(1)
    places = []
    for picture in pictures[random.choice(len(pictures), 200, replace=False)]:
        frame = np.full((320, 320), 128, np.uint8)
        frame[64:256, 64:256] = cv2.resize(picture, (192, 192), interpolation=cv2.INTER_CUBIC)
        found = faces.analyse(np.repeat(frame[..., np.newaxis], 3, axis=2))
        if found:
            places.append((found[0].landmarks.points[ANCHORS, :2] - 64) / 4)
    assert len(places) >= 0.94 * 200
    # Standard error of a median of 200 with a spread of 5 pixels: 0.45.
    assert np.abs(np.median(places, axis=0) - FRAMING).max() < 1.5
