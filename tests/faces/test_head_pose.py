"""Head pose from points in three dimensions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.faces.landmarks import LEVEL_DEG, head_pose


def level_face():
    """Build points whose four named ones look straight into the camera."""
    points = np.random.default_rng(0).normal(size=(468, 3))
    points[[33, 263]] = [[-3, -2, 0], [3, -2, 0]]
    points[[234, 454]] = [[-5, 0, 3], [5, 0, 3]]
    lean = np.radians(-LEVEL_DEG)
    # A level face's chin lies a little further away than the top of its forehead, by the measured angle.
    points[10] = [0, -7, 0]
    points[152] = points[10] + 14 * np.array([0, np.cos(lean), np.sin(lean)])
    return points


def turned(points, yaw, pitch, roll):
    """Turn points: pitch (up) first, then yaw (to the picture's right), then roll (clockwise as seen)."""
    a, b, c = np.radians([-pitch, -yaw, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return points @ (about_z @ about_y @ about_x).T


@given(st.floats(-85, 85), st.floats(-70, 70), st.floats(-179, 179), st.floats(1, 500))
def test_known_turns_are_recovered(yaw, pitch, roll, size):
    points = turned(level_face(), yaw, pitch, roll) * size + [300, 200, 5]
    np.testing.assert_allclose(head_pose(points), [yaw, pitch, roll], atol=1e-3)


@pytest.mark.parametrize(("turn", "sign"), [((30, 0, 0), 1), ((-30, 0, 0), -1)])
def test_a_nose_to_the_right_is_positive_yaw(turn, sign):
    nose_before_the_head = np.array([[0, 0, -10.0]])
    assert np.sign(turned(nose_before_the_head, *turn)[0, 0]) == sign


def test_a_raised_nose_is_positive_pitch():
    assert turned(np.array([[0, 0, -10.0]]), 0, 30, 0)[0, 1] < 0
