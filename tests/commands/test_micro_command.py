"""The benchmark of micro-expressions on the command line."""

import json

import pytest

from engine.__main__ import main
from tests.evaluation.flow_sets import moving


@pytest.fixture
def flow(tmp_path):
    moving().save(tmp_path / "flow.npz")
    return tmp_path / "flow.npz"


def test_learners_stand_in_one_table_and_are_compared(flow, capsys):
    given = ["micro", "benchmark", "--data", str(flow), "--learner", "linear", "--learner", "svm", "--seeds", "1"]
    assert main(given) == 0
    said = capsys.readouterr().out
    assert "UF1 / UAR" in said and "linear less svm: UF1 " in said
    assert main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["learners"]) == {"linear", "svm"} and set(told["linear less"]) == {"svm"}
    assert told["learners"]["linear"]["whole"]["uf1"] > 0.9


def test_what_was_kept_is_not_done_again(flow, tmp_path, capsys, monkeypatch):
    kept = tmp_path / "kept.json"
    given = ["micro", "benchmark", "--data", str(flow), "--learner", "linear", "--output", str(kept), "--json"]
    assert main([*given, "--seeds", "1"]) == 0
    first = capsys.readouterr().out
    assert [run["seed"] for run in json.loads(kept.read_text())["linear"]] == [0]

    def never(*_):
        raise AssertionError("learnt again")

    monkeypatch.setattr("engine.evaluation.micro_expressions.leave_one_subject_out", never)
    assert main([*given, "--seeds", "1"]) == 0
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["benchmark", "--seeds", "0"], "0 seeds are none"),
        (["benchmark", "--learner", "nobody"], "no learner 'nobody'"),
        (["train", "--benchmark", "missing.json", "--output", "out"], "holds no answers of neuromer"),
        (
            ["train", "--learner", "learnet", "--benchmark", "missing.json", "--output", "out"],
            "benchmark --learner learnet --output",
        ),
        (["train", "--learner", "svm", "--benchmark", "missing.json", "--output", "out"], "'svm' cannot be shipped"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(flow, capsys, arguments, said):
    assert main(["micro", arguments[0], "--data", str(flow), *arguments[1:]]) == 1
    assert said in capsys.readouterr().err


def test_a_damaged_file_of_answers_is_said(flow, tmp_path, capsys):
    (tmp_path / "kept.json").write_text("{")
    given = ["micro", "benchmark", "--data", str(flow), "--learner", "linear", "--output", str(tmp_path / "kept.json")]
    assert main(given) == 1
    assert "cannot be read" in capsys.readouterr().err
