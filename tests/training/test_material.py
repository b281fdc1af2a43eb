import dataclasses

import numpy as np
import pytest
from easy import QUICK, easy_faces

from engine.errors import DataError
from engine.training.configuration import RECIPES
from engine.training.material import divide, folds_of, inner_validation, leaked, prepare

FACES = easy_faces()


def parts(material, division):
    return {
        name: set(FACES.split[material.rows[getattr(division, name)]].tolist())
        for name in ("training", "validation", "held_out")
    }


def test_the_sets_own_parts_are_taken_where_it_names_both():
    material = prepare(QUICK, FACES)
    division = divide(material, "auto", 1)
    assert parts(material, division) == {
        "training": {"Training"},
        "validation": {"PublicTest"},
        "held_out": {"PublicTest"},
    }
    assert division.part == "PublicTest" and len(division.seen) == 160


@pytest.mark.parametrize("split", ["auto", "hold-out", "tenth", "k-fold", "Training:PublicTest"])
def test_a_test_part_is_left_alone_unless_it_is_named(split):
    material = prepare(QUICK, FACES, split=split)
    assert "PrivateTest" not in FACES.split[material.rows]
    assert material.left_out == {"kept apart for testing": 40}


def test_a_named_part_is_held_out_and_the_rest_is_divided_for_validation():
    material = prepare(QUICK, FACES, split="Training:PrivateTest")
    division = divide(material, "Training:PrivateTest", 1)
    assert parts(material, division)["held_out"] == {"PrivateTest"}
    assert parts(material, division)["training"] == parts(material, division)["validation"] == {"Training"}
    assert len(division.validation) == 16
    assert not set(division.training) & set(division.validation)


def test_a_hold_out_tears_no_group_apart():
    group = np.arange(len(FACES)) // 3
    material = prepare(QUICK, dataclasses.replace(FACES, split=None, group=group))
    division = divide(material, "hold-out", 1)
    sides = [set(group[material.rows[rows]]) for rows in (division.training, division.validation, division.held_out)]
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]
    assert len(division.held_out) == pytest.approx(48, abs=6)
    again = divide(material, "auto", 1)
    np.testing.assert_array_equal(again.held_out, division.held_out)


def test_a_tenth_validates_and_everything_else_trains():
    group = np.arange(len(FACES)) // 3
    material = prepare(QUICK, dataclasses.replace(FACES, split=None, group=group))
    division = divide(material, "tenth", 1)
    np.testing.assert_array_equal(division.validation, division.held_out)
    assert len(division.held_out) == pytest.approx(24, abs=4)
    assert sorted([*division.training, *division.held_out]) == list(range(len(material.rows)))
    assert not set(group[material.rows[division.training]]) & set(group[material.rows[division.held_out]])


def test_a_named_split_that_leaks_says_so():
    group = np.arange(len(FACES))
    held_out = np.flatnonzero(FACES.split == "PublicTest")
    group[held_out[:5]] = group[:5]
    material = prepare(QUICK, dataclasses.replace(FACES, group=group))
    division = divide(material, "Training:PublicTest", 1)
    assert leaked(material, division.seen, division.held_out).sum() == 5


def test_copies_are_found_where_the_set_knows_none():
    pictures = np.random.default_rng(0).integers(0, 256, (40, 48, 48)).astype(np.uint8)
    pictures[20:] = pictures[:20, :, ::-1]
    faces = dataclasses.replace(easy_faces(40), pictures=pictures, group=None, split=None)
    material = prepare(QUICK, faces)
    np.testing.assert_array_equal(material.copies[:20], material.copies[20:])
    assert len(np.unique(material.copies)) == 20
    division = divide(material, "hold-out", 1)
    assert not leaked(material, division.seen, division.held_out).any()


def test_impossible_splits_are_refused():
    material = prepare(QUICK, FACES)
    with pytest.raises(DataError, match="There is no split 'thirds'"):
        divide(material, "thirds", 1)
    with pytest.raises(DataError, match="no split 'Nowhere'"):
        divide(material, "Training:Nowhere", 1)
    with pytest.raises(DataError, match="does not know who"):
        folds_of(material, "loso", 5, 1)
    with pytest.raises(DataError, match="too few"):
        folds_of(material, "k-fold", 1000, 1)
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
