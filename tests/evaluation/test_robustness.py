import json

import numpy as np
import pytest
from told import Told

from engine.errors import DataError, ModelError
from engine.evaluation.degradations import DEGRADATIONS
from engine.evaluation.robustness import sweep
from engine.tasks import Cancelled, Progress


class Detail:
    """Says happy where neighbouring pixels differ much, else angry: blur makes it fail."""

    labels = ("angry", "happy")

    def __init__(self, name="detail", labels=None):
        self.name = self.title = name
        self.labels = labels or self.labels

    def probabilities(self, crops):
        rough = np.abs(np.diff(crops.astype(int), axis=2)).mean(axis=(1, 2)) > 20
        shares = np.zeros((len(crops), len(self.labels)), np.float32)
        shares[np.arange(len(crops)), rough.astype(int)] = 1
        return shares


@pytest.fixture
def material():
    random = np.random.default_rng(0)
    rough = random.integers(0, 256, (20, 48, 48)).astype(np.uint8)
    smooth = np.full((20, 48, 48), 120, np.uint8)
    return np.concatenate([rough, smooth]), np.array(["happy"] * 20 + ["angry"] * 20)


def test_accuracy_falls_where_it_should(material):
    crops, labels = material
    found = sweep([Detail()], crops, labels, ["blur", "rotation"])
    assert json.loads(json.dumps(found)) is not None and found["n"] == 40
    blur = found["sweeps"]["blur"]
    assert blur["strengths"] == [0, *DEGRADATIONS["blur"].strengths]
    series = blur["models"]["detail"]
    assert series["accuracy"][0] == 1 and series["accuracy"][-1] == 0.5
    assert len(series["interval"]) == len(series["accuracy"])
    assert series["interval"][-1][0] < 0.5 < series["interval"][-1][1]
    assert found["sweeps"]["rotation"]["models"]["detail"]["accuracy"][0] == 1


def test_all_means_every_degradation(material):
    crops, labels = material
    found = sweep([Detail()], crops[18:22], labels[18:22], ["all"])
    assert list(found["sweeps"]) == list(DEGRADATIONS)


def test_several_models_see_the_same_pictures(material):
    crops, labels = material
    labels = np.where(np.arange(40) == 0, "fear", labels)
    models = [Detail("one"), Detail("two", ("angry", "happy", "fear"))]
    found = sweep(models, crops, labels, ["shift"])
    assert found["n"] == 39 and found["left_out"] == 1
    assert found["models"] == {"one": "one", "two": "two"}
    first, second = found["sweeps"]["shift"]["models"].values()
    assert first == second


def test_progress_and_a_way_out(material):
    progress = Told()
    sweep([Detail()], *material, ["blur"], progress=progress)
    told = progress.steps
    assert [step[0] for step in told] == list(range(6)) and {step[1] for step in told} == {6}
    assert told[1][2].startswith("Blur, 0.5")
    with pytest.raises(Cancelled):
        sweep([Detail()], *material, ["blur"], progress=Progress(cancelled=lambda: True))


def test_refusals(material):
    crops, labels = material
    with pytest.raises(DataError, match="no sweep 'fog'"):
        sweep([Detail()], crops, labels, ["fog"])
    with pytest.raises(DataError, match="No picture"):
        sweep([Detail()], crops, np.full(40, "fear"), ["blur"])
    with pytest.raises(ModelError, match="twice"):
        sweep([Detail(), Detail()], crops, labels, ["blur"])
