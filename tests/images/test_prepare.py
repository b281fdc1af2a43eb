"""Gray, size and scale: the paper's numbers, closed forms, and properties that any picture must keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.images import resize, round_gray, scale, to_gray

gray_pictures = arrays(np.uint8, st.tuples(st.integers(1, 70), st.integers(1, 70)))


@pytest.mark.parametrize(
    ("colour", "gray"),
    [
        ((0, 0, 0), 0.0),
        ((255, 0, 0), 76.2195),
        ((0, 255, 0), 149.685),
        ((0, 0, 255), 29.07),
        ((255, 255, 255), 254.9745),
        ((10, 100, 200), 84.489),
    ],
)
def test_gray_golden(colour, gray):
    result = to_gray(np.array([[colour]], np.uint8))
    assert result.dtype == np.float32
    assert result.shape == (1, 1)
    assert result[0, 0] == pytest.approx(gray, abs=1e-4)


@given(arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.just(3))))
def test_gray_is_the_weighted_sum(rgb):
    expected = rgb.astype(float) @ [0.2989, 0.5870, 0.1140]
    np.testing.assert_allclose(to_gray(rgb), expected, atol=1e-3)
    np.testing.assert_array_equal(to_gray(rgb.astype(np.float64)), to_gray(rgb))


def test_gray_of_a_view_that_is_not_contiguous():
    rgb = np.random.default_rng(0).integers(0, 256, (8, 9, 3), np.uint8)
    np.testing.assert_array_equal(to_gray(rgb[::-1, ::2]), to_gray(rgb)[::-1, ::2])


def test_resize_by_a_whole_factor_is_the_mean_of_each_block():
    gray = np.random.default_rng(0).integers(0, 256, (96, 144), np.uint8)
    expected = gray.reshape(48, 2, 48, 3).mean(axis=(1, 3))
    resized = resize(gray)
    assert resized.dtype == np.float32
    np.testing.assert_allclose(resized, expected, atol=1e-3)


def test_resize_golden():
    # Three pixels on two: each new one covers one and a half old ones.
    np.testing.assert_allclose(resize(np.array([[0, 30, 90]] * 3, np.uint8), 2), [[10, 70]] * 2, atol=1e-4)
    # Two on four, linearly between the centres.
    np.testing.assert_allclose(resize(np.array([[0, 80]] * 2, np.uint8), 4), [[0, 20, 60, 80]] * 4, atol=1e-4)


def test_resize_fades_fine_texture_instead_of_inventing_a_coarse_one():
    stripes = np.tile(np.array([0, 255], np.uint8), (100, 50))
    resized = resize(stripes, 7)
    assert resized.std() < 255 * 0.05


def test_resize_at_the_same_size_changes_nothing():
    gray = np.random.default_rng(0).integers(0, 256, (48, 48), np.uint8)
    np.testing.assert_array_equal(resize(gray), gray)


@given(gray_pictures, st.integers(1, 60))
def test_resize_keeps_range_and_turns_with_the_picture(gray, size):
    resized = resize(gray, size)
    assert resized.shape == (size, size)
    assert gray.min() - 1e-3 <= resized.min() and resized.max() <= gray.max() + 1e-3
    np.testing.assert_allclose(resize(gray.T, size), resized.T, atol=0.05)
    np.testing.assert_allclose(resize(gray[::-1, ::-1], size), resized[::-1, ::-1], atol=0.05)


@given(gray_pictures)
def test_shrinking_keeps_the_mean(gray):
    size = min(gray.shape)
    assert resize(gray, size).mean() == pytest.approx(gray.mean(), abs=0.05)


@given(gray_pictures)
def test_scale_is_division_by_255(gray):
    scaled = scale(gray)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, gray / 255, atol=1e-7)
    np.testing.assert_array_equal(np.rint(scaled * 255), gray)


def test_the_three_equations_in_a_row_stay_within_0_and_1():
    white = np.full((480, 640, 3), 255, np.uint8)
    prepared = scale(resize(to_gray(white)))
    assert prepared.shape == (48, 48)
    np.testing.assert_allclose(prepared, 0.9999, atol=1e-5)


@pytest.mark.parametrize("function", [resize, scale])
@pytest.mark.parametrize(
    ("gray", "words"),
    [
        (np.zeros((4, 4, 3), np.uint8), r"Expected a gray picture of shape \(H, W\), received shape \(4, 4, 3\)"),
        (np.zeros((0, 4), np.uint8), r"received shape \(0, 4\)"),
        (np.zeros((4, 4), np.int64), "Expected gray of type uint8 or float, received int64"),
        (np.full((4, 4), 255.5), "values in 0 to 255, received 255.5 to 255.5"),
        (np.full((4, 4), -1.0), "values in 0 to 255, received -1.0"),
        (np.full((4, 4), np.nan), "values in 0 to 255, received nan"),
    ],
)
def test_gray_functions_check_their_input(function, gray, words):
    with pytest.raises(ValueError, match=words):
        function(gray)


@pytest.mark.parametrize("size", [0, -3, 4.5, "48", None])
def test_resize_checks_its_size(size):
    with pytest.raises(ValueError, match="Expected a size of at least 1 pixel, received"):
        resize(np.zeros((4, 4), np.uint8), size)


@pytest.mark.parametrize(
    ("rgb", "words"),
    [
        (np.zeros((4, 4), np.uint8), r"Expected an RGB picture of shape \(H, W, 3\), received shape \(4, 4\)"),
        (np.zeros((4, 4, 4), np.uint8), r"received shape \(4, 4, 4\)"),
        (np.zeros((4, 0, 3), np.uint8), r"received shape \(4, 0, 3\)"),
        (np.zeros((4, 4, 3), np.uint16), "Expected rgb of type uint8 or float, received uint16"),
        (np.full((4, 4, 3), 300.0), "values in 0 to 255, received 300.0"),
    ],
)
def test_gray_checks_its_input(rgb, words):
    with pytest.raises(ValueError, match=words):
        to_gray(rgb)


def test_gray_is_rounded_not_cut():
    assert round_gray(np.array([[-1.0, 0.6], [254.5001, 300]])).tolist() == [[0, 1], [255, 255]]
