"""The command line between other programs: readers that leave, full disks, closed input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.__main__ import main

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "engine"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of a Unix shell")


def test_a_reader_that_leaves_ends_it_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run([*COMMAND, "study"], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_one_sentence():
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([*COMMAND, "study"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1
    assert ended.stderr == "What is printed cannot be written (No space left on device). Make room there.\n"


def test_a_closed_input_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["classify", "-"]) == 1
    assert "Standard input is closed" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["classify", "spot"])
def test_an_empty_name_is_not_the_folder_that_one_is_in(verb, capsys):
    assert main([verb, ""]) == 1
    assert "A file's name is empty" in capsys.readouterr().err
