import numpy as np
import pytest
from skimage.feature import local_binary_pattern

from engine.features.lbp import lbp_3x3
from engine.features.lbp_grid import CELLS, PATTERNS, UNIFORM, WIDTH, grid_histograms


def crops(count=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 48, 48)).astype(np.uint8)


def test_58_codes_are_uniform_and_the_rest_share_one():
    counts = np.bincount(UNIFORM, minlength=PATTERNS)
    assert counts[:58].tolist() == [1] * 58 and counts[58] == 198
    assert UNIFORM[[0, 1, 2, 3, 4, 5]].tolist() == [0, 1, 2, 3, 4, 58] and UNIFORM[255] == 57


def test_circular_plane_agrees_with_scikit_image():
    (gray,) = crops(1)
    theirs = local_binary_pattern(gray, 8, 2, method="nri_uniform")[8:16, 40:48]
    ours = grid_histograms(gray[None])[0, WIDTH // 2 :].reshape(CELLS, CELLS, PATTERNS)[1, 5] ** 2
    # scikit-image numbers the uniform patterns in another order.
    expected = np.bincount(theirs.astype(int).ravel(), minlength=PATTERNS) / 64
    assert ours[58] == pytest.approx(expected[58])
    np.testing.assert_allclose(np.sort(ours[:58]), np.sort(expected[:58]), atol=1e-6)


def test_a_cell_counts_its_own_pixels():
    pictures = crops()
    found = grid_histograms(pictures).reshape(3, 2, CELLS, CELLS, PATTERNS)
    cell = UNIFORM[lbp_3x3(pictures)][2, 16:24, 0:8]
    np.testing.assert_allclose(
        found[2, 0, 2, 0], np.sqrt(np.bincount(cell.ravel(), minlength=PATTERNS) / 64), atol=1e-6
    )
    np.testing.assert_allclose((found**2).sum(axis=-1), 1, atol=1e-5)
    assert found.dtype == np.float32


def test_a_size_that_the_grid_does_not_divide():
    found = grid_histograms(np.random.default_rng(1).integers(0, 256, (2, 20, 31)).astype(np.uint8))
    np.testing.assert_allclose((found.reshape(2, -1, PATTERNS) ** 2).sum(axis=-1), 1, atol=1e-5)


def test_no_picture_is_no_row():
    assert grid_histograms(crops(0)).shape == (0, WIDTH)
