"""A path may name any file that the server can read: what is said of one that is no set never shows what is in it."""

import json
import zipfile

import numpy as np
import pytest

from engine import datasets
from engine.datasets.clip_sets import read_clips
from engine.datasets.flow_set import FlowSet
from engine.errors import UserError

SECRET = "hunter2"
LINES = f"root:{SECRET}:0:0\nPASSWORD={SECRET}\n"
TEXTS = {
    "lines": LINES,
    "one line": SECRET,
    "a table": f"name,password\nann,{SECRET}\n",
    "a table by semicolons": f"name;{SECRET}\nann;{SECRET}\n",
    "a header that is a secret": f"{SECRET},{SECRET} 2\n1,2\n",
    "a table of labels": f"file,emotion\n{SECRET},{SECRET}\n",
    "JSON": json.dumps({"key": SECRET}),
    "a JSON list": json.dumps([SECRET] * 3),
    "broken JSON": f'{{"key": "{SECRET}',
    "an XML entity": f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "{SECRET}">]><a>{SECRET}&x;</a>',
    "UTF-16": LINES.encode("utf-16"),
    "Latin": f"é{SECRET}\n".encode("latin-1"),
    "bytes": b"\0\1\2" + SECRET.encode() + b"\0",
    "a key": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n",
}
ENDINGS = ("", ".csv", ".npz", ".zip", ".xlsx", ".json", ".txt", ".png", ".tar.gz")


def write(path, given):
    path.write_bytes(given if isinstance(given, bytes) else given.encode())
    return path


def said(read, *asked):
    try:
        read(*asked)
    except UserError as error:
        return str(error)
    return pytest.fail("it was read")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("text", TEXTS)
def test_of_a_file_that_is_no_set(tmp_path, text, ending):
    path = write(tmp_path / f"file{ending}", TEXTS[text])
    for read in (datasets.read, read_clips, FlowSet.load):
        assert SECRET not in said(read, path)


@pytest.mark.parametrize("text", TEXTS)
def test_of_a_file_in_a_folder_or_an_archive(tmp_path, text):
    folder = tmp_path / "set"
    (folder / "happy").mkdir(parents=True)
    for name in ("labels.csv", "happy/1.png", "happy/classes.txt", "README.md"):
        write(folder / name, TEXTS[text])
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for each in folder.rglob("*.*"):
            archive.write(each, each.relative_to(folder))
    for source in (folder, tmp_path / "set.zip"):
        try:
            faces = datasets.read(source)
        except UserError as error:
            assert SECRET not in str(error)
        else:
            assert SECRET not in f"{faces.left_out} {faces.notes}"


@pytest.mark.parametrize(
    "array", [np.array([SECRET]), np.array({"a": SECRET}, object), np.frombuffer(b"hunter2", "u1")]
)
@pytest.mark.parametrize("name", ["x", "y", "classes", "other"])
def test_of_arrays(tmp_path, name, array):
    np.savez(tmp_path / "file.npz", **{name: array})
    for read in (datasets.read, FlowSet.load):
        assert SECRET not in said(read, tmp_path / "file.npz")
