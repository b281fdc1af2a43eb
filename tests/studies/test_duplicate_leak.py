import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import Told

from engine.datasets import FaceSet
from engine.studies.duplicate_leak import leakage_gain
from engine.tasks import Cancelled, Progress


def doubled(count=60, seed=0):
    """Make pictures of noise, each there twice: nothing can be learnt but which copy is which."""
    random = np.random.default_rng(seed)
    pictures = np.repeat(random.integers(0, 256, (count, 48, 48)).astype(np.uint8), 2, axis=0)
    labels = np.repeat(random.choice(["happy", "sad"], count), 2)
    return FaceSet("doubles", pictures, labels, group=np.repeat(np.arange(count), 2))


def test_copies_make_noise_look_learnt():
    progress = Told()
    found = leakage_gain(doubled(), progress=progress)
    told = progress.steps
    assert found["pictures"] == 120 and found["what"] == "knn"
    assert found["by_picture"]["n"] == found["by_group"]["n"] == 24
    assert 12 < found["copies_across"] <= 24
    assert found["by_picture"]["accuracy"] > 0.85 > found["by_group"]["accuracy"]
    low, high = found["by_group"]["accuracy_interval"]
    assert low < found["by_group"]["accuracy"] < high
    assert json.loads(json.dumps(found)) == found
    assert [step[:2] for step in told] == [(0, 2), (1, 2), (2, 2)]


def test_without_copies_there_is_no_leak():
    faces = doubled()
    once = FaceSet("singles", faces.pictures[::2], faces.labels[::2])
    assert leakage_gain(once)["copies_across"] == 0


def test_it_can_be_stopped():
    with pytest.raises(Cancelled):
        leakage_gain(doubled(), progress=Progress(cancelled=lambda: True))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000))
def test_the_seed_decides(seed):
    assert leakage_gain(doubled(20), seed=seed) == leakage_gain(doubled(20), seed=seed)
