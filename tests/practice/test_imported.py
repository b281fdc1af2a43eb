import numpy as np
import pytest

from engine.datasets import store
from engine.datasets.store import Licence
from engine.errors import DataError
from engine.practice import Round
from engine.practice.displays import SIDE
from engine.practice.imported import LEAST, ImportedFaces
from engine.practice.rounds import POST_TEST, PRACTICE, PRE_TEST

ALLOWED = Licence("CC BY 4.0", practice=True)


@pytest.fixture
def a_set(tmp_path, monkeypatch):
    """Returns what imports so many pictures a label; each is as bright as its number, two of five are for testing."""
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path / "data"))

    def make(name="faces", **counts):
        labels = np.repeat(list(counts), list(counts.values()))
        split = np.where(np.arange(len(labels)) % 5 < 3, "Training", "PrivateTest")
        pictures = np.arange(len(labels), dtype=np.uint8)[:, None, None] * np.ones((1, 48, 48), np.uint8)
        np.savez(tmp_path / f"{name}.npz", x=pictures, y=labels, split=split)
        return store.import_set(tmp_path / f"{name}.npz", name)

    return make


def test_a_licence_is_asked_for_and_kept(a_set):
    name = a_set(happy=10, sad=10)
    assert store.licence(name) is None
    with pytest.raises(DataError, match="Nobody has said"):
        ImportedFaces.load(name)
    store.keep_licence(name, Licence("research only", practice=False))
    assert store.licence(name) == Licence("research only", practice=False)
    with pytest.raises(DataError, match="Nobody has said"):
        ImportedFaces.load(name)
    store.keep_licence(name, ALLOWED)
    assert ImportedFaces.load(name).expressions == ("happy", "sad")
    a_set(happy=10, sad=10)
    assert store.licence(name) is None, "a newer import has to be told anew"


@pytest.mark.parametrize("words", ["", "  "])
def test_no_words_are_no_licence(a_set, words):
    with pytest.raises(DataError, match="Nothing is said"):
        store.keep_licence(a_set(happy=5), Licence(words, practice=True))


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"words": 3, "practice": true}', '{"words": "x"}'])
def test_a_damaged_licence_allows_nothing(a_set, damage):
    name = a_set(happy=10, sad=10)
    (store.folder(name) / "licence.json").write_text(damage)
    with pytest.raises(DataError, match="cannot be read"):
        ImportedFaces.load(name)


def test_only_what_models_learn_from_is_shown_and_half_of_it_is_kept_for_the_second_test(a_set):
    name = a_set(happy=30, sad=30, angry=LEAST - 1)
    store.keep_licence(name, ALLOWED)
    faces = ImportedFaces.load(name)
    shown = {kind: set() for kind in (PRE_TEST, PRACTICE, POST_TEST)}
    for kind, seen in shown.items():
        for seed in range(8):
            round_ = Round(kind, seed, faces=faces)
            assert round_.count == (40 if kind == PRACTICE else 4)
            while not round_.finished:
                trial = round_.answer("happy", round_.trial.duration_s).trial
                seen.add(trial.person)
                assert faces.faces.labels[trial.person] == trial.expression != "angry"
                assert trial.person % 5 < 3
    assert not shown[POST_TEST] & (shown[PRE_TEST] | shown[PRACTICE])


def test_pictures_of_any_shape_become_square(a_set):
    name = a_set(happy=30, sad=30)
    store.keep_licence(name, ALLOWED)
    faces = ImportedFaces.load(name)
    picture = faces.picture(7, "happy")
    assert picture.shape == faces.before(7).shape == (SIDE, SIDE, 3) and (picture == 7).all()
    wide = ImportedFaces("x", type(faces.faces)("x", [np.zeros((10, 30, 3), np.uint8)], np.array(["sad"])), {})
    assert (wide.picture(0, "sad") == 0).all(axis=(1, 2)).sum() == pytest.approx(SIDE / 3, abs=1)


def test_too_few_expressions_are_said(a_set):
    name = a_set(happy=30)
    store.keep_licence(name, ALLOWED)
    with pytest.raises(DataError, match="4 pictures or more of 1"):
        ImportedFaces.load(name)
