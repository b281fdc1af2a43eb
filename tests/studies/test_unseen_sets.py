import argparse
import dataclasses
import json
import shutil

import numpy as np
import pytest

from engine import datasets, settings
from engine.datasets import splits
from engine.datasets.joining import join
from engine.errors import DataError
from engine.models import registry
from engine.studies import unseen_sets
from engine.tasks import SILENT
from engine.training import configuration as recipes
from engine.training.training_data import prepare
from tests.training.easy import CLASSES, QUICK, easy_faces, tiny_network


@pytest.fixture(scope="module")
def joined():
    first = dataclasses.replace(easy_faces(120, 0), name="first", group=None)
    second = dataclasses.replace(easy_faces(90, 1), name="second", split=None, group=None)
    pictures = second.pictures.copy()
    pictures[0], pictures[1] = first.pictures[0], first.pictures[-1]
    return join([first, dataclasses.replace(second, pictures=pictures)])


@pytest.fixture
def data(joined, monkeypatch):
    monkeypatch.setattr(registry, "build", tiny_network)
    return prepare(QUICK, joined)


def test_nothing_that_is_asked_has_a_copy_among_what_trained(data, monkeypatch):
    seen = []

    def note(configuration, data, folds, **_):
        seen.extend(folds)
        held_out = np.concatenate([fold.held_out for fold in folds])
        even = np.full((len(held_out), 2), 0.5, np.float32)
        return data.predictions(held_out, even, np.zeros(len(held_out), bool), "")

    monkeypatch.setattr(unseen_sets, "cross_validate", note)
    whole = unseen_sets.measure(QUICK, data, "second")
    folds = unseen_sets.measure(QUICK, data, "second", folds=3)
    origin = data.faces.origin[data.rows]
    assert whole["left_out"] == {"copy in another set": 1} and not (origin[seen[0].training] == "second").any()
    assert (data.faces.split[data.rows[seen[0].training]] == "training").all()
    assert folds["n"] == (origin == "second").sum() and len(seen) == 4
    # The copy of a test picture of the first set is neither asked nor trained on.
    assert (data.faces.split == splits.COPY).sum() == 1 and data.left_out[splits.COPY] == 1
    for fold in seen:
        assert not np.isin(data.copies[fold.held_out], data.copies[fold.training]).any()
        assert (origin[fold.held_out] == "second").all()


def test_a_set_that_looks_alike_is_read_without_having_been_seen(data):
    found = unseen_sets.measure(dataclasses.replace(QUICK, epochs=12, learning_rate=0.01), data, "second")
    assert found["data"] == "second, never trained on" and found["n"] > 80
    assert found["accuracy"] > 0.8 and json.loads(json.dumps(found)) == found
    words = unseen_sets.in_words(found)
    assert "mean recall" in words and all(label in words for label in CLASSES)


def test_figures_go_into_a_card_and_replace_older_ones(joined, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "build", tiny_network)
    monkeypatch.setitem(recipes.RECIPES, "quick", QUICK)
    monkeypatch.setattr(datasets, "read", lambda _: joined)
    folder = tmp_path / "model"
    shutil.copytree(settings.WEIGHTS_FOLDER / "paper", folder)
    parser = argparse.ArgumentParser()
    unseen_sets.add_arguments(parser)
    words = ["--data", "joined", "--recipe", "quick", "--epochs", "1", "--set", "second", "--card", str(folder)]
    before = len(json.loads((folder / "card.json").read_text())["evaluations"])
    for _ in range(2):
        (found,) = unseen_sets.run(parser.parse_args(words), SILENT)
    written = json.loads((folder / "card.json").read_text())["evaluations"]
    assert len(written) == before + 1 and written[-1]["data"] == found["data"]


@pytest.mark.parametrize("name", ["third", ""])
def test_a_set_that_is_not_there_is_named(data, name):
    with pytest.raises(DataError, match="first, second"):
        unseen_sets.measure(QUICK, data, name)
