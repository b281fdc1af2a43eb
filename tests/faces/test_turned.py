"""Faces on their side or upside down: which way up they truly are."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from engine import faces
from engine.faces import turned
from engine.faces.track import Tracker
from engine.faces.turned import Look, find_turned, look_at, roll_deg
from engine.recognition.photo import recognise, recognise_picture

UPSIDE = Path(__file__).parents[3] / "shared" / "cases" / "upside_75.jpg"


def astronaut(degrees):
    turn = cv2.getRotationMatrix2D((224, 124), -degrees, 1.0)
    turn[:, 2] += 300 - np.array([224, 124])
    return cv2.warpAffine(data.astronaut(), turn, (600, 600), borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize("degrees", range(0, 360, 30))
def test_the_tilt_is_found_all_the_way_round(degrees):
    face = faces.analyse(astronaut(degrees))[0]
    off = (face.quality.roll_deg - degrees + 180) % 360 - 180
    assert abs(off) < 12
    assert not face.quality.unreadable


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_picture_turned_by_quarters_gives_the_same_crop(quarter):
    picture = data.astronaut()
    (face,) = faces.analyse(picture)
    again = faces.analyse(np.ascontiguousarray(np.rot90(picture, -quarter)))[0]
    inner = slice(8, 40)
    assert np.corrcoef(face.crop[inner, inner].ravel(), again.crop[inner, inner].ravel())[0, 1] > 0.93


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_what_a_turned_picture_shows_lies_where_it_lies_in_the_picture(quarter):
    """Of a picture whose heads are upright, its turned self is looked at and the place is turned back."""
    picture = data.astronaut()[:400]  # higher and wider differ
    (upright,) = faces.analyse(picture)
    lying = np.ascontiguousarray(np.rot90(picture, -quarter))
    found = max(find_turned(lying, turns=(quarter,)), key=lambda each: each.score)
    x, y = upright.detection.keypoints[2]
    height, width = picture.shape[:2]
    nose = {1: (height - y, x), 2: (width - x, height - y), 3: (y, width - x)}[quarter]
    np.testing.assert_allclose(found.keypoints[2], nose, atol=4)


def test_a_clear_upright_face_gets_no_further_look(monkeypatch):
    def none(*_):
        raise AssertionError("looked again")

    monkeypatch.setattr(turned, "_turned_look", none)
    monkeypatch.setattr(turned, "find_turned", none)
    assert len(faces.analyse(data.astronaut()[30:190, 140:310].copy())) == 1


def test_looks_that_are_as_sure_and_disagree_leave_the_tilt_open(monkeypatch):
    picture = astronaut(180)
    first = faces.analyse(picture)[0]
    seen = Look(first.detection, first.landmarks)
    points = first.landmarks.points * np.array([-1, -1, 1], np.float32)  # turned by half a turn
    other = Look(first.detection, replace(first.landmarks, points=points), again=True)
    assert abs(roll_deg(seen.landmarks) - roll_deg(other.landmarks)) == pytest.approx(180, abs=1)
    monkeypatch.setattr(turned, "_turned_look", lambda *_: other)
    assert look_at(picture, first.detection).tilt_open


def test_a_face_that_is_not_seen_turned_upright_by_its_tilt_leaves_it_open(monkeypatch):
    picture, look = astronaut(120), turned._turned_look
    (first,) = faces.analyse(picture)
    assert not look_at(picture, first.detection).tilt_open
    monkeypatch.setattr(turned, "_turned_look", lambda *given: look(*given) if given[2] in range(4) else None)
    assert look_at(picture, first.detection).tilt_open


@pytest.mark.parametrize(("degrees", "looks"), [(0, 0), (20, 3), (120, 3)])
def test_a_tilted_face_is_cut_out_alike_by_more_looks(degrees, looks):
    picture = astronaut(degrees)
    (face,) = faces.analyse(picture)
    crops = faces.crops_beside(picture, face)
    assert len(crops) == looks
    inner = slice(8, 40)
    for crop in crops:
        assert crop.shape == face.crop.shape
        assert np.corrcoef(face.crop[inner, inner].ravel(), crop[inner, inner].ravel())[0, 1] > 0.9


def test_a_tilted_face_with_two_answers_is_undecided_and_says_why(monkeypatch):
    assert recognise_picture(astronaut(120)).faces[0].answer == "happy"
    monkeypatch.setattr(faces, "crops_beside", lambda _, face, __: [face.crop, face.crop[::-1].copy()])
    (answer,) = recognise_picture(astronaut(120)).faces
    assert (answer.expression, answer.answer) == ("happy", "undecided")
    assert "does not give this answer" in answer.as_json()["quality"]["checks"][-1]["sentence"]


def test_a_face_whose_tilt_is_open_is_undecided_and_says_why(monkeypatch):
    picture = data.astronaut()
    (look,) = turned.look_for_faces(picture)
    monkeypatch.setattr(faces, "look_for_faces", lambda *_: [replace(look, tilt_open=True)])
    photo = cv2.imencode(".png", picture[..., ::-1])[1].tobytes()
    (face,) = recognise(photo).faces
    assert (face.expression, face.decided, face.answer) == ("happy", False, "undecided")
    assert "which way up" in face.as_json()["quality"]["checks"][-1]["sentence"]


def test_a_recording_filmed_upside_down_is_followed():
    picture = astronaut(180)
    tracker = Tracker()
    for number in range(3):
        (face,) = tracker.update(picture, number / 30)
        assert abs(abs(roll_deg(face.landmarks)) - 180) < 12


@pytest.mark.skipif(not UPSIDE.exists(), reason="needs ../shared")
def test_a_smile_upside_down():
    (face,) = recognise(UPSIDE.read_bytes()).faces
    assert face.answer == "happy"
