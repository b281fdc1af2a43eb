import dataclasses
import itertools
import json
import shlex

import numpy as np
import pytest

from engine.__main__ import main
from engine.errors import DataError
from engine.evaluation.predictions import Predictions
from engine.models import registry
from engine.studies import ablation
from engine.studies.ablation import ablate
from engine.training import runs
from engine.training.configuration import PARTS, RECIPES, parts_of, shortened
from engine.training.request import Request
from engine.training.work import work
from tests.training.easy import STATEFUL, tiny_network, write_easy

AVERAGED = dataclasses.replace(STATEFUL, patience=None)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return str(write_easy(tmp_path_factory.mktemp("set") / "easy.npz"))


@pytest.fixture(autouse=True)
def quick_network(monkeypatch):
    monkeypatch.setattr(registry, "build", tiny_network)


@pytest.fixture(scope="module")
def ablated(data, tmp_path_factory):
    """What each part is worth, of a recipe whose averages and augmentation can be left out, and the folder of its runs.

    Nobody may change the folder.
    """
    folder = tmp_path_factory.mktemp("ablated") / "runs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "build", tiny_network)
        patch.setenv("NEUROMER_DATA", str(tmp_path_factory.mktemp("data")))
        return ablate(Request("paper", data, AVERAGED), folder, echo=False), folder


def test_parts_are_those_that_a_recipe_has():
    every = {"lbp", "lstm", "soft-labels", "augmentation", "averaging", "mirror"}
    assert set(parts_of(RECIPES["neuromer-start"])) == every
    assert set(parts_of(RECIPES["neuromer"])) == every | {"class-balance", "last-layer"}
    assert set(parts_of(RECIPES["paper"])) == set()
    another = dataclasses.replace(RECIPES["neuromer-start"], architecture="another")
    assert set(parts_of(another)) == every - {"lbp", "lstm"}


@pytest.mark.parametrize("key", PARTS)
def test_what_has_been_left_out_cannot_be_left_out_again(key):
    recipe = dataclasses.replace(RECIPES["neuromer"], teachers=("paper",), initial="paper")
    without = PARTS[key].without(recipe)
    assert without != recipe and PARTS[key].without(without) == without


def test_each_part_is_compared_on_the_same_pictures(ablated):
    found, folder = ablated
    assert [part["name"] for part in found["parts"]] == ["balanced expressions", "augmentation", "averaged weights"]
    assert found["n"] == 40 and found["judged_by"] == "given labels" and found["epochs"] == AVERAGED.epochs
    for part, score in itertools.product(found["parts"], ("accuracy", "balanced_accuracy")):
        told = part[score]
        assert told["first"] == pytest.approx(found[score])
        assert told["second"] - told["first"] == pytest.approx(told["difference"])
        assert told["interval"][0] <= told["difference"] <= told["interval"][1]
    # Averaging is judged from the whole recipe's run; the others have been trained without.
    assert {path.name for path in folder.iterdir()} == {"whole", "class-balance", "augmentation"}


def test_last_weights_of_the_averaged_training_are_those_of_one_without_averaging(ablated, data, tmp_path):
    (averaging,) = [part for part in ablated[0]["parts"] if part["name"] == "averaged weights"]
    alone = Request("paper", data, dataclasses.replace(AVERAGED, ema_momentum=None))
    trained = Predictions.load(work(runs.create(alone, tmp_path / "alone").folder, echo=False).predictions_path)
    assert averaging["accuracy"]["second"] == pytest.approx(np.mean(trained.answered == trained.true))


def test_finished_runs_are_not_repeated(ablated, data):
    found, folder = ablated
    written = {path: path.stat().st_mtime_ns for path in folder.glob("*/checkpoint.npz")}
    assert len(written) == 3
    assert ablate(Request("paper", data, AVERAGED), folder, echo=False) == found
    assert {path: path.stat().st_mtime_ns for path in written} == written


def test_the_command_asks_for_the_same(data, tmp_path, monkeypatch):
    configuration = shortened(AVERAGED, 2)
    found = ablate(Request("paper", data, configuration, faces="crop"), tmp_path, ("averaging",), echo=False)
    assert str(tmp_path) not in found["command"]
    asked = []
    monkeypatch.setitem(RECIPES, "paper", AVERAGED)
    monkeypatch.setattr(ablation, "ablate", lambda request, _, only, **__: asked.append((request, only)) or found)
    assert main([*shlex.split(found["command"])[3:], "--output", str(tmp_path)]) == 0
    assert asked == [(Request("paper", "easy.npz", configuration, faces="crop"), ("averaging",))]


def test_every_training_can_start_from_a_model(data, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(ablation, "ablate", lambda request, *_, **__: asked.append(request) or {"parts": []})
    monkeypatch.setattr(ablation, "in_words", str)
    start = tmp_path / "start"
    assert (
        main(["study", "ablation", "paper", "--data", str(data), "--output", str(tmp_path), "--initial", str(start)])
        == 0
    )
    assert asked[0].configuration.initial == str(start)
    words = shlex.split(ablation.command(asked[0]))
    assert words[words.index("--initial") + 1] == "start"


def test_averages_of_a_shortened_recipe_reach_back_over_the_same_share_of_it():
    recipe = RECIPES["neuromer-start"]
    short = shortened(recipe, recipe.epochs // 10)
    assert 1 - short.ema_momentum == pytest.approx(10 * (1 - recipe.ema_momentum))
    assert shortened(recipe, recipe.epochs) == recipe and shortened(RECIPES["paper"], 3).ema_momentum is None


@pytest.mark.parametrize(
    ("request_", "only", "said"),
    [
        (Request("paper", "x", STATEFUL, split="k-fold"), None, "k-fold leaves no network"),
        (Request("knn", "x", STATEFUL), None, "knn on the split"),
        (Request("paper", "x", STATEFUL), ("lbp",), "has no part lbp"),
    ],
)
def test_what_cannot_be_ablated_is_refused_before_anything_is_made(request_, only, said, tmp_path):
    with pytest.raises(DataError, match=said):
        ablate(request_, tmp_path / "runs", only)
    assert not (tmp_path / "runs").exists()


def test_a_folder_of_another_training_is_left_alone(ablated, data):
    other = dataclasses.replace(AVERAGED, epochs=2)
    with pytest.raises(DataError, match="holds another training"):
        ablate(Request("paper", data, other), ablated[1], ("averaging",), echo=False)


@pytest.fixture
def recipe(monkeypatch):
    monkeypatch.setitem(RECIPES, "paper", STATEFUL)


def test_the_table_is_printed_kept_and_written_into_a_card(recipe, tmp_path, capsys):
    data, runs = write_easy(tmp_path / "easy.npz"), tmp_path / "runs"
    words = [
        "study",
        "ablation",
        "paper",
        "--data",
        str(data),
        "--output",
        str(runs),
        "--epochs",
        "1",
        "--without",
        "augmentation",
    ]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "mean recall" in said and "without augmentation" in said and "epochs of each training: 1" in said
    kept = json.loads((runs / "ablation.json").read_text(encoding="utf-8"))
    assert kept["epochs"] == 1 and kept["command"].endswith("--without augmentation")
    assert main([*words, "--card", str(runs / "whole"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == kept
    card = json.loads((runs / "whole" / "card.json").read_text(encoding="utf-8"))
    assert card["ablation"] == kept and card["name"] == "whole"


def test_a_card_that_is_missing_is_refused_before_the_training(recipe, tmp_path, capsys):
    data, runs = write_easy(tmp_path / "easy.npz"), tmp_path / "runs"
    assert (
        main(["study", "ablation", "paper", "--data", str(data), "--output", str(runs), "--card", str(tmp_path)]) == 1
    )
    assert "cannot be read" in capsys.readouterr().err and not runs.exists()
