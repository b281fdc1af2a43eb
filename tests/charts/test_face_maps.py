import numpy as np
import pytest

from engine.charts.face_maps import (
    flow_arrows,
    importance_in_words,
    importance_overlay,
    lbp_histogram,
    lbp_plane,
    response_overlay,
)
from engine.charts.layout import alt_text

FACE = np.full((128, 128), 120, np.uint8)


def moving(right, down, rows=slice(88, 104), columns=slice(88, 104)):
    flow = np.zeros((128, 128, 2), np.float32)
    flow[rows, columns] = right, down
    return flow


def shafts(figure):
    """Starts and ends of the arrows: the first two of every seven points of the upper line."""
    line = figure.data[2]
    x, y = np.asarray(line.x).reshape(-1, 7), np.asarray(line.y).reshape(-1, 7)
    return np.stack([x[:, 0], y[:, 0]], 1), np.stack([x[:, 1], y[:, 1]], 1)


def test_arrows_stand_where_it_moves_and_point_where_it_goes():
    figure = flow_arrows(FACE, moving(1.0, -0.5))
    starts, ends = shafts(figure)
    assert sorted(map(tuple, starts)) == [(91.5, 91.5), (91.5, 99.5), (99.5, 91.5), (99.5, 99.5)]
    way = ends - starts
    assert way[:, 1] / way[:, 0] == pytest.approx(-0.5)
    assert np.hypot(*way.T) == pytest.approx(12.0), "the longest fills one and a half places of 8 pixels"
    assert "points up and right" in alt_text(figure) and "lower right" in alt_text(figure)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1], "down is down"


def test_lengths_are_told_in_percent_of_the_eyes_or_in_pixels():
    assert "5.0 % of the distance between the eyes" in alt_text(flow_arrows(FACE, moving(2, 0), 40))
    figure = flow_arrows(FACE, moving(2, 0))
    assert "2.00 pixels" in alt_text(figure) and figure.data[2].text[0] == "2.00 pixels"
    assert "2.00 pixels" in figure.layout.title.subtitle.text and "6.0 times" in figure.layout.title.subtitle.text


def test_specks_are_left_out():
    flow = moving(2, 0)
    flow[:16, :16] = 0.1, 0
    assert len(shafts(flow_arrows(FACE, flow))[0]) == 4


@pytest.mark.parametrize("flow", [np.zeros((128, 128, 2)), np.full((128, 128, 2), np.nan), moving(0.01, 0)])
def test_a_still_face_has_no_arrows(flow):
    figure = flow_arrows(FACE, flow)
    assert len(figure.data) == 1 and alt_text(figure) == "The face does not move between the two moments."


@pytest.mark.parametrize("shape", [(28, 28), (5, 9), (100, 40), (1, 1)])
def test_any_size_of_face(shape):
    figure = flow_arrows(np.zeros(shape, np.uint8), np.ones((*shape, 2)))
    starts, _ = shafts(figure)
    assert len(starts) >= 1 and (starts >= -0.5).all() and (starts < np.array(shape[::-1])).all()


def test_a_response_of_any_size_is_stretched_over_the_face():
    response = np.zeros((7, 7))
    response[5, 3] = 4.0
    figure = response_overlay(FACE, response, "Where it looks")
    _, overlay, line = figure.data
    assert overlay.z.max() == 100 and (overlay.zmin, overlay.zmax) == (0, 100)
    assert overlay.x[3] == pytest.approx(63.5) and overlay.y[5] == pytest.approx(5.5 * 128 / 7 - 0.5)
    assert line.contours.start == 50
    assert alt_text(figure).startswith("Where it looks: strongest in the lower centre of the picture")


def test_a_network_that_responds_nowhere_says_so():
    figure = response_overlay(FACE, np.zeros((4, 4)), "Where it looks")
    assert len(figure.data) == 2 and alt_text(figure) == "Where it looks: nowhere."


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
    assert "the answer hardly changes" in alt_text(figure)


def test_a_map_that_only_speaks_against_has_no_line():
    figure = importance_overlay(CROP, spot(3, 3, -0.4), "happy")
    assert figure.data[1].z.min() == pytest.approx(-100) and len(figure.data) == 2
    assert "No part" in alt_text(figure)


def test_nothing_at_all_is_drawn_as_nothing():
    assert not importance_overlay(CROP, np.zeros((48, 48)), "happy").data[1].z.any()


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        (1, 22, "forehead"),
        (11, 11, "brow on the left"),
        (18, 32, "eye on the right"),
        (25, 22, "nose"),
        (29, 6, "cheek on the left"),
        (36, 22, "mouth"),
        (44, 22, "chin"),
    ],
)
def test_the_part_of_the_face_is_named(row, column, part):
    words = importance_in_words(spot(row, column), "sad")
    assert (
        words
        == f"The {part} counted most for “sad”: with it covered the model would be 30 percentage points less sure."
    )


def test_what_counts_by_its_motion_is_named_in_the_crop_of_flow():
    # The lids lie higher there; see engine.features.aligned_face.
    words = importance_in_words(spot(11, 9), "negative", of_motion=True)
    assert words.startswith("The eye on the left counted most for “negative”: without its motion the model would be")


def test_the_plane_shows_the_codes_upright():
    codes = np.arange(12, dtype=np.uint8).reshape(3, 4)
    figure = lbp_plane(codes)
    assert np.array_equal(figure.data[0].z, codes)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 255)
    assert figure.layout.yaxis.autorange == "reversed" and figure.layout.yaxis.scaleanchor == "x"
    assert "4 by 3" in alt_text(figure)


def test_the_histogram_names_the_most_frequent_codes():
    shares = np.zeros(256)
    shares[[255, 7, 31]] = 0.5, 0.3, 0.2
    figure = lbp_histogram(shares)
    assert list(figure.data[0].x) == list(range(256))
    assert figure.data[0].y[7] == pytest.approx(30)
    assert "255 (50.0 %), 7 (30.0 %), 31 (20.0 %)" in alt_text(figure)
