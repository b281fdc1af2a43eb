from argparse import Namespace

import pytest

from engine.studies import practice
from engine.tasks import SILENT


def test_it_counts_who_is_read(monkeypatch):
    monkeypatch.setattr(practice, "PEOPLE", (0,))
    monkeypatch.setattr(practice, "SEVEN", ("happy", "sad"))
    monkeypatch.setattr(practice, "face", lambda person, _: practice_face(person))
    staircase, happy, sad = practice.run(Namespace(observers=5, seed=1), SILENT)
    assert staircase["observers"] == 5 and 0 <= staircase["median_error"] < 1
    assert happy["read"] == 1 and sad["misread"] == {0: "happy"}
    assert "off by" in practice.in_words(staircase)
    assert "0 % read; misread: 0 as happy; left out: 1, 4, 9" in practice.in_words(sad)


def practice_face(person):
    from engine.practice import face

    return face(person, "happy")


def test_more_observers_change_little():
    few, many = (practice.settle(observers, seed=2) for observers in (50, 150))
    assert sorted(few)[25] == pytest.approx(sorted(many)[75], abs=0.04)
