from types import SimpleNamespace

import numpy as np
import pytest
from picture_sets import png, write_folder
from skimage import data

from engine import datasets
from engine.datasets import FaceSet, browse
from engine.errors import ImageError
from engine.features.lbp import lbp_3x3


def faces_of(**more):
    pictures = np.random.default_rng(0).integers(0, 256, (6, 48, 48)).astype(np.uint8)
    labels = np.array(["happy", "sad", "happy", "fear", "sad", "happy"])
    return FaceSet("set", pictures, labels, np.array(["a", "a", "b", "b", "a", "b"]), **more)


def test_every_wish_narrows():
    faces = faces_of()
    odd = np.arange(6) % 2 == 1
    assert browse.matching(faces).tolist() == list(range(6))
    assert browse.matching(faces, ["happy", "fear"]).tolist() == [0, 2, 3, 5]
    assert browse.matching(faces, [], "b").tolist() == [2, 3, 5]
    assert browse.matching(faces, ["happy"], "b", odd).tolist() == [5]
    assert odd.tolist() == [False, True] * 3


def test_copies_stand_side_by_side():
    faces = faces_of(group=np.array([9, 4, 7, 4, 9, 1]))
    assert browse.copies_together(faces, np.arange(6)).tolist() == [0, 4, 1, 3, 2, 5]
    assert browse.copies_together(faces, np.array([1, 3, 4])).tolist() == [1, 3, 4]
    assert browse.copies_together(faces_of(), np.array([2, 1])).tolist() == [2, 1]
    assert browse.copies_of_one(faces, 4).tolist() == [0]
    assert browse.copies_of_one(faces, 5).tolist() == browse.copies_of_one(faces_of(), 0).tolist() == []


def test_voters_who_see_something_else_are_a_problem():
    votes = np.zeros((6, 10), np.int8)
    votes[:, 1] = 6  # happy
    votes[5, [1, 2]] = 5  # a tie disagrees with nobody
    found = browse.problems(faces_of(votes=votes), None)
    assert list(found) == [browse.VOTERS_DISAGREE]
    assert found[browse.VOTERS_DISAGREE].tolist() == [False, True, False, True, True, False]
    checks = SimpleNamespace(problems={"blurred": np.ones(6, bool)})
    assert list(browse.problems(faces_of(votes=votes), checks)) == ["blurred", browse.VOTERS_DISAGREE]
    assert browse.problems(faces_of(), None) == {}


def test_the_mean_of_a_class_is_the_mean():
    faces = faces_of()
    found = browse.mean_faces(faces)
    assert {label: count for label, (_, count) in found.items()} == {"happy": 3, "sad": 2, "fear": 1}
    expected = np.rint(faces.pictures[[1, 4]].mean(axis=0))
    assert np.array_equal(found["sad"][0], expected)


def test_means_of_many_are_of_some_evenly_chosen():
    pictures = np.arange(100, dtype=np.uint8).repeat(48 * 48).reshape(100, 48, 48)
    (face, count) = browse.mean_faces(FaceSet("set", pictures, np.array(["sad"] * 100)), at_most=3)["sad"]
    assert count == 3 and face.max() == face.min() == round((0 + 50 + 99) / 3)


def test_the_steps_of_one_picture(tmp_path):
    faces = datasets.read(write_folder(tmp_path, {"happy/1.png": png(1, 80, colour=True), "happy/2.png": b"x"}))
    taken = browse.preprocessing_steps(faces, 0)
    assert taken.picture.shape == (80, 80, 3) and taken.gray.shape == (80, 80) and taken.crop.shape == (48, 48)
    weights = np.array([0.2989, 0.587, 0.114])
    assert np.abs(taken.gray - taken.picture @ weights).max() <= 0.51
    assert np.array_equal(taken.codes, lbp_3x3(taken.crop))
    assert taken.histogram.sum() == pytest.approx(1) and taken.histogram.shape == (256,)
    with pytest.raises(ImageError):
        browse.preprocessing_steps(faces, 1)


def test_in_a_large_picture_the_face_is_found_first():
    photo, wall = data.astronaut(), np.full((300, 300, 3), 90, np.uint8)
    faces = FaceSet("set", [photo, wall], np.array(["happy", "sad"]))
    assert browse.preprocessing_steps(faces, 0).crop.shape == (48, 48)
    taken = browse.preprocessing_steps(faces, 1)
    assert taken.crop is taken.codes is taken.histogram is None and taken.gray.shape == (300, 300)
