"""Action units of drawn people: a unit that is drawn is the one that is read, on the side where it is drawn."""

import numpy as np
import pytest

from engine.errors import ModelError
from engine.faces.find import find_faces
from engine.faces.landmarks import find_landmarks
from engine.features import action_units
from engine.features.action_units import (
    LEFT,
    MEASURED,
    NUMBERS,
    RIGHT,
    UNITS,
    in_words,
    intensity,
    is_present,
    model,
    read,
    strongest,
    told,
    why_unread,
)
from engine.features.aligned_face import align_face
from engine.synthetic.fields import HeadPose
from engine.synthetic.person import person


def drawn(strengths, seed=20_003, yaw=0.0, mirrored=False):
    picture = np.full((480, 400, 3), 150, np.uint8)
    person(seed).draw(picture, HeadPose(200, 230, 1.5, yaw=yaw), strengths)
    if mirrored:
        picture = np.ascontiguousarray(picture[:, ::-1])
    (face,) = find_faces(picture)
    return read(align_face(picture, find_landmarks(picture, face), 0.0))


REST = drawn({})


def test_a_reading_has_both_bases_every_unit_and_both_halves():
    assert REST.shape == (2, 17, 2) and REST.dtype == np.float32
    assert len(UNITS) == len(set(NUMBERS)) == 17 and list(NUMBERS) == sorted(NUMBERS)


@pytest.mark.parametrize("unit", [1, 2, 4, 6, 9, 10, 12, 15, 20, 26])
def test_the_unit_that_is_drawn_is_read_beside_the_rest(unit):
    strength = intensity(drawn({unit: 0.8}), REST).mean(axis=1)
    row = NUMBERS.index(unit)
    assert 2.0 < strength[row] <= 5.0
    assert is_present(strength, rested=True)[row]
    # A dropped jaw parts the lips as well.
    assert strength.argmax() == row or (unit == 26 and NUMBERS[int(strength.argmax())] == 25)


def test_a_stronger_smile_reads_stronger_and_rest_reads_nothing():
    row = NUMBERS.index(12)
    strength = [intensity(drawn({12: share} if share else {}), REST)[row].mean() for share in (0, 0.3, 0.6, 0.9)]
    assert strength[0] == 0 and np.diff(strength).min() > 0.5


def test_a_turned_head_is_no_expression():
    # By 6 degrees, which recordings of people who talk hold all the time.
    strength = intensity(drawn({}, yaw=0.1), REST).mean(axis=1)
    assert not (is_present(strength, rested=True) & told(rested=True)).any()


def test_without_a_rest_intensities_are_those_of_the_second_basis():
    assert (intensity(REST) == np.clip(REST[1], 0, 5)).all()
    readings = np.stack([REST, REST + 1])
    assert intensity(readings).shape == (2, 17, 2)


def test_a_unit_is_told_where_the_study_found_it_good_enough_and_nothing_covers_it():
    for rested in (True, False):
        for row, number in enumerate(NUMBERS):
            one = MEASURED[number]
            good = one.correlation >= 0.7 and one.f1 >= 0.6 if rested else one.auc is not None and one.auc >= 0.8
            assert told(rested)[row] == good
    assert told(rested=True)[NUMBERS.index(12)] and not told(True, ("mouth",))[NUMBERS.index(12)]
    assert (told(True, ("mouth",))[:3] == told(True)[:3]).all()


def test_words_tell_both_halves_where_they_differ():
    assert in_words({12: (0.8, 2.1)}) == "lip corners up (AU12 left 2.1, right 0.8)"
    assert in_words({12: (2.1, 2.0), 6: (1.0, 1.2)}) == "lip corners up (AU12 2.0), cheeks up (AU6 1.1)"
    assert in_words({}) == ""


def test_the_strongest_come_first_by_their_stronger_half():
    strength = np.zeros((17, 2), np.float32)
    strength[NUMBERS.index(12), LEFT], strength[NUMBERS.index(1), RIGHT] = 2.5, 4.0
    assert list(strongest(strength, rested=True).items()) == [(1, (4.0, 0.0)), (12, (0.0, 2.5))]


@pytest.mark.parametrize(("face", "word"), [((39, 0, 0), "39 pixels"), ((100, -31, 0), "31°"), ((100, 5, 33), "33°")])
def test_why_nothing_can_be_read_is_said(face, word):
    assert word in why_unread(*face)
    assert why_unread(100, 20, -20) == ""


def test_damaged_weights_are_said(tmp_path, monkeypatch):
    file = tmp_path / "action_units.npz"
    file.write_bytes(b"no weights")
    monkeypatch.setattr(action_units, "FILE", file)
    with pytest.raises(ModelError, match="cannot be read"):
        model.__wrapped__()
    np.savez(file, neutral=np.zeros((468, 3)), weights=np.zeros((2, 17, 3)), zero=np.zeros(2), present=np.zeros(2))
    with pytest.raises(ModelError, match="another version"):
        model.__wrapped__()
