"""Whatever is packed, its sizes are not believed: as much is unpacked as a file says, and no more than is sensible."""

import hashlib
import io
import json
import tracemalloc
import zipfile

import cv2
import numpy as np
import openpyxl
import pytest

from engine import datasets
from engine.datasets.clip_sets.sheet import read_sheets
from engine.errors import ImageError, UserError
from engine.records import archive
from engine.records.track_file import track_from
from engine.spiking.person_adapter import PersonAdapter

MORE = 2**25
"""Bytes that a member holds besides those that it says."""
MOST = 2**23
"""Bytes that reading may take at most."""


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return target.getvalue()


def npz(**arrays):
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)
    return target.getvalue()


def pictures():
    picture = cv2.imencode(".png", np.arange(48 * 48, dtype=np.uint8).reshape(48, 48))[1].tobytes()
    return zipped({"happy/1.png": picture, "sad/2.png": picture})


def arrays():
    return npz(x=np.zeros((2, 48, 48), np.uint8), y=np.array([0, 1]), classes=np.array(["happy", "sad"]))


def table():
    pixels = " ".join(["7"] * 48 * 48)
    return f"emotion,pixels,Usage\n3,{pixels},Training\n4,{pixels},Training\n"


def sheet():
    target, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["Subject", "Filename"])
    book.save(target)
    return target.getvalue()


def somebody():
    files = {"pictures/1": hashlib.sha256(b"a face").hexdigest()}
    return zipped({"person.json": json.dumps({"form": archive.FORM, "files": files}), "pictures/1": b"a face"})


def set_of(suffix):
    def read(data, folder):
        (folder / f"set{suffix}").write_bytes(data)
        return np.asarray(datasets.read(folder / f"set{suffix}").pictures[0])

    return read


def sheets(data, folder):
    (folder / "codes.xlsx").write_bytes(data)
    return read_sheets(folder / "codes.xlsx")


KINDS = {
    "zip of pictures": (pictures, "happy/1.png", set_of(".zip")),
    "npz": (arrays, "x.npy", set_of(".npz")),
    "npz in a zip": (lambda: zipped({"set.npz": arrays()}), "set.npz", set_of(".zip")),
    "table in a zip": (lambda: zipped({"fer2013.csv": table()}), "fer2013.csv", set_of(".zip")),
    "coding sheet": (sheet, "xl/worksheets/sheet1.xml", sheets),
    "what somebody taught": (
        lambda: PersonAdapter(7).as_bytes(),
        "weights.npy",
        lambda data, _: PersonAdapter.from_bytes(data, "it"),
    ),
    "curves": (lambda: npz(about=np.array("{}")), "about.npy", lambda data, _: track_from(1, ("happy",), data)),
    "index of a person": (somebody, "person.json", lambda data, _: archive.read("me", data)),
    "picture of a person": (somebody, "pictures/1", lambda data, _: archive.read("me", data)),
}
"""What makes one, which member of it lies, and what reads it."""


def with_more_than_it_says(data, name):
    """The same file, but a member of it holds much more than it says."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {each: packed.read(each) for each in packed.namelist()}
    said = len(files[name])
    files[name] += bytes(MORE)
    return zipped(files).replace((said + MORE).to_bytes(4, "little"), said.to_bytes(4, "little"))


def saying_more_than_it_has(data, name):
    """The same file, but a member of it says that it has nearly 4 GB."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entry = packed.getinfo(name)
        at = packed.start_dir
    at = data.index(name.encode(), at) - 46
    assert data[at + 24 : at + 28] == entry.file_size.to_bytes(4, "little")
    return data[: at + 24] + (0xFFFFFFF0).to_bytes(4, "little") + data[at + 28 :]


@pytest.mark.parametrize("spoilt", [with_more_than_it_says, saying_more_than_it_has])
@pytest.mark.parametrize("kind", KINDS)
def test_a_size_that_is_not_true_costs_no_memory(tmp_path, kind, spoilt):
    make, name, read = KINDS[kind]
    data = spoilt(make(), name)
    tracemalloc.start()
    try:
        with pytest.raises((UserError, ImageError)):
            read(data, tmp_path)
        assert tracemalloc.get_traced_memory()[1] < MOST
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "person" not in kind and kind != "curves"])
def test_the_same_file_with_true_sizes_is_read(tmp_path, kind):
    make, _, read = KINDS[kind]
    read(make(), tmp_path)


@pytest.mark.parametrize("kind", ["zip of pictures", "npz", "coding sheet"])
def test_members_over_each_other_are_refused(tmp_path, kind):
    """Sixty entries over the same bytes would count sixty times."""
    make, _, read = KINDS[kind]
    data = bytearray(make())
    at = second = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", at + 4)
    data[second + 42 : second + 46] = data[at + 42 : at + 46]
    with pytest.raises(UserError, match=r"over each other"):
        read(bytes(data), tmp_path)
