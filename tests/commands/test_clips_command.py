"""``python -m engine clips``."""

import json

import pytest

from engine.__main__ import main


@pytest.fixture
def small_sets(monkeypatch):
    from pathlib import Path

    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "datasets"))
    import clip_folders

    return clip_folders


def test_it_tells_clips_a_class_a_subject(small_sets, tmp_path, capsys):
    assert main(["clips", str(small_sets.casme2(tmp_path))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "CASME II: 3 clips of 2 subjects, 200 frames a second"
    assert [line.split() for line in lines[2:6]] == [
        ["subject", "negative", "positive", "surprise", "left", "out"],
        ["sub01", "0", "1", "0", "0"],
        ["sub02", "1", "0", "0", "1"],
        ["all", "1", "1", "0", "1"],
    ]
    assert len({len(line) for line in lines[2:6]}) == 1


def test_json_holds_everything(small_sets, tmp_path, capsys):
    root = small_sets.casme2(tmp_path, [small_sets.casme2_row("01", "EP02_01f", 46, 99, 56, emotion="happiness")])
    assert main(["clips", str(root), "--classes", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["clips"], told["micro"], told["fps"]) == ("casme2", 1, 1, 200.0)
    assert told["classes"] == {"happiness": 1, "disgust": 0, "repression": 0, "surprise": 0, "others": 0}
    assert told["subjects"]["sub01"]["happiness"] == 1
    assert any("apex 99" in problem for problem in told["problems"])


def test_macro_expressions_are_told_apart(small_sets, tmp_path, capsys):
    assert main(["clips", str(small_sets.casme_squared(tmp_path))]) == 0
    assert "3 clips (2 micro-, 1 macro-expressions) of 2 subjects" in capsys.readouterr().out


def test_what_cannot_be_read_costs_one_sentence(small_sets, tmp_path, capsys):
    assert main(["clips", str(tmp_path)]) == 1
    assert "no coding sheet" in capsys.readouterr().err
    # Pictures of gray: a set, but no face whose flow could be measured.
    assert main(["clips", str(small_sets.casme2(tmp_path)), "--flow", str(tmp_path / "flow.npz")]) == 1
    assert "None of the 3 clips can be used" in capsys.readouterr().err
    assert not (tmp_path / "flow.npz").exists()
