import csv
import json

import numpy as np
import pytest

from engine.__main__ import main
from engine.datasets import store
from engine.evaluation.predictions import Predictions


@pytest.fixture
def crops(tmp_path):
    random = np.random.default_rng(0)
    path = tmp_path / "crops.npz"
    x = random.integers(0, 256, (12, 48, 48)).astype(np.uint8)
    np.savez(path, x=x, y=np.arange(12) % 2, classes=np.array(["happy", "sad"]))
    return path


@pytest.fixture
def run(own_data_folder):
    folder = own_data_folder / "runs" / "first"
    folder.mkdir(parents=True)
    shares = np.tile(np.array([[0.9, 0.1], [0.4, 0.6]], np.float32), (10, 1))
    true = np.array([0, 1] * 8 + [1, 0] * 2)
    Predictions(("happy", "sad"), true, shares, np.arange(20), data="set", fingerprint="f" * 64).save(
        folder / "predictions.npz"
    )
    (folder / "card.json").write_text(json.dumps({"title": "Mine", "threshold": {"value": 0.7}}))
    return folder


def test_a_run_by_its_name_and_by_its_folder(run, capsys):
    assert main(["evaluate", "--run", "first"]) == 0
    said = capsys.readouterr().out
    assert "Mine" in said and "Accuracy at 80 % coverage" in said and "Expected calibration error" in said
    assert main(["evaluate", "--run", str(run), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["accuracy"] == 0.8 and figures["selective"]["coverage"] == 0.5


def test_figures_as_files(run, tmp_path, capsys):
    table, report = tmp_path / "figures.csv", tmp_path / "report.html"
    assert main(["evaluate", "--run", "first", "--csv", str(table), "--html", str(report)]) == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["figure"]: row["value"] for row in csv.DictReader(file) if not row["expression"]}
    assert float(rows["accuracy"]) == 0.8
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_what_cannot_be_done_is_said_before_anything_is_lost(run, tmp_path, capsys):
    assert main(["evaluate", "--run", "second"]) == 1
    assert "no run 'second'" in capsys.readouterr().err
    assert main(["evaluate", "--run", "first", "--csv", str(tmp_path / "missing" / "a.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["evaluate"])
    with pytest.raises(SystemExit):
        main(["evaluate", "--run", "first", "--data", "set"])


def test_sweeps_of_two_models_on_an_imported_set(crops, tmp_path, capsys):
    store.import_set(crops, "imported")
    table = tmp_path / "sweep.csv"
    asked = ["evaluate", "--data", "imported", "--model", "paper", "--model", "neuromer", "--sweep", "shift"]
    assert main([*asked, "--csv", str(table)]) == 0
    said = capsys.readouterr().out
    assert "Shift (pixels of 48)" in said and "paper" in said and "neuromer" in said
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2 * 7
    assert main([*asked, "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["sweeps"]) == {"shift"}


def test_several_models_need_a_sweep(crops, capsys):
    assert main(["evaluate", "--data", str(crops), "--model", "paper", "--model", "neuromer"]) == 1
    assert "--sweep" in capsys.readouterr().err
