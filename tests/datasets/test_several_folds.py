import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import FaceSet, splits
from engine.errors import DataError

LABELS = np.array(["happy", "sad", "fear"])


def faces_of(units, labels=None, subject=False, **more):
    units = np.asarray(units)
    labels = LABELS[np.arange(len(units)) % 3] if labels is None else np.asarray(labels)
    known = {"subject" if subject else "group": units}
    return FaceSet("set", np.zeros((len(units), 2, 2), np.uint8), labels, **(known | more))


def everything(faces):
    return np.arange(len(faces))


units = st.lists(st.integers(0, 30), min_size=12, max_size=120).filter(lambda each: len(set(each)) >= 6)


@given(units, st.integers(2, 5), st.integers(0, 3))
def test_folds_hold_every_picture_out_once_and_tear_nothing_apart(group, count, seed):
    faces = faces_of(group)
    folds = splits.k_fold(faces, everything(faces), count, seed)
    assert len(folds) == count
    assert sorted(np.concatenate([fold.held_out for fold in folds])) == list(range(len(group)))
    for fold in folds:
        assert len(fold.training) and len(fold.held_out)
        assert sorted([*fold.training, *fold.held_out]) == list(range(len(group)))
        assert not set(faces.group[fold.training]) & set(faces.group[fold.held_out])
        splits.refuse_copies(faces, everything(faces), fold)


@given(units, st.floats(0.05, 0.95), st.integers(0, 3))
def test_a_hold_out_tears_nothing_apart(group, share, seed):
    faces = faces_of(group)
    fold = splits.hold_out(faces, everything(faces), share, seed)
    assert len(fold.training) and len(fold.held_out)
    assert not set(faces.group[fold.training]) & set(faces.group[fold.held_out])


@pytest.mark.parametrize("many", [600, 9000])
def test_shares_and_labels_are_met(many):
    random = np.random.default_rng(0)
    labels = random.choice(LABELS, many, p=[0.7, 0.25, 0.05])
    group = np.where(random.random(many) < 0.2, np.arange(many) // 2, np.arange(many) + many)
    faces = faces_of(group, labels)
    for fold, share in (
        (splits.hold_out(faces, everything(faces), 0.3), 0.3),
        (splits.k_fold(faces, everything(faces), 5)[2], 0.2),
    ):
        assert len(fold.held_out) / many == pytest.approx(share, abs=0.02)
        for label in LABELS:
            of_label = (labels[fold.held_out] == label).sum() / (labels == label).sum()
            assert of_label == pytest.approx(share, abs=0.07)


def test_the_same_seed_divides_alike_and_another_differently():
    faces = faces_of(np.arange(60))
    first, again, other = (splits.hold_out(faces, everything(faces), seed=seed).held_out for seed in (3, 3, 4))
    assert first.tolist() == again.tolist() != other.tolist()


def test_only_the_rows_asked_for_are_divided():
    faces = faces_of(np.arange(100))
    rows = np.arange(10, 60)
    folds = splits.k_fold(faces, rows, 5)
    assert sorted(np.concatenate([fold.held_out for fold in folds])) == list(range(50))


def test_a_rare_label_is_no_obstacle_and_no_warning():
    labels = ["happy"] * 30 + ["fear"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(splits.k_fold(faces_of(np.arange(31), labels), np.arange(31), 5)) == 5


def test_fewer_units_than_folds_are_refused():
    faces = faces_of([1, 1, 2, 2, 3, 3])
    with pytest.raises(DataError, match="3 different pictures, too few to be divided into 5"):
        splits.k_fold(faces, everything(faces), 5)
    with pytest.raises(DataError, match="1 folds"):
        splits.k_fold(faces, everything(faces), 1)


@pytest.mark.parametrize("share", [0, 1, -0.2, 1.5])
def test_an_impossible_share_is_refused(share):
    with pytest.raises(DataError, match="cannot be held out"):
        splits.hold_out(faces_of(np.arange(20)), np.arange(20), share)


def test_one_subject_at_a_time_is_left_out():
    faces = faces_of(["b", "a", "b", "c", "a"], subject=True)
    folds = splits.leave_one_subject_out(faces, everything(faces))
    assert [(fold.name, fold.held_out.tolist()) for fold in folds] == [("a", [1, 4]), ("b", [0, 2]), ("c", [3])]
    assert folds[0].training.tolist() == [0, 2, 3]


def test_leaving_a_subject_out_takes_subjects_and_no_copies_across():
    with pytest.raises(DataError, match="does not know who"):
        splits.leave_one_subject_out(faces_of([1, 2]), np.arange(2))
    with pytest.raises(DataError, match="1 subject"):
        splits.leave_one_subject_out(faces_of(["a", "a"], subject=True), np.arange(2))
    shared = faces_of(["a", "a", "b", "b"], subject=True, group=np.array([1, 2, 2, 3]))
    with pytest.raises(DataError, match="1 of the 2 held-out"):
        splits.leave_one_subject_out(shared, np.arange(4))


def test_the_sets_own_split_may_leak_and_is_counted():
    split = np.array(["train"] * 4 + ["test"] * 3)
    faces = faces_of([1, 2, 3, 4, 4, 5, 2], split=split)
    rows = np.array([6, 5, 4, 0, 1, 3])
    fold = splits.own_parts(faces, rows, "train", "test")
    assert rows[fold.training].tolist() == [0, 1, 3] and rows[fold.held_out].tolist() == [6, 5, 4]
    assert splits.copies_across(faces, rows, fold) == 2
    with pytest.raises(DataError, match="train:test: 2 of the 3 held-out pictures"):
        splits.refuse_copies(faces, rows, fold)


@pytest.mark.parametrize(("names", "said"), [(("a", "a"), "both train"), (("a", "c"), "no split 'c'")])
def test_own_splits_that_cannot_be(names, said):
    faces = faces_of([1, 2], split=np.array(["a", "b"]))
    with pytest.raises(DataError, match=said):
        splits.own_parts(faces, np.arange(2), *names)
    with pytest.raises(DataError, match="no usable picture"):
        splits.own_parts(faces, np.arange(1), "a", "b")


def test_dividing_by_picture_leaks():
    faces = faces_of(np.arange(200) // 2)
    fold = splits.by_picture(faces, everything(faces))
    assert len(fold.held_out) == 40
    assert splits.copies_across(faces, everything(faces), fold) > 20


def test_equal_pictures_are_copies_where_nobody_said_so():
    pictures = np.arange(10, dtype=np.uint8).repeat(4).reshape(10, 2, 2)[[*range(10), *range(10)]]
    faces = FaceSet("set", pictures, np.array(["happy"] * 20))
    for fold in splits.k_fold(faces, np.arange(20), 5):
        assert splits.copies_across(faces, np.arange(20), fold) == 0
    assert splits.copies_across(faces, np.arange(20), splits.by_picture(faces, np.arange(20))) > 0


def test_a_leaking_validation_part_is_said():
    crops = np.zeros((4, 48, 48), np.uint8)
    faces = faces_of([1, 2, 2, 3], split=np.array(["train", "train", "val", "val"]))
    *_, words = splits.training_and_validation(faces, crops, np.arange(4))
    assert words == "train/val, 1 of the validation pictures with a copy among those that train"
