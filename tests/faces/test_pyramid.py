"""Levels and tiles."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.faces import pyramid
from engine.faces.blazeface import Candidates
from engine.faces.pyramid import FINEST, STEP, canvas_shape, coarsest, levels, resize_to_scale, tile_starts


def test_levels_of_known_sizes():
    np.testing.assert_allclose(levels(coarsest(480, 640)), [0.5, 0.2])
    np.testing.assert_allclose(levels(coarsest(48, 48)), [2.0])
    assert len(levels(coarsest(3000, 4000))) == 3


@given(st.integers(1, 12000), st.integers(1, 12000))
def test_levels_leave_no_gap(height, width):
    scales = levels(coarsest(height, width))
    assert scales[-1] == coarsest(height, width)
    assert max(height, width) * scales[-1] <= 128.0001
    assert all(finer <= STEP * coarser * 1.0001 for finer, coarser in pairwise(scales))
    assert scales[0] >= 0.8 * FINEST


@given(st.integers(1, 5000), st.integers(32, 640), st.integers(0, 31))
def test_tiles_cover_a_side_and_overlap(length, tile, overlap):
    starts = tile_starts(length, tile, overlap)
    if length <= tile:
        assert starts == [(length - tile) // 2]
    else:
        assert starts[0] == 0
        assert starts[-1] == length - tile
        assert max(np.diff(starts)) <= tile - overlap + 1


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_canvases_suit_the_network(height, width):
    rows, columns = canvas_shape(height, width)
    assert rows % 16 == 0
    assert columns % 16 == 0
    assert max(rows, columns) <= 640
    assert min(rows, columns) <= 480
    assert (rows >= height or rows >= 480) and (columns >= width or columns >= 480)


def test_resized_keeps_at_least_one_pixel():
    picture = np.full((2, 900, 3), 7, np.uint8)
    assert resize_to_scale(picture, picture.shape, 0.1).shape == (1, 90, 3)
    assert resize_to_scale(picture, picture.shape, 1.0) is picture


@pytest.mark.parametrize(("height", "width"), [(1800, 2400), (2700, 3600), (2400, 3600), (3000, 4000)])
def test_a_face_too_large_for_a_level_lies_whole_in_one_of_its_tiles(monkeypatch, height, width):
    seen = []

    def note(picture, overlap, threshold):
        seen.append((picture.shape[:2], overlap))
        return Candidates.concatenate([]), 1

    monkeypatch.setattr(pyramid, "detect_tiled", note)
    pyramid.detect_multiscale(np.zeros((height, width, 3), np.uint8))
    seen.sort(reverse=True)  # levels are read side by side
    scales = levels(coarsest(height, width))
    assert len(seen) == len(scales) > 1
    for ((rows, columns), overlap), scale, coarser in zip(seen, scales, [*scales[1:], scales[-1]], strict=True):
        # As wide as a face that the next level sees with 28 pixels; wherever it starts, the tiles that begin before it
        # reach to its end.
        face = pyramid.WHOLE_FACE_PX * scale / coarser
        for length, tile in zip((rows, columns), canvas_shape(rows, columns), strict=True):
            starts = tile_starts(length, tile, overlap)
            assert len(starts) == 1 or max(np.diff(starts)) <= tile - face + 2
            assert overlap <= face + 1, "no more is read twice than it takes"
