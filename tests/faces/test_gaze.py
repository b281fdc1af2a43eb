"""Where drawn people look, whose irises are moved by known millimetres."""

import numpy as np
import pytest

from engine.faces.find import find_faces
from engine.faces.gaze import RADIUS_MM, cut_eyes, gaze_deg
from engine.faces.landmarks import find_landmarks
from engine.synthetic.fields import HeadPose
from engine.synthetic.person import person

AHEAD = np.zeros(3)


def looking(gaze, closure=0.0, scale=1.5, seed=3):
    picture = np.full((480, 400, 3), 150, np.uint8)
    person(seed).draw(picture, HeadPose(200, 230, scale), {}, closure, gaze)
    return picture, find_landmarks(picture, find_faces(picture)[0]).points


def read(*gaze, **drawn):
    return gaze_deg(cut_eyes(*looking(gaze, **drawn), AHEAD))


def test_eyes_that_turn_by_some_degrees_are_read_as_such():
    left, ahead, right = (read(across, 0.0)[0] for across in (-3.0, 0.0, 3.0))
    turned = np.degrees(np.arcsin(3.0 / RADIUS_MM))
    assert left < ahead < right
    assert right - left == pytest.approx(2 * turned, rel=0.35)
    assert read(0.0, 1.5)[1] - read(0.0, -1.5)[1] == pytest.approx(np.degrees(2 * np.arcsin(0.15)), rel=0.5)


def test_a_mirrored_picture_looks_the_other_way():
    picture, points = looking((3.0, 0.0))
    straight = gaze_deg(cut_eyes(picture, points, AHEAD))
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    turned = gaze_deg(cut_eyes(mirrored, find_landmarks(mirrored, find_faces(mirrored)[0]).points, AHEAD))
    # Both halves of what the networks see usually, and the mesh's own unsteadiness, stay.
    assert straight[0] > 8 and turned[0] < -4


def test_shut_and_small_eyes_and_a_turned_head_are_not_read():
    picture, points = looking((0.0, 0.0), closure=1.0)
    assert np.isnan(gaze_deg(cut_eyes(picture, points, AHEAD))).all()
    picture, points = looking((0.0, 0.0), scale=0.5)
    assert np.isnan(gaze_deg(cut_eyes(picture, points, AHEAD))).all()
    picture, points = looking((0.0, 0.0))
    assert np.isnan(gaze_deg(cut_eyes(picture, points, np.array([31.0, 0, 0])))).all()
    assert not np.isnan(gaze_deg(cut_eyes(picture, points, np.array([29.0, 0, 0])))).any()


def test_a_head_that_turns_takes_the_corners_along():
    # The same picture of the eyes means another direction where the head is turned: its corners lie before the middle.
    picture, points = looking((0.0, 0.0))
    straight, turned = (gaze_deg(cut_eyes(picture, points, np.array([yaw, 0.0, 0.0]))) for yaw in (0.0, 20.0))
    assert turned[0] - straight[0] == pytest.approx(np.degrees(np.arcsin(0.4 * np.sin(np.radians(20)))), abs=1.0)
