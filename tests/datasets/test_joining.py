import argparse
import dataclasses

import numpy as np
import pytest

from engine.commands import dataset
from engine.datasets import FaceSet, splits, store
from engine.datasets.joining import JoinedPictures, join
from engine.errors import DataError


def noise(count, seed, size=48):
    """Pictures that are no copies of each other: smooth enough to have detail at a face's scale."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 12, 12)).astype(np.uint8)
    return np.repeat(np.repeat(coarse, 4, axis=1), 4, axis=2)[:, :size, :size]


def face_set(name, count=60, seed=0, **known):
    return FaceSet(name, noise(count, seed), np.array(["happy", "sad", "angry"])[np.arange(count) % 3], **known)


@pytest.fixture
def divided():
    split = np.array(["Training"] * 40 + ["PublicTest"] * 10 + ["PrivateTest"] * 10)
    return face_set("divided", split=split, votes=np.full((60, 10), 1, np.int8), group=np.arange(60) // 2)


@pytest.fixture
def plain():
    return face_set("plain", seed=1)


def test_a_set_keeps_its_own_parts_and_another_gets_a_tenth_to_validate(divided, plain):
    both = join([divided, plain])
    assert len(both) == 120 and both.name == "divided + plain"
    of = {name: both.split[both.origin == name].tolist() for name in ("divided", "plain")}
    assert of["divided"] == ["training"] * 40 + ["validation"] * 10 + ["test"] * 10
    assert 4 <= of["plain"].count("validation") <= 8
    assert of["plain"].count("training") == 60 - of["plain"].count("validation")
    np.testing.assert_array_equal(both.pictures[75], plain.pictures[15])
    assert both.labels[75] == plain.labels[15] and both.files[75] == "plain/15"


def test_no_picture_trains_that_another_set_holds_out(divided, plain):
    pictures = plain.pictures.copy()
    # Of a training, a validation and a test picture, the last one mirrored.
    pictures[3], pictures[4], pictures[5] = divided.pictures[0], divided.pictures[41], divided.pictures[51][:, ::-1]
    both = join([divided, dataclasses.replace(plain, pictures=pictures)])
    part = both.split[60:]
    assert part[3] == "training" and part[4] == part[5] == splits.COPY
    assert both.group[63] == both.group[0] and both.group[64] == both.group[41]
    trains, held_out = both.split == "training", np.isin(both.split, ("validation", "test"))
    for name in ("divided", "plain"):
        own = both.origin == name
        assert not np.isin(both.group[trains & own], both.group[held_out & ~own]).any()


def test_groups_and_subjects_of_a_set_stay_together_and_never_meet_another_sets(divided, plain):
    subject = np.arange(60) // 6
    both = join([divided, dataclasses.replace(plain, subject=subject)])
    for start, own in ((0, divided.group), (60, subject)):
        for number in np.unique(own):
            assert len(np.unique(both.group[start + np.flatnonzero(own == number)])) == 1
    assert both.subject is None
    assert not set(both.group[:60].tolist()) & set(both.group[60:].tolist())
    validates = both.split[60:] == "validation"
    assert not set(subject[validates]) & set(subject[~validates])


def test_votes_are_missing_where_a_set_has_none(divided, plain):
    assert join([plain, face_set("more", seed=2)]).votes is None
    both = join([divided, plain])
    assert (both.votes[:60] == 1).all() and (both.votes[60:] == -1).all()


@pytest.mark.parametrize("names", [(), ("one",), ("one", "one"), ("one", "two", "one")])
def test_what_cannot_be_joined_is_a_sentence(names):
    with pytest.raises(DataError, match="cannot be joined"):
        join([face_set(name) for name in names])


def test_joined_pictures_end_where_the_last_set_does():
    joined = JoinedPictures([noise(2, 0), noise(3, 1)])
    assert len(joined) == 5
    for index in (-1, 5):
        with pytest.raises(IndexError, match="0 to 4"):
            joined[index]


def test_imported_sets_are_joined_by_name(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path))
    for name, size in (("one", 48), ("two", 40)):
        path = tmp_path / f"{name}.npz"
        np.savez(path, x=noise(60, size, size), y=np.arange(60) % 3, classes=np.array(["happy", "sad", "angry"]))
        store.import_set(path, name)
    assert dataset.run(_asked("join", "one", "two", "--name", "both")) == 0
    assert "120 pictures of different sizes" in capsys.readouterr().out
    both = store.load("both")
    assert both.origin.tolist() == ["one"] * 60 + ["two"] * 60
    np.testing.assert_array_equal(both.pictures[61][..., 0], noise(60, 40, 40)[1])
    with pytest.raises(DataError, match="a name of its own"):
        store.join_sets(["one", "two"], "two")
    with pytest.raises(DataError, match="no imported set named 'three'"):
        store.join_sets(["one", "three"], "new")


def _asked(*words):
    parser = argparse.ArgumentParser()
    dataset.add_arguments(parser)
    return parser.parse_args(words)
