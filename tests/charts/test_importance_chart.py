import numpy as np
import pytest

from engine.charts.frame import alt_text
from engine.charts.importance import importance_in_words, importance_overlay

CROP = np.arange(48 * 48, dtype=np.uint32).reshape(48, 48).astype(np.uint8)


def spot(row, column, value=0.3):
    found = np.zeros((48, 48), np.float32)
    found[row : row + 4, column : column + 4] = value
    return found


def test_the_map_lies_over_the_crop_scaled_to_its_strongest_part():
    crop, overlay, line = importance_overlay(CROP, spot(30, 20), "happy").data
    assert np.array_equal(crop.z, CROP) and (crop.zmin, crop.zmax) == (0, 255)
    assert overlay.z.max() == pytest.approx(100)
    assert (overlay.zmin, overlay.zmax) == (-100, 100), "what speaks neither way is in the middle of the colours"
    assert line.contours.start == pytest.approx(50)


def test_a_very_sure_answer_still_has_a_map_and_says_how_little_each_part_counts():
    figure = importance_overlay(CROP, spot(30, 20, 0.0002), "happy")
    assert figure.data[1].z.max() == pytest.approx(100)
    assert "hardly changes the answer" in alt_text(figure)


def test_a_map_that_only_speaks_against_has_no_line():
    figure = importance_overlay(CROP, spot(3, 3, -0.4), "happy")
    assert figure.data[1].z.min() == pytest.approx(-100) and len(figure.data) == 2
    assert "No part" in alt_text(figure)


def test_nothing_at_all_is_drawn_as_nothing():
    assert not importance_overlay(CROP, np.zeros((48, 48)), "happy").data[1].z.any()


@pytest.mark.parametrize(
    ("row", "column", "place"),
    [
        (0, 0, "upper left"),
        (22, 22, "centre"),
        (44, 44, "lower right"),
        (22, 2, "middle left"),
        (40, 22, "lower centre"),
    ],
)
def test_the_place_is_named(row, column, place):
    words = importance_in_words(spot(row, column), "sad")
    assert words.startswith(f"The {place} of the picture") and "“sad”" in words and "by 30 percentage points" in words
