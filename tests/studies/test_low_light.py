import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.__main__ import main
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.models import card as cards
from engine.models.enhanced import EnhancedModel, with_enhancement
from engine.models.shipped import ShippedModel
from engine.studies import low_light

LABELS = ("happy", "sad")


class ByBrightness:
    """Takes a face for happy where it is brighter than a level."""

    name, title, version, labels = "level", "By brightness", "1", LABELS
    thresholds = dict.fromkeys(LABELS, 0.5)
    card, crop_size, tells_embeddings = {}, 48, False

    def __init__(self, level):
        self.level = level

    def probabilities(self, crops):
        happy = crops.mean(axis=(1, 2)) > self.level
        return np.stack([happy, ~happy], axis=1).astype(np.float32)


CROPS = np.concatenate([np.full((20, 48, 48), 200, np.uint8), np.full((10, 48, 48), 60, np.uint8)])
TRUE = np.array(["happy"] * 20 + ["sad"] * 10)


def test_what_darkness_costs_and_what_gamma_wins_back():
    # Gray 200 divided by 2, 4, 10, 20 is below 70 from the second on; gray 60 always is. Gamma brings all to 115.
    found = low_light.measure(ByBrightness(70), CROPS, TRUE, kind="dim", methods=["gamma"])
    assert found["strengths"] == [1, 2, 4, 10, 20] and found["n"] == 30
    plain, gamma = found["methods"]["none"], found["methods"]["gamma"]
    assert plain["accuracy"] == pytest.approx([1, 1, 1 / 3, 1 / 3, 1 / 3])
    assert gamma["accuracy"] == pytest.approx([2 / 3] * 5)
    assert found["cost"] == pytest.approx(1 / 2)
    assert gamma["won_back"] == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    assert gamma["difference"] == pytest.approx([-1 / 3, -1 / 3, 1 / 3, 1 / 3, 1 / 3])
    assert gamma["darkest"] == pytest.approx(1 / 3)
    low, high = gamma["darkest_interval"]
    assert low < 1 / 3 < high
    assert plain["difference_interval"] == [[0, 0]] * 5 and plain["won_back"] == 0


def test_figures_are_kept_in_the_card_once(tmp_path):
    (tmp_path / "card.json").write_text('{"kind": "enhancement", "name": "e", "title": "E", "files": {}}')
    found = {"model": "m", "kind": "dark", "data": "d", "split": None, "judged_by": "j", "n": 1}
    for each in (found, found | {"kind": "dim"}, found | {"n": 2}):
        low_light.keep(tmp_path, each)
    kept = cards.read(tmp_path)["evaluations"]
    assert [(each["kind"], each["n"]) for each in kept] == [("dim", 1), ("dark", 2)]


def test_units_are_drawn_whole():
    unit = np.repeat([0, 1, 2], 10)
    alone = low_light.measure(ByBrightness(100), CROPS, TRUE, methods=[])
    together = low_light.measure(ByBrightness(100), CROPS, TRUE, unit, methods=[])

    def widths(found):
        return [high - low for low, high in found["methods"]["none"]["interval"]]

    assert widths(together)[-1] > 2 * widths(alone)[-1]


def test_a_model_behind_an_enhancement():
    model = ByBrightness(100)
    dark = CROPS // 10
    assert with_enhancement(model, None) is model and with_enhancement(model, "none") is model
    enhanced = with_enhancement(model, "gamma")
    assert isinstance(enhanced, EnhancedModel)
    assert (model.probabilities(dark)[:, 0] == 0).all() and (enhanced.probabilities(dark)[:, 0] == 1).all()
    assert enhanced.title == "By brightness, behind Gamma" and enhanced.labels == LABELS and enhanced.name == "level"
    # Everything that others read of a model is there.
    public = {name for name in vars(ShippedModel) if not name.startswith("_")}
    assert public <= {name for name in dir(enhanced) if not name.startswith("_")}


def test_the_pictures_of_a_split():
    faces = FaceSet("faces", CROPS, TRUE, split=np.array(["Training"] * 15 + ["PrivateTest"] * 15))
    crops, labels, unit = low_light.pictures(ByBrightness(1), faces, "PrivateTest")
    assert (crops == CROPS[15:]).all() and (labels == TRUE[15:]).all() and len(unit) == 15
    with pytest.raises(DataError, match="no picture"):
        low_light.pictures(ByBrightness(1), replace(faces, labels=np.full(30, "fear")), None)


def test_the_held_out_tenth_of_another_set_is_unknown():
    faces = FaceSet("faces", CROPS, TRUE)
    model = SimpleNamespace(
        name="m", labels=LABELS, card={"data": {"division": "hold-out of 10% by group", "fingerprint": "another"}}
    )
    with pytest.raises(DataError, match="held-out tenth is unknown"):
        low_light.pictures(model, faces, low_light.TENTH)


def test_the_tenth_is_held_out_by_unit():
    pictures = np.random.default_rng(0).integers(0, 256, (100, 48, 48)).astype(np.uint8)
    group = np.repeat(np.arange(50), 2)
    faces = FaceSet("faces", pictures, np.array(["happy", "sad"]).repeat(50), group=group)
    crops, _, unit = low_light.pictures(ByBrightness(1), faces, low_light.TENTH)
    assert len(crops) == 10 and (np.unique(unit, return_counts=True)[1] == 2).all()


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("faces") / "faces.npz"
    crops = random.integers(0, 256, (12, 48, 48)).astype(np.uint8)
    np.savez(path, x=crops, y=np.arange(12) % 2, classes=np.array(["happy", "sad"]))
    return path


def test_measure_in_words_and_as_json(noise, capsys):
    command = ["study", "low-light", "--data", str(noise), "--model", "paper", "--method", "gamma", "--method", "llem"]
    assert main([*command, "--kind", "dark"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("paper, faces.npz, all pictures, given labels: n 12; dark")
    assert "LLEM" in said and "Gamma" in said and "CLAHE" not in said
    assert main([*command, "--json"]) == 0
    dark, dim = map(json.loads, capsys.readouterr().out.splitlines())
    assert (dark["kind"], dim["kind"]) == ("dark", "dim")
    assert list(dark["methods"]) == ["none", "gamma", "llem"] and len(dark["methods"]["llem"]["accuracy"]) == 5


def test_an_unknown_set_is_one_sentence(capsys):
    assert main(["study", "low-light", "--data", "nowhere.npz"]) == 1
    assert "nowhere.npz" in capsys.readouterr().err
