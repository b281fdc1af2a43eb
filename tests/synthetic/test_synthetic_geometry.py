"""Action units move drawn faces as the Facial Action Coding System describes."""

import numpy as np
import pytest

from engine.synthetic.fields import HeadPose, sample
from engine.synthetic.person import person
from tests.synthetic.face_points import PLACES, moved, places

STRAIGHT = HeadPose(200, 226, 1.5)
NAMES = list(PLACES)


def _at(strengths, closure=0.0, turn=STRAIGHT, seed=0):
    return dict(zip(NAMES, places(person(seed).fields, strengths, closure, turn), strict=True))


@pytest.mark.parametrize(
    ("unit", "place", "direction"),
    [
        (1, "inner brow", (0, -1)),
        (2, "outer brow", (0, -1)),
        (4, "inner brow", (-1, 1)),
        (5, "upper lid", (0, -1)),
        (6, "lower lid", (0, -1)),
        (7, "lower lid", (0, -1)),
        (7, "upper lid", (0, 1)),
        (9, "inner brow", (-1, 1)),
        (12, "mouth corner", (1, -1)),
        (14, "mouth corner", (-1, 0)),
        (15, "mouth corner", (0, 1)),
        (20, "mouth corner", (1, 0)),
        (23, "mouth corner", (-1, 0)),
    ],
)
@pytest.mark.parametrize("side", ["right", "left"])
def test_a_unit_moves_its_place_out_or_down(unit, place, direction, side):
    # The direction is away from the middle of the face and down; the person's right is the picture's left.
    name = f"{side} {place}"
    moved = (_at({unit: 1.0})[name] - _at({})[name]) * (1 if side == "left" else -1, 1)
    for value, sign in zip(moved, direction, strict=True):
        assert sign == 0 or value * sign > 1.0, f"unit {unit} moves the {name} by {moved}"


@pytest.mark.parametrize(("unit", "place"), [(16, "lower lip"), (25, "lower lip"), (26, "lower lip"), (26, "chin")])
def test_a_unit_opens_the_mouth(unit, place):
    assert _at({unit: 1.0})[place][1] - _at({})[place][1] > 5


@pytest.mark.parametrize(("unit", "place"), [(10, "upper lip"), (17, "lower lip"), (17, "chin")])
def test_a_unit_lifts_the_middle_of_the_lower_face(unit, place):
    assert _at({unit: 1.0})[place][1] - _at({})[place][1] < -1


def test_brows_rise_obliquely_with_1_and_4_and_sink_with_4_alone():
    rest, sad, angry = _at({}), _at({1: 1.0, 4: 1.0}), _at({4: 1.0})
    for side in ("right", "left"):
        inner, outer = f"{side} inner brow", f"{side} outer brow"
        assert sad[inner][1] < rest[inner][1] - 5 < angry[inner][1] - 5
        assert sad[outer][1] > rest[outer][1]


def test_motion_grows_smoothly_with_strength():
    heights = [_at({12: strength})["left mouth corner"][1] for strength in np.linspace(0, 1, 21)]
    steps = np.diff(heights)
    assert (steps < 0).all()
    assert np.abs(np.diff(steps)).max() < 0.1 * np.abs(steps).max()


def test_a_blink_shuts_the_lids():
    open_, shut = _at({}), _at({}, closure=1.0)
    for side in ("right", "left"):
        upper, lower = f"{side} upper lid", f"{side} lower lid"
        assert open_[lower][1] - open_[upper][1] > 12
        assert shut[lower][1] - shut[upper][1] == pytest.approx(0, abs=0.1)


def test_a_face_turns_to_the_side_and_nods_as_a_head_pose_tells():
    # The mouth stands further forward than the outer brows, and so moves further.
    straight = _at({})
    right, up = _at({}, turn=HeadPose(200, 226, 1.5, yaw=0.1)), _at({}, turn=HeadPose(200, 226, 1.5, pitch=0.1))
    moved_right = {name: right[name][0] - straight[name][0] for name in NAMES}
    assert moved_right["upper lip"] > moved_right["left outer brow"] > 0
    assert up["upper lip"][1] < straight["upper lip"][1]
    tilted = _at({}, turn=HeadPose(200, 226, 1.5, roll=0.2))
    assert tilted["left upper lid"][1] > tilted["right upper lid"][1]


def test_where_a_place_is_drawn_is_where_its_pixels_come_from():
    # Drawn backwards, the pixel at which `moved` sees a place of the cheek shows that place at rest.
    fields = person(0).fields
    place = np.array([[38.0, 44.0]])
    strengths, turn = {12: 0.7, 6: 0.7}, HeadPose(320.3, 240.7, 1.5, yaw=0.05, pitch=-0.03, roll=0.04)
    seen = moved(fields, place, strengths, turn)[0]
    back = turn.to_face(seen)[None, None]
    back = back - sample(fields.turned(turn), back)
    back = back - sample(fields.motion(strengths), back)
    assert back[0, 0] == pytest.approx(place[0], abs=0.02)
