"""The studies of micro-expressions, real and synthetic, on the command line."""

import json

import numpy as np
import pytest

from engine.__main__ import main
from engine.studies.synthetic_clips import SyntheticClips
from tests.studies.flow_sets import moving


@pytest.fixture
def flow(tmp_path):
    moving().save(tmp_path / "flow.npz")
    return tmp_path / "flow.npz"


def test_learners_stand_in_one_table_and_are_compared(flow, capsys):
    given = [
        "study",
        "micro-expressions",
        "--data",
        str(flow),
        "--learner",
        "linear",
        "--learner",
        "svm",
        "--seeds",
        "1",
    ]
    assert main(given) == 0
    said = capsys.readouterr().out
    assert "UF1 / UAR" in said and "linear less svm: UF1 " in said
    assert main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["learners"]) == {"linear", "svm"} and set(told["linear less"]) == {"svm"}
    assert told["learners"]["linear"]["whole"]["uf1"] > 0.9


def test_what_was_kept_is_not_done_again(flow, tmp_path, capsys, monkeypatch):
    kept = tmp_path / "kept.json"
    given = ["study", "micro-expressions", "--data", str(flow), "--learner", "linear", "--output", str(kept), "--json"]
    assert main([*given, "--seeds", "1"]) == 0
    first = capsys.readouterr().out
    assert [run["seed"] for run in json.loads(kept.read_text())["linear"]] == [0]

    def never(*_):
        raise AssertionError("learnt again")

    monkeypatch.setattr("engine.studies.micro_expressions.leave_one_subject_out", never)
    assert main([*given, "--seeds", "1"]) == 0
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--seeds", "0"], "0 seeds are none"), (["--learner", "nobody"], "no learner 'nobody'")],
)
def test_what_cannot_be_done_is_one_sentence(flow, capsys, arguments, said):
    assert main(["study", "micro-expressions", "--data", str(flow), *arguments]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("kept", "said"), [("{", "cannot be read"), ("[1]", "holds no answers")])
def test_a_damaged_file_of_answers_is_said(flow, tmp_path, capsys, kept, said):
    (tmp_path / "kept.json").write_text(kept)
    given = [
        "study",
        "micro-expressions",
        "--data",
        str(flow),
        "--learner",
        "linear",
        "--output",
        str(tmp_path / "kept.json"),
    ]
    assert main(given) == 1
    assert said in capsys.readouterr().err


def drawn(tmp_path, *more):
    return [
        "study",
        "synthetic-micro-expressions",
        "--identities",
        "3",
        "--output",
        str(tmp_path / "drawn.json"),
        *more,
    ]


@pytest.fixture
def drawing(monkeypatch):
    """Three identities, two expressions; learners that are always right, in the order in which they were asked."""
    y, subject = np.tile([0, 1], 3), np.repeat([7, 8, 9], 2)
    clips = SyntheticClips(
        ("happy", "sad"), y, subject, np.zeros((6, 2, 2, 3)), np.zeros((6, 8, 2, 2), np.uint8), lost=30
    )
    asked = []

    def answer(inputs, name, seed, dark, epochs, jobs, progress):
        asked.append((name, seed, dark))
        lights = ["dark"] if dark else ["light", "darkened"] if name.startswith("agmenet") else ["light"]
        return {light: np.eye(2)[y].tolist() for light in lights}

    monkeypatch.setattr("engine.studies.synthetic_micro_expressions.draw", lambda *_, **__: clips)
    monkeypatch.setattr("engine.studies.synthetic_micro_expressions.answers", answer)
    return asked


def test_networks_are_compared_on_drawn_faces_and_said_to_be(drawing, tmp_path, capsys):
    assert main(drawn(tmp_path)) == 0
    said = capsys.readouterr().out
    assert said.startswith("Synthetic: 6 micro-expressions of 3 synthetic people; in 30 more no face was found")
    assert "LEARNet less ResNet-18, a quarter as wide, learnt and asked in good light: UF1 +0.0 points" in said
    assert said.count("AGMENet less AGMENet without") == 9
    assert said.count("1.000 (1.000 to 1.000)") == 3 * (8 + 4 + 4)
    assert main(drawn(tmp_path, "--json", "--learner", "learnet")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["synthetic"] is True and told["learners"]["learnet"]["light"]["uf1"] == 1


def test_a_stopped_comparison_of_drawn_faces_goes_on(drawing, tmp_path, monkeypatch, capsys):
    assert main(drawn(tmp_path, "--learner", "agmenet")) == 0
    assert drawing == [("agmenet", 0, False), ("agmenet", 0, True)]
    drawing.clear()
    assert main(drawn(tmp_path, "--learner", "agmenet", "--learner", "resnet", "--seeds", "2")) == 0
    assert drawing == [("resnet", 0, False), ("agmenet", 1, False), ("resnet", 1, False), ("agmenet", 1, True)]
    monkeypatch.setattr("engine.studies.synthetic_micro_expressions.draw", None)
    assert main(drawn(tmp_path, "--learner", "agmenet", "--seeds", "2")) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seeds", "0"], "0 seeds are none"),
        (["--learner", "svm"], "no learner 'svm' for faces"),
        (["--darker", "4"], "holds answers for"),
        (["--darker", "0"], "0 times less light"),
        (["--epochs", "1"], "holds answers for"),
    ],
)
def test_what_cannot_be_compared_on_drawn_faces_is_one_sentence(drawing, tmp_path, capsys, arguments, said):
    assert main(drawn(tmp_path, "--learner", "learnet")) == 0
    assert main(drawn(tmp_path, *arguments)) == 1
    assert said in capsys.readouterr().err
