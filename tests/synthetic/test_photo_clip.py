"""A photo bent by action units: what moves, what stays, and that the truth is what is shown."""

import numpy as np
import pytest
from skimage import data

from engine.faces.find import find_faces
from engine.faces.landmarks import find_landmarks
from engine.synthetic.fields import HeadPose
from engine.synthetic.photo_clip import bent, photo, photo_clip

SIZE = (320, 320)
POSE = HeadPose(160, 150, 1.05)


@pytest.fixture(scope="module")
def astronaut():
    shown = photo(np.ascontiguousarray(data.astronaut()[:300, 80:380]))
    assert shown is not None
    return shown


def points(picture):
    """The mesh of the face in a bent picture, in mm of the face."""
    shown = picture.round().astype(np.uint8)
    return POSE.to_face(find_landmarks(shown, find_faces(shown)[0]).points[:, :2].astype(float))


@pytest.fixture(scope="module")
def resting(astronaut):
    return points(bent(astronaut, POSE, {}, 0.0, SIZE))


def test_the_face_is_where_it_was_put(resting):
    eyes = resting[[33, 133, 362, 263]].mean(axis=0)
    assert np.abs(eyes).max() < 2.5


@pytest.mark.parametrize(
    ("units", "place", "out", "down"),
    [
        ({12: 0.8}, 291, 1, -1),  # a smile's corner goes out and up
        ({15: 0.8}, 291, 0, 1),
        ({1: 0.8, 2: 0.8}, 334, 0, -1),  # the brow goes up
        ({4: 0.8}, 336, 0, 1),  # the inner brow goes down
        ({20: 0.8}, 291, 1, 0),
    ],
)
def test_action_units_move_what_they_move(astronaut, resting, units, place, out, down):
    moved = points(bent(astronaut, POSE, units, 0.0, SIZE)) - resting
    for way, told in ((moved[place, 0], out), (moved[place, 1], down)):
        if told:
            assert told * way > 1.0


def test_without_action_units_nothing_moves(astronaut):
    assert np.array_equal(bent(astronaut, POSE, {}, 0.0, SIZE), bent(astronaut, POSE, {12: 0.0}, 0.0, SIZE))


def test_a_blink_covers_the_eyes_and_leaves_the_mouth(astronaut):
    open_, shut = (bent(astronaut, POSE, {}, closure, SIZE) for closure in (0.0, 1.0))
    change = np.abs(open_ - shut).mean(axis=2)
    eye, mouth = POSE.to_picture(np.array([[31.0, 0.0], [0.0, astronaut.face.mouth_y]])).astype(int)
    assert change[eye[1] - 3 : eye[1] + 4, eye[0] - 5 : eye[0] + 6].mean() > 10
    assert change[mouth[1] - 3 : mouth[1] + 4, mouth[0] - 5 : mouth[0] + 6].max() == 0


def test_clips_are_told_by_their_seed_and_know_their_truth(astronaut):
    clips = [photo_clip(4, astronaut, duration_s=4.0) for _ in range(2)]
    assert clips[0].truth() == clips[1].truth()
    assert np.array_equal(clips[0].picture(30), clips[1].picture(30))
    assert clips[0].picture(30).shape == (320, 320, 3)
    with pytest.raises(IndexError, match="120"):
        clips[0].picture(120)


def test_no_face_no_clip():
    assert photo(np.full((200, 200, 3), 128, np.uint8)) is None
