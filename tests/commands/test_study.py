"""Studies are found by name, and old names still are."""

import importlib

import pytest

from engine.__main__ import _RENAMED, main
from engine.studies import STUDIES


@pytest.mark.parametrize("name", STUDIES)
def test_each_study_describes_itself(name, capsys):
    study = importlib.import_module(f"engine.studies.{name.replace('-', '_')}")
    assert study.__doc__ and callable(study.run) and callable(study.in_words)
    with pytest.raises(SystemExit, match="0"):
        main(["study", name, "--help"])
    assert f"python -m engine study {name}" in capsys.readouterr().out


def test_without_a_name_they_are_listed(capsys):
    assert main(["study"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(STUDIES)
    assert main(["study", "nothing"]) == 1
    assert "There is no study 'nothing'. There are: ablation, " in capsys.readouterr().err


@pytest.mark.parametrize("old", _RENAMED)
def test_an_old_name_does_the_same_and_says_what_it_is_called_now(old, capsys):
    verb, name = _RENAMED[old]
    with pytest.raises(SystemExit, match="0"):
        main([*old, "--help"])
    said = capsys.readouterr()
    assert said.err == f"`{' '.join(old)}` is called `{verb} {name}` now.\n"
    assert f"python -m engine study {name}" in said.out
