"""Folders in which nobody may write: a sentence where something was to be kept there, and no word where nothing was."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.__main__ import main


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """A place below which nothing can be made, for root neither, and which is the data folder."""
    file = tmp_path / "closed"
    file.write_bytes(b"")
    monkeypatch.setenv("NEUROMER_DATA", str(file / "data"))
    return file


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("import {faces} --name x", "cannot be written to"),
        ("train knn --data {faces}", "No run can be made in"),
        ("train knn --data {faces} --output {closed}/run", "No run can be made in"),
        ("synthesise --output {closed}/x.mp4 --duration 0.1", "cannot be written"),
        ("dataset remove x", "no imported set named 'x'"),
        ("dataset list", None),
        ("records sweep", None),
        ("records audit", None),
    ],
)
def test_a_folder_that_is_closed_is_one_sentence(tmp_path, closed, capsys, asked, said):
    faces = tmp_path / "faces.npz"
    np.savez(faces, x=np.zeros((20, 48, 48), np.uint8), y=np.arange(20) % 2, classes=np.array(["happy", "sad"]))
    status = main(asked.format(faces=faces, closed=closed).split())
    told = capsys.readouterr()
    assert status == (0 if said is None else 1)
    if said is not None:
        assert said in told.err.splitlines()[-1]


def test_code_is_compiled_where_neither_sources_nor_home_can_be_written_to(monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")  # put back as it was afterwards
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    engine._compile_somewhere()
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()
