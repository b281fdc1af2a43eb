import dataclasses

import numpy as np
import pytest
from easy import QUICK, easy_faces

from engine.errors import DataError
from engine.training.configuration import RECIPES
from engine.training.training_data import divide, folds_of, inner_validation, prepare, without_pictures

FACES = easy_faces()


def parts(data, division):
    return {
        name: set(FACES.split[data.rows[getattr(division, name)]].tolist())
        for name in ("training", "validation", "held_out")
    }


def test_the_sets_own_parts_are_taken_where_it_names_both():
    data = prepare(QUICK, FACES)
    division = divide(data, "auto", 1)
    assert parts(data, division) == {
        "training": {"Training"},
        "validation": {"PublicTest"},
        "held_out": {"PublicTest"},
    }
    assert division.part == "PublicTest" and len(division.seen) == 160


@pytest.mark.parametrize("split", ["auto", "hold-out", "tenth", "k-fold", "Training:PublicTest"])
def test_a_test_part_is_left_alone_unless_it_is_named(split):
    data = prepare(QUICK, FACES, split=split)
    assert "PrivateTest" not in FACES.split[data.rows]
    assert data.left_out == {"kept apart for testing": 40}


def test_a_named_part_is_held_out_and_the_rest_is_divided_for_validation():
    data = prepare(QUICK, FACES, split="Training:PrivateTest")
    division = divide(data, "Training:PrivateTest", 1)
    assert parts(data, division)["held_out"] == {"PrivateTest"}
    assert parts(data, division)["training"] == parts(data, division)["validation"] == {"Training"}
    assert len(division.validation) == 16
    assert not set(division.training) & set(division.validation)


def test_a_hold_out_tears_no_group_apart():
    group = np.arange(len(FACES)) // 3
    data = prepare(QUICK, dataclasses.replace(FACES, split=None, group=group))
    division = divide(data, "hold-out", 1)
    sides = [set(group[data.rows[rows]]) for rows in (division.training, division.validation, division.held_out)]
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]
    assert len(division.held_out) == pytest.approx(48, abs=6)
    again = divide(data, "auto", 1)
    np.testing.assert_array_equal(again.held_out, division.held_out)


def test_a_tenth_validates_and_everything_else_trains():
    group = np.arange(len(FACES)) // 3
    data = prepare(QUICK, dataclasses.replace(FACES, split=None, group=group))
    division = divide(data, "tenth", 1)
    np.testing.assert_array_equal(division.validation, division.held_out)
    assert len(division.held_out) == pytest.approx(24, abs=4)
    assert sorted([*division.training, *division.held_out]) == list(range(len(data.rows)))
    assert not set(group[data.rows[division.training]]) & set(group[data.rows[division.held_out]])


def test_a_named_split_that_leaks_says_so():
    group = np.arange(len(FACES))
    held_out = np.flatnonzero(FACES.split == "PublicTest")
    group[held_out[:5]] = group[:5]
    data = prepare(QUICK, dataclasses.replace(FACES, group=group))
    division = divide(data, "Training:PublicTest", 1)
    assert data.leaked(division.seen, division.held_out).sum() == 5


def test_copies_are_found_where_the_set_knows_none():
    pictures = np.random.default_rng(0).integers(0, 256, (40, 48, 48)).astype(np.uint8)
    pictures[20:] = pictures[:20, :, ::-1]
    faces = dataclasses.replace(easy_faces(40), pictures=pictures, group=None, split=None)
    data = prepare(QUICK, faces)
    np.testing.assert_array_equal(data.copies[:20], data.copies[20:])
    assert len(np.unique(data.copies)) == 20
    division = divide(data, "hold-out", 1)
    assert not data.leaked(division.seen, division.held_out).any()


def test_impossible_splits_are_refused():
    data = prepare(QUICK, FACES)
    with pytest.raises(DataError, match="There is no split 'thirds'"):
        divide(data, "thirds", 1)
    with pytest.raises(DataError, match="no split 'Nowhere'"):
        divide(data, "Training:Nowhere", 1)
    with pytest.raises(DataError, match="does not know who"):
        folds_of(data, "loso", 5, 1)
    with pytest.raises(DataError, match="too few"):
        folds_of(data, "k-fold", 1000, 1)
    one = prepare(QUICK, dataclasses.replace(FACES, split=None, group=np.zeros(len(FACES), int)))
    with pytest.raises(DataError, match="1 different pictures"):
        divide(one, "hold-out", 1)


def test_nothing_to_train_on_is_said():
    with pytest.raises(DataError, match="no usable label: 240"):
        prepare(dataclasses.replace(RECIPES["paper"], classes=("fear",)), FACES)


def test_inner_validation_takes_whole_units():
    unit = np.arange(100) // 10
    training, validation = inner_validation(np.arange(50, 100), unit, seed=1)
    assert len(np.unique(unit[validation])) == 1 and len(validation) == 10
    assert sorted([*training, *validation]) == list(range(50, 100))
    with pytest.raises(DataError, match="too few"):
        inner_validation(np.arange(10), unit, seed=1)


@pytest.mark.parametrize(
    "kept",
    [FACES.labels == "happy", (FACES.labels == "happy") | (FACES.split != "Training")],
    ids=["one class", "one class that trains"],
)
def test_a_set_with_nothing_to_tell_apart_is_refused_before_it_trains(kept):
    some = {name: getattr(FACES, name)[kept] for name in ("pictures", "labels", "split", "group")}
    with pytest.raises(DataError, match="all show happy"):
        divide(prepare(QUICK, dataclasses.replace(FACES, **some)), "auto", 1)


def test_an_expression_that_no_picture_shows_is_named():
    data = prepare(dataclasses.replace(QUICK, classes=("fear", "happy", "sad"), label_smoothing=0.1), FACES)
    assert without_pictures(data.labels, data.targets) == ["fear"]
