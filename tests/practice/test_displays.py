import numpy as np
import pytest

from engine.emotions import SEVEN
from engine.practice import DISPLAYS, PEOPLE, face, people_for, unfolding
from engine.practice.displays import MISREAD, SIDE, moves
from engine.recognition.photo import recognise_picture
from engine.synthetic.identity import identity


def test_every_expression_can_be_shown_on_several_people_of_all_skin_tones():
    for expression in SEVEN:
        people = people_for(expression)
        tones = [identity(person).tone for person in people]
        assert len(people) >= 0.8 * len(PEOPLE) and min(tones) < 0.15 and max(tones) > 0.85, expression
        # Both halves of the people, so that each kind of round has somebody to show.
        assert {PEOPLE.index(person) % 2 for person in people} == {0, 1}


def test_who_is_misread_is_left_out():
    for expression, people in MISREAD.items():
        assert not set(people) & set(people_for(expression))
    with pytest.raises(ValueError, match="Received 'contempt'"):
        people_for("contempt")


@pytest.mark.parametrize("expression", SEVEN)
def test_the_recogniser_reads_it(expression):
    (found,) = recognise_picture(face(0, expression)).faces
    assert found.expression == expression


def test_nothing_but_the_expression_differs():
    rest, shown = (face(0, each).astype(int) for each in ("neutral", "surprise"))
    different = np.abs(rest - shown).max(axis=2) > 0
    assert rest.shape == (SIDE, SIDE, 3) and 0.02 < different.mean() < 0.4
    # Hair, shoulders and the wall stay as they are.
    assert not different[: SIDE // 12].any() and not different[-SIDE // 12 :].any()
    assert (face(0, "surprise", 0.0) == rest).all() and (face(0) == rest).all()


def test_it_comes_stays_and_goes():
    pictures, time_s = unfolding(0, "happy")
    assert len(pictures) == len(time_s) and (np.diff(time_s) > 0).all()
    far = [np.abs(each.astype(int) - pictures[0]).mean() for each in pictures]
    assert far[0] == far[-1] == 0 and far[len(far) // 2] == max(far)
    assert (np.diff(far[: len(far) // 3]) > 0).all()


def test_what_moves_is_said_strongest_first():
    assert moves("happy")[0] == (6, "cheeks up") and (12, "lip corners up") in moves("happy")
    assert moves("neutral") == [] and all(moves(expression) for expression in DISPLAYS)
