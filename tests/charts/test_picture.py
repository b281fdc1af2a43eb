import base64

import cv2
import numpy as np
import pytest

from engine.charts.picture import LEAST, LONGEST, data_url, fit_to_screen, marked_picture

GRAY = np.full((300, 400, 3), 128, np.uint8)
BLUE = (0, 114, 178)


def changed(drawn, original=GRAY):
    return (drawn != original).any(axis=2)


def test_a_box_is_drawn_and_the_rest_left_alone():
    before = GRAY.copy()
    drawn = marked_picture(GRAY, [(100, 120, 80, 90)], ["1 happy"], chosen=0)
    assert np.array_equal(GRAY, before), "the picture itself stays as it is"
    assert tuple(drawn[165, 100]) == BLUE, "the left edge of the chosen box"
    assert not changed(drawn)[140:200, 115:170].any(), "the face stays visible"
    assert not changed(drawn)[230:].any() and not changed(drawn)[:, 250:].any()


def test_a_box_that_is_not_chosen_looks_different():
    chosen, other = (marked_picture(GRAY, [(100, 120, 80, 90)], ["1"], chosen=at) for at in (0, None))
    assert tuple(other[165, 100]) == (0, 0, 0)
    assert changed(chosen).sum() > changed(other).sum(), "its line is thicker too"


@pytest.mark.parametrize(
    "box", [(0, 0, 50, 50), (-20, -10, 60, 60), (380, 280, 60, 60), (390, 0, 10, 10), (5, 5, 0, 0)]
)
def test_boxes_at_and_beyond_the_border_keep_a_caption(box):
    drawn = marked_picture(GRAY, [box], ["12 surprise"])
    assert drawn.shape == GRAY.shape and changed(drawn).sum() > 150


def test_a_narrow_box_says_only_its_number():
    narrow, wide = (marked_picture(GRAY, [(100, 100, width, 60)], ["1 surprise"]) for width in (20, 200))
    above = slice(60, 98)
    assert changed(narrow)[above].any(axis=0).sum() < 60 < changed(wide)[above].any(axis=0).sum()


def test_landmarks_are_dots():
    drawn = marked_picture(GRAY, [], [], [np.array([[50.0, 60.0, 1.0], [200.0, 100.0, 2.0]])])
    rows, columns = np.nonzero(changed(drawn))
    assert 50 in columns and 200 in columns and rows.max() <= 103 and changed(drawn).sum() < 60


def test_large_pictures_are_fitted_with_their_boxes():
    large = np.full((2000, 4000, 3), 128, np.uint8)
    small, scale = fit_to_screen(large)
    assert small.shape == (LONGEST // 2, LONGEST, 3) and scale == LONGEST / 4000
    drawn = marked_picture(small, [(2000, 1000, 400, 400)], ["1"], scale=scale)
    assert tuple(drawn[round(1200 * scale), round(2000 * scale)]) == (0, 0, 0)


def test_small_pictures_are_enlarged_to_draw_on():
    large, scale = fit_to_screen(GRAY)
    assert large.shape == (LEAST * 3 // 4, LEAST, 3) and scale == LEAST / 400
    assert (large == 128).all()


@pytest.mark.parametrize(("height", "width"), [(1, 20000), (20000, 1), (1, 1), (800, 3), (1000, 1400)])
def test_any_shape_fits(height, width):
    same = np.zeros((height, width, 3), np.uint8)
    found, scale = fit_to_screen(same)
    assert LEAST <= max(found.shape) <= LONGEST and min(found.shape[:2]) >= 1
    assert (found is same) == (scale == 1) == (LEAST <= max(height, width) <= LONGEST)


@pytest.mark.parametrize("shape", [(6, 9), (6, 9, 3), (6, 9, 4)])
def test_the_picture_is_in_the_page_itself(shape):
    picture = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    head, _, rest = data_url(picture).partition(",")
    assert head == "data:image/png;base64"
    encoded = base64.b64decode(rest)
    decoded = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_UNCHANGED)
    channels = {2: slice(None), 3: [2, 1, 0], 4: [2, 1, 0, 3]}[2 if picture.ndim == 2 else shape[2]]
    np.testing.assert_array_equal(decoded[..., channels], picture)
