"""Local binary patterns against literal matrices, a plain Python reading of the definition, and scikit-image."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage import data
from skimage.feature import local_binary_pattern

from engine.features.lbp import histogram, lbp_3x3, lbp_circular

# A small picture with a flat corner, a ridge, a valley and single peaks.
PICTURE = np.array(
    [
        [10, 10, 10, 40, 50, 60],
        [10, 10, 10, 40, 90, 60],
        [10, 10, 12, 40, 50, 60],
        [80, 80, 80, 80, 80, 80],
        [30, 20, 10, 0, 255, 30],
        [30, 20, 10, 5, 10, 30],
    ],
    np.uint8,
)

CLOCKWISE = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))


def plain_3x3(gray):
    """Equations 4 and 5, pixel by pixel."""
    height, width = gray.shape
    codes = np.zeros((height, width), np.uint8)
    for row in range(height):
        for column in range(width):
            for bit, (down, right) in enumerate(CLOCKWISE):
                neighbour_row = min(max(row + down, 0), height - 1)
                neighbour_column = min(max(column + right, 0), width - 1)
                if gray[neighbour_row, neighbour_column] > gray[row, column]:
                    codes[row, column] |= 1 << bit
    return codes


def plain_circular(gray, points, radius, method):
    """The circular definition, pixel by pixel, with zero beyond the border."""
    height, width = gray.shape

    def pixel(row, column):
        return float(gray[row, column]) if 0 <= row < height and 0 <= column < width else 0.0

    labels = np.zeros((height, width), np.int64)
    for row in range(height):
        for column in range(width):
            bits = []
            for point in range(points):
                angle = 2 * math.pi * point / points
                y = row + round(-radius * math.sin(angle), 5)
                x = column + round(radius * math.cos(angle), 5)
                top, left = math.floor(y), math.floor(x)
                down, right = y - top, x - left
                upper = (1 - right) * pixel(top, left) + right * pixel(top, left + 1)
                lower = (1 - right) * pixel(top + 1, left) + right * pixel(top + 1, left + 1)
                bits.append((1 - down) * upper + down * lower >= gray[row, column])
            changes = sum(one != other for one, other in pairwise(bits))
            if method == "default":
                labels[row, column] = sum(bit << point for point, bit in enumerate(bits))
            else:
                labels[row, column] = sum(bits) if changes <= 2 else points + 1
    return labels


def test_3x3_gives_these_codes():
    expected = [
        [0, 0, 28, 28, 60, 64],
        [0, 16, 60, 28, 0, 128],
        [112, 120, 124, 124, 126, 113],
        [0, 0, 0, 16, 32, 64],
        [7, 199, 199, 255, 0, 135],
        [0, 193, 193, 221, 30, 1],
    ]
    # By hand: at (1, 4) a peak, 0; at (1, 1) only the bottom right is greater, 16; at (4, 3) the pit, 255; at (5, 5),
    # in the corner, only 255 at the top left, 1; at (4, 0) the row above and its repeated edge, 1 + 2 + 4.
    np.testing.assert_array_equal(lbp_3x3(PICTURE), np.array(expected, np.uint8))


def test_3x3_bit_of_each_neighbour():
    for bit, (down, right) in enumerate(CLOCKWISE):
        gray = np.zeros((3, 3), np.uint8)
        gray[1 + down, 1 + right] = 1
        assert lbp_3x3(gray)[1, 1] == 1 << bit


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_3x3_is_the_definition(draw):
    shape = draw.draw(array_shapes(min_dims=2, max_dims=2, max_side=9))
    gray = draw.draw(arrays(np.uint8, shape, elements=st.integers(0, 5)))
    np.testing.assert_array_equal(lbp_3x3(gray), plain_3x3(gray))


def test_3x3_of_a_wide_picture_is_the_definition():
    gray = np.random.default_rng(0).integers(0, 9, (11, 157), np.uint8)
    np.testing.assert_array_equal(lbp_3x3(gray), plain_3x3(gray))


@settings(max_examples=50, deadline=None)
@given(arrays(np.uint8, (7, 9)), st.lists(st.integers(1, 1000), min_size=256, max_size=256))
def test_3x3_ignores_any_strictly_rising_change_of_gray(gray, steps):
    changed = np.cumsum(steps).astype(np.float32)[gray]
    np.testing.assert_array_equal(lbp_3x3(changed), lbp_3x3(gray))


@pytest.mark.parametrize("value", [0, 7, 255])
def test_3x3_of_a_constant_picture_is_zero(value):
    assert not lbp_3x3(np.full((12, 40), value, np.uint8)).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_both_forms_of_a_float_picture(dtype):
    gray = data.camera()[:40, :60]
    np.testing.assert_array_equal(lbp_3x3(gray.astype(dtype)), lbp_3x3(gray))
    np.testing.assert_array_equal(lbp_circular(gray.astype(dtype)), lbp_circular(gray))


def test_both_forms_of_a_batch_and_of_a_strided_view():
    batch = np.random.default_rng(1).integers(0, 256, (3, 20, 31), np.uint8)
    every_other = batch[:, ::2, ::-1]
    for form in (lbp_3x3, lbp_circular):
        np.testing.assert_array_equal(form(batch), np.stack([form(gray) for gray in batch]))
        np.testing.assert_array_equal(form(every_other), form(np.ascontiguousarray(every_other)))


def test_circular_gives_these_codes():
    expected = [
        [193, 241, 241, 193, 225, 96],
        [199, 255, 255, 199, 0, 124],
        [231, 255, 227, 231, 239, 108],
        [1, 17, 17, 145, 209, 48],
        [70, 126, 126, 255, 0, 124],
        [4, 28, 28, 27, 15, 12],
    ]
    np.testing.assert_array_equal(lbp_circular(PICTURE), np.array(expected, np.uint8))


def test_uniform_gives_these_labels():
    expected = [
        [3, 5, 5, 3, 4, 2],
        [5, 8, 8, 5, 0, 5],
        [6, 8, 5, 6, 7, 9],
        [1, 9, 9, 9, 9, 2],
        [9, 6, 6, 8, 0, 5],
        [1, 3, 3, 9, 4, 2],
    ]
    np.testing.assert_array_equal(lbp_circular(PICTURE, method="uniform"), np.array(expected, np.uint8))


@settings(max_examples=80, deadline=None)
@given(
    arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.integers(0, 9)),
    st.integers(1, 12),
    st.sampled_from([0.5, 1.0, 1.5, 2.0, 2.75]),  # exact as float32, as which the radius is taken
    st.sampled_from(["default", "uniform"]),
)
def test_circular_is_the_definition(gray, points, radius, method):
    np.testing.assert_array_equal(
        lbp_circular(gray, points, radius, method), plain_circular(gray, points, radius, method)
    )


@pytest.mark.parametrize("method", ["default", "uniform"])
@pytest.mark.parametrize(("points", "radius"), [(8, 1), (8, 2), (16, 2), (24, 3), (4, 1), (12, 1.7), (7, 1.3)])
@pytest.mark.parametrize(
    "gray",
    [
        pytest.param(data.camera()[100:300, 150:420], id="camera"),
        pytest.param(np.random.default_rng(2).integers(0, 256, (90, 200), np.uint8), id="random"),
        pytest.param(np.random.default_rng(3).integers(0, 3, (90, 200), np.uint8), id="many ties"),
        pytest.param(np.full((150, 300), 77, np.uint8), id="flat"),
    ],
)
def test_circular_equals_scikit_image(gray, points, radius, method):
    np.testing.assert_array_equal(
        lbp_circular(gray, points, radius, method), local_binary_pattern(gray, points, radius, method)
    )


@pytest.mark.parametrize(
    ("points", "method", "dtype"),
    [
        (8, "default", np.uint8),
        (9, "default", np.uint16),
        (16, "default", np.uint16),
        (17, "default", np.uint32),
        (32, "default", np.uint32),
        (32, "uniform", np.uint8),
    ],
)
def test_circular_takes_the_smallest_type_that_holds_its_codes(points, method, dtype):
    black = lbp_circular(np.zeros((3, 3), np.uint8), points, 1.0, method)
    assert black.dtype == dtype
    assert (black == (points if method == "uniform" else 2**points - 1)).all()


def test_histogram_gives_these_shares():
    codes = np.array([[0, 1, 1], [3, 1, 0]], np.uint8)
    np.testing.assert_allclose(histogram(codes, bins=4), [2 / 6, 3 / 6, 0, 1 / 6], rtol=0, atol=1e-15)
    assert histogram(codes).shape == (256,)


@settings(max_examples=50, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=3, max_side=12)))
def test_histogram_sums_to_one_for_every_picture(gray):
    shares = histogram(lbp_3x3(gray))
    assert shares.shape == (*gray.shape[:-2], 256)
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=-1), 1, atol=1e-12)


def test_histogram_of_wide_codes():
    codes = lbp_circular(data.camera()[:50, :50], points=10)
    expected = np.bincount(codes.ravel(), minlength=1024) / codes.size
    np.testing.assert_allclose(histogram(codes, bins=1024), expected, atol=1e-15)


@pytest.mark.parametrize("form", [lbp_3x3, lbp_circular])
@pytest.mark.parametrize(
    ("gray", "error", "message"),
    [
        ([[1, 2], [3, 4]], TypeError, "Expected an array of uint8.* Received list"),
        (np.zeros((4, 4), np.int64), TypeError, "Received int64"),
        (np.zeros(4, np.uint8), ValueError, r"Expected shape .* Received \(4,\)"),
        (np.zeros((1, 4, 4, 3), np.uint8), ValueError, r"Received \(1, 4, 4, 3\)"),
        (np.zeros((0, 4), np.uint8), ValueError, r"at least one pixel\. Received \(0, 4\)"),
        (np.array([[1.0, np.nan]]), ValueError, "Expected finite values"),
        (np.array([[np.inf, 1]], np.float32), ValueError, "Expected finite values"),
    ],
)
def test_bad_pictures_are_refused(form, gray, error, message):
    with pytest.raises(error, match=message):
        form(gray)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"points": 0}, ValueError, "Expected 1 to 32 points. Received 0"),
        ({"points": 33}, ValueError, "Received 33"),
        ({"points": 8.0}, TypeError, "Expected an integer number of points. Received 8.0"),
        ({"points": True}, TypeError, "Received True"),
        ({"radius": 0}, ValueError, "Expected a radius above 0 and at most 64 pixels. Received 0"),
        ({"radius": -1.0}, ValueError, "Received -1.0"),
        ({"radius": float("nan")}, ValueError, "Received nan"),
        ({"radius": 65}, ValueError, "Received 65"),
        ({"method": "ror"}, ValueError, "Expected the method 'default' or 'uniform'. Received 'ror'"),
    ],
)
def test_bad_circles_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        lbp_circular(PICTURE, **arguments)


@pytest.mark.parametrize("radius", [1e-7, 64.0])
def test_circles_at_the_limits_stay_inside_their_memory(radius):
    np.testing.assert_array_equal(lbp_circular(PICTURE, 8, radius), local_binary_pattern(PICTURE, 8, radius))


@pytest.mark.parametrize(
    ("codes", "bins", "error", "message"),
    [
        (np.zeros((2, 2), np.int64), 256, TypeError, "Expected an array of unsigned integers. Received int64"),
        (np.full((2, 2), 9, np.uint8), 9, ValueError, "Expected codes below 9, the number of bins. Received 9"),
        (np.zeros((2, 0), np.uint8), 256, ValueError, "at least one pixel"),
    ],
)
def test_bad_codes_are_refused(codes, bins, error, message):
    with pytest.raises(error, match=message):
        histogram(codes, bins)
