import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import FaceSet
from engine.datasets.splits import training_and_validation
from engine.errors import DataError


def faces_of(crops, split=None, group=None):
    return FaceSet("set", crops, np.array(["happy"] * len(crops)), split, group)


def crops_of(values):
    return np.repeat(np.array(values, np.uint8), 48 * 48).reshape(-1, 48, 48)


def test_named_splits_are_taken():
    crops = crops_of(range(4))
    split = np.array(["PrivateTest", "Training", "PublicTest", "Training"])
    training, validation, division = training_and_validation(faces_of(crops, split), crops, np.arange(4))
    assert training.tolist() == [1, 3] and validation.tolist() == [2]
    assert division == "Training/PublicTest"


def test_a_test_part_is_never_trained_on():
    crops = crops_of(range(20))
    split = np.array(["test"] * 10 + ["train"] * 10)
    training, validation, _ = training_and_validation(faces_of(crops, split), crops, np.arange(20))
    assert sorted([*training, *validation]) == list(range(10, 20))


@given(st.lists(st.integers(0, 9), min_size=10, max_size=60), st.integers(0, 5))
def test_copies_stay_on_one_side(values, seed):
    crops = crops_of(values)
    if len(set(values)) < 3:
        return
    training, validation, _ = training_and_validation(faces_of(crops), crops, np.arange(len(crops)), 0.4, seed)
    assert sorted([*training, *validation]) == list(range(len(values)))
    assert not {values[row] for row in training} & {values[row] for row in validation}


def test_one_picture_cannot_be_divided():
    crops = crops_of([3, 3, 3])
    with pytest.raises(DataError, match="1 different"):
        training_and_validation(faces_of(crops), crops, np.arange(3))
