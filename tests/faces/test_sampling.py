"""Cutting squares out of pictures."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.faces.sampling import BLACK, REPLICATE, invert_transform, square_transform, transform_points, warp_square


@pytest.fixture
def picture():
    return np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def test_a_square_as_it_lies_is_copied(picture):
    transform = square_transform(np.array([25, 20]), 16, 0.0, 16)
    np.testing.assert_array_equal(warp_square(picture, transform, 16, BLACK), picture[12:28, 17:33])


def test_quarter_turns_are_exact(picture):
    transform = square_transform(np.array([25, 20]), 16, np.pi / 2, 16)
    np.testing.assert_array_equal(warp_square(picture, transform, 16, BLACK), np.rot90(picture[12:28, 17:33]))


def test_shrinking_averages(picture):
    gray = cv2.GaussianBlur(picture[..., 0].astype(np.float32), (0, 0), 2)
    transform = square_transform(np.array([20, 20]), 40, 0.0, 10)
    expected = gray[:, :40].reshape(10, 4, 10, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(
        warp_square(gray, transform, 10, REPLICATE, 2)[1:-1, 1:-1], expected[1:-1, 1:-1], atol=2.0
    )


def test_fine_texture_fades_instead_of_aliasing():
    board = (np.indices((400, 400)).sum(axis=0) % 2 * 255).astype(np.float32)
    small = warp_square(board, square_transform(np.array([201.3, 199.1]), 333.0, 0.3, 48), 48, REPLICATE, 2)
    assert small.std() < 3
    assert abs(small.mean() - 127.5) < 1


def test_what_lies_outside():
    white = np.full((10, 10), 255, np.float32)
    transform = square_transform(np.array([0, 5]), 10, 0.0, 10)
    assert warp_square(white, transform, 10, REPLICATE).min() == 255
    np.testing.assert_array_equal(warp_square(white, transform, 10, BLACK)[:, :4], 0)
    far = square_transform(np.array([-500, 900]), 20, 0.4, 8)
    assert warp_square(white, far, 8, BLACK).shape == (8, 8)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.5, 400), st.floats(-np.pi, np.pi), st.integers(1, 200))
def test_the_way_back_is_the_inverse(x, y, side, angle, size):
    transform = square_transform(np.array([x, y]), side, angle, size)
    points = np.array([[0, 0], [size, 0], [size / 2, size / 2]], float)
    np.testing.assert_allclose(transform_points(transform, points)[2], [x, y], atol=1e-6)
    assert np.isclose(np.linalg.norm(np.diff(transform_points(transform, points[:2]), axis=0)), side)
    np.testing.assert_allclose(
        transform_points(invert_transform(transform), transform_points(transform, points)), points, atol=1e-5
    )
