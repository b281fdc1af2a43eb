"""Every kind of long work fills one bar, once, from its beginning to its end."""

from itertools import pairwise

import numpy as np
import pytest

from engine.datasets import store
from engine.emotions import SEVEN
from engine.evaluation.evaluated import evaluate_named
from engine.evaluation.robustness import sweep_named
from engine.practice.displays import face
from engine.recognition.video.recordings import analyse_recording
from engine.tasks import Progress


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with two small sets of drawn faces, checked or not."""
    home = tmp_path_factory.mktemp("bar")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEUROMER_DATA", str(home))
        for name, people in (("first", range(6)), ("second", range(6, 12))):
            crops = np.stack([face(person, each)[::9, ::9, 0][:44, :44] for each in SEVEN for person in people])
            np.savez(home / f"{name}.npz", x=crops, y=np.repeat(SEVEN, 6))
            store.import_set(home / f"{name}.npz", name)
        yield home


def imported(home, progress):
    store.import_set(home / "first.npz", "again", progress)


def checked(_, progress):
    store.check_set("first", progress)


def joined(_, progress):
    store.join_sets(["first", "second"], "both", progress)


def evaluated(_, progress):
    evaluate_named("neuromer", "first", None, "given", progress)


def made_worse(_, progress):
    sweep_named(["neuromer"], "first", None, ["all"], "given", 20, progress)


def example_analysed(_, progress):
    analyse_recording("clip", None, "One micro-expression", "none", True, {}, progress)


@pytest.mark.parametrize("work", [imported, checked, joined, evaluated, made_worse, example_analysed])
def test_one_bar(work, made, monkeypatch):
    monkeypatch.setenv("NEUROMER_DATA", str(made))
    told = []
    work(made, Progress(told.append, every_s=0))
    shares = [status.share for status in told]
    assert all(before <= after for before, after in pairwise(shares))
    assert shares[0] < 0.05 and shares[-1] > 0.85
    assert len(set(shares)) > 2
