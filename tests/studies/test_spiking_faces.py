import json

import numpy as np
import pytest

from engine.__main__ import main
from engine.datasets import FaceSet
from engine.errors import DataError
from engine.spiking import published
from engine.spiking.stimuli import CLASSES
from engine.studies.spiking_faces import RULES, balanced


def stripes(count=240, seed=0):
    """Make noisy stripes in three directions, in two parts; some of the held-out ones are copies."""
    random = np.random.default_rng(seed)
    kind = np.arange(count) % 3
    down, right = np.mgrid[:48, :48]
    waves = np.stack([np.sin(right / 1.5), np.sin(down / 1.5), np.sin((down + right) / 2)])[kind]
    pictures = np.clip(128 + 30 * waves + random.normal(0, 40, (count, 48, 48)), 0, 255).astype(np.uint8)
    split = np.where(np.arange(count) < count // 2, "Training", "PublicTest")
    group = np.arange(count)
    group[-9:] = group[:9]
    return FaceSet("stripes", pictures, np.array(CLASSES)[kind], split, group)


@pytest.fixture(scope="module")
def sides():
    return balanced(stripes(), "PublicTest", seed=0, training=30, tested=20)


def test_sides_are_balanced_and_leak_free(sides):
    assert np.bincount(sides.labels).tolist() == [30] * 3 and np.bincount(sides.true).tolist() == [20] * 3
    assert sides.training.shape == (90, 576) and sides.held_out.shape == (60, 576)
    every = balanced(stripes(), "PublicTest", seed=0, training=37, tested=40)
    assert len(every.labels) == 111, "three of each class have a copy among the held-out pictures"
    with pytest.raises(DataError, match="Training, has 37 pictures of happy"):
        balanced(stripes(), "PublicTest", seed=0, training=38, tested=40)


@pytest.mark.parametrize("rule", ["three-factor", "pair STDP with a teacher", "logistic regression", "nearest mean"])
def test_each_rule_learns_what_is_easy_and_the_same_seed_says_the_same(sides, rule):
    accuracy = RULES[rule](sides, 1)
    assert accuracy > 0.9 and RULES[rule](sides, 1) == accuracy


def test_the_published_network_says_the_same_of_every_face(sides):
    counts = published.counts(sides.crops)
    assert (counts.argmax(axis=1) == 0).all() and RULES["as published"](sides, 0) == pytest.approx(1 / 3)
    assert (counts == 250).all(), "saturated: a spike whenever the refractory time of 2 ms allows one, in 500 ms"


def test_the_published_features_are_a_map_of_brightness(sides):
    bright = sides.crops.reshape(-1, 12, 4, 12, 4).mean(axis=(2, 4)).reshape(len(sides.crops), -1)
    assert np.corrcoef(published.features(sides.crops).ravel(), bright.ravel())[0, 1] > 0.95


def test_the_command_sets_them_side_by_side(tmp_path, capsys, monkeypatch):
    faces = stripes()
    path = tmp_path / "stripes.npz"
    y = np.array([CLASSES.index(label) for label in faces.labels])
    np.savez(path, x=faces.pictures, y=y, classes=np.array(CLASSES), split=faces.split, group=faces.group)
    monkeypatch.setattr(balanced, "__defaults__", (30, 20))
    assert main(["study", "spiking-faces", "--data", str(path), "--seeds", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == list(RULES) and found["three-factor"]["mean"] > 0.9
    assert main(["study", "spiking-faces", "--data", str(path), "--seeds", "0"]) == 1
    assert "0 seeds" in capsys.readouterr().err
