from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import FaceSet
from engine.emotions import SEVEN
from engine.training import duration
from engine.training.configuration import RECIPES
from engine.training.learners import LEARNERS
from engine.training.request import Request, starting_point

OWN_PARTS = {"Training": 800, "PublicTest": 100, "PrivateTest": 100}
SET = {"subjects": 20, "large": False, "copies_known": True}


@pytest.fixture(autouse=True)
def machine_of_the_figures(monkeypatch):
    monkeypatch.setattr(duration, "_pace", lambda: 1.0)


def asked(model="neuromer", split="auto", **changed):
    return Request(model, "faces", starting_point(model), **({"split": split} | changed))


@pytest.mark.parametrize(
    ("split", "parts", "divided"),
    [
        ("auto", OWN_PARTS, (1, 800, 100, 100)),
        ("auto", {}, (1, 720, 80, 200)),
        ("hold-out", OWN_PARTS, (1, 648, 72, 180)),
        ("tenth", {}, (1, 900, 100, 100)),
        ("k-fold", {}, (5, 720, 80, 200)),
        ("loso", {}, (20, 855, 95, 50)),
        ("Training:PrivateTest", OWN_PARTS, (1, 720, 80, 100)),
    ],
)
def test_pictures_are_divided_as_the_training_will(split, parts, divided):
    assert duration._divided(asked(split=split), 1000, parts, 20) == divided


@pytest.mark.parametrize("model", [*RECIPES, *LEARNERS])
@given(pictures=st.integers(10, 100_000), more=st.integers(0, 100_000))
def test_more_pictures_take_longer(model, pictures, more):
    few, many = (duration.expected(asked(model), count, {}, **SET).total_s for count in (pictures, pictures + more))
    assert 0 < few <= many


def test_what_takes_longer():
    usual = duration.expected(asked(), 5000, {}, **SET)
    assert usual.total_s == pytest.approx(usual.reading_s + usual.loading_s + usual.training_s + usual.ending_s)
    longer = replace(asked(), configuration=replace(starting_point("neuromer"), epochs=100))
    assert duration.expected(longer, 5000, {}, **SET).training_s > 5 * usual.training_s
    assert duration.expected(asked(), 5000, {}, **SET | {"large": True}).reading_s > 5 * usual.reading_s
    assert duration.expected(asked(), 5000, {}, **SET | {"copies_known": False}).reading_s > usual.reading_s
    folds = duration.expected(asked(split="k-fold"), 5000, {}, **SET)
    assert folds.training_s > 4 * usual.training_s and folds.ending_s < usual.ending_s
    assert duration.expected(asked("paper"), 5000, {}, **SET).at_most and not usual.at_most


def test_a_set_and_what_is_stored_of_it_tell_the_same():
    labels = np.array([*SEVEN, "contempt", ""] * 20)
    faces = FaceSet("faces", np.zeros((len(labels), 48, 48), np.uint8), labels)
    about = {"shape": [48, 48], "labels": {label: 20 for label in (*SEVEN, "contempt", "")}, "splits": {}}
    stored = duration.of_stored(asked(), about | {"subjects": None}, copies_known=False)
    assert duration.of_faces(asked(), faces) == stored
    assert stored == duration.expected(asked(), 140, {}, subjects=0, large=False, copies_known=False)


def test_a_slower_machine_takes_longer(monkeypatch):
    usual = duration.expected(asked(), 5000, {}, **SET)
    monkeypatch.setattr(duration, "_pace", lambda: 3.0)
    assert duration.expected(asked(), 5000, {}, **SET).total_s == pytest.approx(3 * usual.total_s)
