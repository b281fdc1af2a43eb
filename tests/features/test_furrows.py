import numpy as np
import pytest

from engine.features.action_units import model
from engine.features.face_shape import mirrored
from engine.features.furrows import MEASURES, Furrows, cell_names

NEUTRAL = model().neutral.astype(float)
POINTS = NEUTRAL[:, :2] * 0.56 + (64, 58)  # a face that looks ahead, as large as in the aligned picture
READ = Furrows(mirrored(NEUTRAL))
GRAY = np.full((128, 128), 128, np.uint8)


def cells(gray, patch):
    return READ(gray, POINTS)[:, [name == patch for name in cell_names()]]


def stripes(x, y, period=4):
    return (128 + 60 * np.sin(2 * np.pi * (x + y) / period)).astype(np.uint8)


def test_shape_and_an_even_face_without_edges():
    read = READ(GRAY, POINTS)
    assert read.shape == (2, len(cell_names()), len(MEASURES)) and read.dtype == np.float32
    assert np.abs(read).max() < 1e-6


@pytest.mark.parametrize(
    ("direction", "strongest"), [((1, 0), ("upright", "upright")), ((0, 1), ("level", "level")),
                                 ((1, 1), ("falling", "rising")), ((-1, 1), ("rising", "falling"))]
)  # fmt: skip
def test_a_line_is_told_by_how_it_runs_away_from_the_middle(direction, strongest):
    y, x = np.mgrid[:128, :128].astype(float)
    # Stripes along (1, 1) change from the upper left to the lower right, so each line rises to the right.
    gray = stripes(direction[0] * x, direction[1] * y, 8)
    told = cells(gray, "fold of the cheek")[..., :4].mean(axis=1)
    assert tuple(MEASURES[row.argmax()] for row in told) == strongest


def test_a_mirror_image_swaps_the_halves():
    rng = np.random.default_rng(0)
    gray = rng.integers(0, 255, (128, 128)).astype(np.uint8)
    other = mirrored(NEUTRAL)
    swapped = POINTS[other] * (-1, 1) + (128, 0)
    straight, turned = READ(gray, POINTS), READ(gray[:, ::-1], swapped)
    assert np.median(np.abs(turned[::-1] - straight)) < 0.02


def test_brightness_does_not_change_what_is_told_much():
    rng = np.random.default_rng(1)
    gray = rng.integers(60, 120, (128, 128)).astype(np.uint8)
    assert np.abs(READ((1.8 * gray).astype(np.uint8), POINTS) - READ(gray, POINTS)).max() < 0.15


def test_points_beyond_the_border_are_read_at_it():
    read = READ(GRAY, POINTS + 500)
    assert np.isfinite(read).all()
