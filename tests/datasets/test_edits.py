"""Pictures that are left out, labelled anew and tagged by hand, and all of that taken back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_sets import classes, write_folder

from engine import datasets, emotions
from engine.__main__ import main
from engine.datasets import edits as editing
from engine.datasets import store
from engine.datasets.edits import NONE, Edits, applied
from engine.datasets.face_set import FaceSet, fingerprint
from engine.errors import DataError
from engine.training.configuration import RECIPES
from engine.training.training_data import prepare


def a_set(votes=None, count=6):
    pictures = np.random.default_rng(0).integers(0, 256, (count, 48, 48)).astype(np.uint8)
    return FaceSet("six", pictures, np.array(["happy", "sad"] * (count // 2)), votes=votes)


@pytest.fixture
def imported(tmp_path):
    return store.import_set(write_folder(tmp_path / "mine", classes("happy", "sad")))


def test_what_is_left_out_has_no_label_and_keeps_its_number():
    faces = applied(a_set(), NONE.then("exclude", [1, 4], "", 6).then("relabel", [0], "Anger", 6))
    assert faces.labels.tolist() == ["angry", "", "happy", "sad", "", "sad"] and len(faces) == 6
    assert faces.notes == ("By hand: 2 pictures left out, 1 picture labelled anew.",)
    assert applied(a_set(), NONE.then("tag", [1], "blurred", 6)).labels.tolist() == a_set().labels.tolist()


def test_left_out_beats_labelled_anew_and_can_be_taken_in_again():
    edits = NONE.then("exclude", [0], "", 6).then("relabel", [0], "fear", 6)
    assert applied(a_set(), edits).labels[0] == ""
    assert applied(a_set(), edits.then("include", [0], "", 6)).labels[0] == "fear"


def test_votes_give_way_to_a_label_and_those_that_never_were_stay_so():
    votes = np.zeros((6, 10), np.int8)
    votes[:, 0] = 10
    votes[5] = -1
    edits = NONE.then("relabel", [0, 5], "happy", 6).then("exclude", [1], "", 6)
    faces = applied(a_set(votes), edits)
    assert faces.votes[0].tolist() == (10 * (np.array(emotions.FERPLUS_COLUMNS) == "happy")).tolist()
    assert faces.votes[1].sum() == 0 and faces.votes[5].tolist() == [-1] * 10 and faces.votes[2, 0] == 10
    assert faces.judged_by("votes").labels[1] == "" and votes[0, 0] == 10, "the set itself is as it came"
    assert not any("voters" in note for note in faces.notes)
    named = applied(a_set(votes), NONE.then("relabel", [0, 2], "bored", 6))
    assert named.votes[0].sum() == 0 and "2 pictures labelled anew as bored, of which voters" in " ".join(named.notes)


ACTIONS = st.tuples(
    st.sampled_from(editing.KINDS), st.lists(st.integers(0, 5), min_size=1, max_size=4), st.sampled_from(["fear", "x"])
)


@given(st.lists(ACTIONS, max_size=8))
def test_every_change_can_be_taken_back_one_after_the_other(actions):
    states = [NONE]
    for kind, pictures, value in actions:
        states.append(states[-1].then(kind, pictures, value, 6))
    after = states[-1]
    assert after.excluded <= set(range(6)) and set(after.labels) <= set(range(6))
    for before in reversed(states[:-1]):
        after = after.undone()
        assert after == before
    assert NONE.undone() == NONE


@pytest.mark.parametrize(
    ("kind", "pictures", "value", "said"),
    [
        ("burn", [1], "", "no change"),
        ("exclude", [], "", "No picture"),
        ("exclude", [6], "", "no picture 6"),
        ("exclude", [-1], "", "no picture -1"),
        ("relabel", [1], " ", "no word"),
        ("tag", [1], "x" * 41, "no word"),
        ("tag", [1], "a\x1bb", "no word"),
    ],
)
def test_what_cannot_be_is_refused(kind, pictures, value, said):
    with pytest.raises(DataError, match=said):
        NONE.then(kind, pictures, value, 6)


def test_a_training_and_the_fingerprint_follow(imported):
    before = fingerprint(datasets.read(imported))
    store.edit(imported, "exclude", [0])
    store.edit(imported, "relabel", [1], "fear")
    faces = datasets.read(imported)
    assert faces.labels[0] == "" and faces.labels[1] == "fear" and fingerprint(faces) != before
    data = prepare(RECIPES["paper"], faces, "crop")
    assert data.left_out["no usable label"] >= 1 and 0 not in data.rows
    assert store.load_as_it_came(imported).labels[0] != ""
    store.undo_edit(imported)
    store.undo_edit(imported)
    assert fingerprint(datasets.read(imported)) == before and store.edits(imported) == NONE


def test_changes_are_kept_and_a_new_import_begins_without(imported, tmp_path):
    version = store.version(imported)
    store.edit(imported, "tag", [2, 1, 2], "blurred")
    (edit,) = store.edits(imported).log
    assert edit.pictures == (1, 2) and edit.at and store.version(imported) != version
    assert store.edits(imported).tags == {"blurred": {1, 2}}
    store.import_set(tmp_path / "mine")
    assert store.edits(imported) == NONE
    assert "1 change made there by hand went with that" in " ".join(store.about(imported)["notes"])
    (store.folder(imported) / editing.FILE).write_bytes(b"[3")
    store.import_set(tmp_path / "mine")
    assert not any("by hand" in note for note in store.about(imported)["notes"])


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'[{"kind": "exclude"}]', b'[{"kind": "exclude", "pictures": ["a"]}]', b"[3"]
)
def test_a_damaged_log_is_said_and_the_set_can_be_looked_at(imported, content):
    (store.folder(imported) / editing.FILE).write_bytes(content)
    with pytest.raises(DataError, match=r"edits\.json"):
        datasets.read(imported)
    assert len(store.load_as_it_came(imported)) == 6


def test_keys_of_a_newer_version_are_no_damage(imported):
    store.edit(imported, "exclude", [3])
    path = store.folder(imported) / editing.FILE
    said = json.loads(path.read_text())
    newer = [{**each, "by": "somebody"} for each in said]
    newer.append({"kind": "turn", "pictures": [2, 999], "value": "90", "at": ""})
    newer.append({"kind": "exclude", "pictures": [999], "value": "", "at": ""})
    path.write_text(json.dumps(newer))
    assert datasets.read(imported).labels.tolist().index("") == 3


def test_the_command_line_changes_lists_and_takes_back(imported, capsys):
    assert main(["dataset", "edit", imported, "--exclude", "0", "2"]) == 0
    assert main(["dataset", "edit", imported, "--relabel", "surprise", "1"]) == 0
    assert main(["dataset", "edit", imported, "--tag", "blurred", "1", "2"]) == 0
    assert "3: tag blurred: 1 2" in capsys.readouterr().out
    assert main(["dataset", "edit", imported, "--undo"]) == 0
    assert f"{imported}: 2 pictures left out, 1 picture labelled anew" in capsys.readouterr().out
    assert main(["dataset", "edit", imported, "--tag", "blurred", "one"]) == 1
    assert main(["dataset", "edit", imported, "--exclude", "99"]) == 1
    assert store.edits(imported).excluded == {0, 2} and isinstance(store.edits(imported), Edits)


def test_the_fingerprint_that_is_told_is_that_of_what_is_read(imported):
    assert store.fingerprint_as_changed(imported) == store.fingerprint(imported)
    store.edit(imported, "exclude", [0])
    assert store.fingerprint_as_changed(imported) == fingerprint(datasets.read(imported))
