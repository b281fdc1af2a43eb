import argparse
import dataclasses
import json
import shlex

import pytest

from engine.commands import train
from engine.errors import DataError, ModelError
from engine.training import runs
from engine.training.configuration import AUGMENTATIONS, RECIPES
from engine.training.learners import LEARNERS
from engine.training.request import EXPRESSIONS, Request, starting_point

CHANGED = dataclasses.replace(
    RECIPES["neuromer"],
    epochs=7,
    seed=4,
    classes=EXPRESSIONS["eight"],
    class_balance="weights",
    precision="float32",
    patience=9,
    ema_momentum=None,
    mirror=False,
    options={"lbp": False},
    initial="paper",
    teachers=("paper", "neuromer"),
    teacher_share=0.3,
    augmentation=AUGMENTATIONS["none"],
)
REQUESTS = [
    *(Request(model, "set", starting_point(model)) for model in (*RECIPES, *LEARNERS)),
    Request("neuromer", "my set", CHANGED, "k-fold", 7, "crop"),
    Request("paper", "set", dataclasses.replace(RECIPES["paper"], classes=("happy", "sad")), "Training:PrivateTest"),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.model)
def test_a_request_survives_its_file(request_):
    assert Request.from_json(json.loads(json.dumps(request_.as_json()))) == request_


@pytest.mark.parametrize(("was", "now"), [("balanced", "weights"), ("none", "none")])
def test_a_run_from_before_one_choice_of_balance_is_read(was, now):
    values = json.loads(json.dumps(REQUESTS[0].as_json()))
    del values["configuration"]["class_balance"], values["configuration"]["set_balance"]
    values["configuration"] |= {"class_weights": was, "prior_exponent": 0.0}
    assert Request.from_json(values).configuration.class_balance == now


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.model)
def test_the_command_asks_for_the_same(request_):
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    words = shlex.split(request_.command())
    assert words[:4] == ["python", "-m", "engine", "train"]
    assert train._asked(parser.parse_args(words[4:])).request == request_


def test_a_recipe_as_it_is_needs_no_options():
    assert Request("paper", "/some/where/set.zip", RECIPES["paper"]).command() == (
        "python -m engine train paper --data set.zip"
    )


def test_an_unknown_model_is_refused_with_the_known_ones():
    with pytest.raises(ModelError, match=r"neuromer.*random-forest"):
        starting_point("best")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"request": {}}', '{"request": {"configuration": 3}}'])
def test_a_damaged_run_is_a_sentence(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(DataError, match=r"is damaged: its run\.json cannot be read"):
        runs.opened(tmp_path)


def test_a_command_without_data_says_what_it_needs():
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    with pytest.raises(DataError, match="--data"):
        train.run(parser.parse_args(["paper"]))
