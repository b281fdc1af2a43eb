"""Faces followed from frame to frame."""

import cv2
import numpy as np
import pytest
from skimage import data

from engine.faces.track import SAME_FACE_SHARE, TrackedFace, Tracker, _without_doubles, box_of

HEAD = np.ascontiguousarray(data.astronaut()[10:230, 110:340])  # 220 high, 230 wide, face in the middle
FACE = (115, 105)  # its middle, x and y


def scene(*places, size=(320, 640), scale=0.6):
    """A gray picture with the head at some places, (x, y) of the face's middle."""
    picture = np.full((*size, 3), 120, np.uint8)
    head = cv2.resize(HEAD, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for x, y in places:
        left, top = round(x - FACE[0] * scale), round(y - FACE[1] * scale)
        seen = head[max(0, -top) : size[0] - top, max(0, -left) : size[1] - left]
        top, left = max(top, 0), max(left, 0)
        picture[top : top + seen.shape[0], left : left + seen.shape[1]] = seen
    return picture


def middle(face):
    x, y, width, height = face.box
    return x + width / 2, y + height / 2


def follow(pictures, fps=30, tracker=None, start_s=0.0):
    tracker = tracker or Tracker()
    return [tracker.update(picture, start_s + number / fps) for number, picture in enumerate(pictures)]


def test_a_face_that_moves_keeps_its_number_and_its_points():
    places = [(160 + 5 * number, 150 + 20 * np.sin(number / 5)) for number in range(40)]
    seen = follow(scene(place) for place in places)
    assert [[face.person for face in faces] for faces in seen] == [[1]] * 40
    still = middle(seen[0][0])
    for (face,), place in zip(seen, places, strict=True):
        moved = np.subtract(middle(face), still) - np.subtract(place, places[0])
        assert np.abs(moved).max() < 3
        assert face.landmarks.presence > 0.9
        assert face.box == box_of(face.landmarks.points)


def test_points_are_as_those_of_a_fresh_search():
    tracker = Tracker()
    for number in range(10):
        (face,) = tracker.update(scene((200 + 3 * number, 150)), number / 30)
    (fresh,) = Tracker().update(scene((227, 150)), 0.0)
    assert fresh.detection is not None and face.detection is None
    assert np.linalg.norm(face.landmarks.points[:, :2] - fresh.landmarks.points[:, :2], axis=1).mean() < 1.5


def test_two_people_are_two_tracks_and_stay_so():
    seen = follow(scene((150 + 2 * number, 150), (480 - 2 * number, 160)) for number in range(45))
    assert [[face.person for face in faces] for faces in seen] == [[1, 2]] * 45
    assert abs(middle(seen[0][0])[0] - middle(seen[-1][0])[0]) == pytest.approx(88, abs=4)


def test_a_newcomer_is_found_within_half_a_second():
    seen = follow([scene((150, 150))] * 20 + [scene((150, 150), (480, 150))] * 17)
    people = [len(faces) for faces in seen]
    assert people[:20] == [1] * 20 and people[-1] == 2


def test_a_face_that_is_lost_is_noticed_at_once_and_known_again_in_its_place():
    seen = follow([scene((200, 150))] * 10 + [scene()] * 30 + [scene((215, 150))] * 10)
    people = [[face.person for face in faces] for faces in seen]
    assert people[:10] == [[1]] * 10 and people[10:40] == [[]] * 30
    assert people[44:] == [[1]] * 6  # found within a tenth of a second


def test_the_only_person_is_known_again_elsewhere_for_some_seconds():
    for pause_s, expected in ((4.0, 1), (15.0, 2)):
        tracker = Tracker()
        follow([scene((150, 150))] * 5 + [scene()], tracker=tracker)
        (face,) = tracker.update(scene((500, 150)), pause_s)
        assert face.person == expected


def test_after_a_minute_the_same_place_is_a_new_person():
    tracker = Tracker()
    follow([scene((150, 150)), scene()], tracker=tracker)
    assert tracker.update(scene((150, 150)), 70.0)[0].person == 2


def test_of_two_who_left_each_is_known_again_by_place():
    tracker = Tracker()
    follow([scene((150, 150), (480, 150))] * 3 + [scene()], tracker=tracker)
    (right,) = tracker.update(scene((470, 155)), 2.0)
    assert right.person == 2
    both = tracker.update(scene((160, 150), (470, 155)), 2.6)
    assert [face.person for face in both] == [1, 2]


def test_somebody_of_quite_another_size_is_somebody_else():
    tracker = Tracker()
    follow([scene((150, 150)), scene((150, 150), (480, 150)), scene()], tracker=tracker)
    tracker.update(scene((150, 150), (480, 150)), 0.7)
    tracker.update(scene(), 0.8)
    (small,) = tracker.update(scene((150, 150), scale=0.3), 1.5)
    assert small.person == 3


def test_a_jump_of_the_picture_is_no_motion():
    tracker = Tracker()
    tracker.update(scene((150, 150)), 0.0)
    (face,) = tracker.update(scene((480, 150)), 1 / 30)
    assert face.person == 1 and face.detection is not None
    assert middle(face)[0] == pytest.approx(480, abs=15)


def test_texture_is_nobody():
    grass = data.grass()[:320, :, np.newaxis].repeat(3, axis=2)
    assert follow([grass] * 5, fps=5) == [[]] * 5


def test_a_face_that_fills_the_picture_and_one_at_its_border():
    large = cv2.resize(HEAD, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    assert [len(faces) for faces in follow([large] * 3)] == [1] * 3
    assert [len(faces) for faces in follow([scene((30, 150))] * 3)] == [1] * 3


def test_of_two_tracks_on_one_face_the_older_stays():
    (face,) = Tracker().update(scene((200, 150)), 0.0)
    double = TrackedFace(7, face.landmarks, tuple(np.add(face.box, (2, 1, 3, 0))))
    apart = TrackedFace(
        9, face.landmarks, tuple(np.add(face.box, (face.box[2] * (1 - SAME_FACE_SHARE) * 1.1, 0, 0, 0)))
    )
    assert [kept.person for kept in _without_doubles([double, apart, face])] == [1, 9]


def test_between_looks_nobody_is_looked_for():
    tracker, looked = Tracker(detect_every_s=0.2), []
    for number in range(13):
        tracker.update(scene((160, 150)), number / 30)
        looked.append(tracker.looked)
    assert [number for number, did in enumerate(looked) if did] == [0, 6, 12]


def test_pictures_of_another_size_show_the_same_person():
    tracker = Tracker()
    ((face,),) = follow([scene((160, 150))], tracker=tracker)
    tracker.resize((640, 480), (960, 720))
    (larger,) = tracker.update(cv2.resize(scene((160, 150)), None, fx=1.5, fy=1.5), 0.1)
    assert larger.person == face.person and larger.detection is None
    np.testing.assert_allclose(larger.box, 1.5 * np.array(face.box), rtol=0.03)
    tracker.update(scene(size=(480, 960)), 0.2)
    tracker.resize((960, 720), (640, 480))
    assert [seen.person for seen in tracker.update(scene((160, 150)), 0.35)] == [face.person]


def test_who_left_long_ago_takes_no_memory():
    tracker = Tracker()
    follow([scene((160, 150)), scene()], tracker=tracker)
    assert len(tracker._absent) == 1
    tracker.update(scene(), 61.0)
    assert tracker._absent == {}
