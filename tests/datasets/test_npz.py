"""Every array of an .npz in every form that people write: the right value, or a sentence that names it."""

import zipfile

import numpy as np
import pytest

from engine import datasets
from engine.errors import DataError

PLAIN = {
    "x": np.arange(4 * 48 * 48, dtype=np.uint32).astype(np.uint8).reshape(4, 48, 48),
    "y": np.array([0, 1, 1, 0]),
    "classes": np.array(["anger", "Happiness"]),
}
WORDS = ["angry", "happy", "happy", "angry"]


def read(folder, **changes):
    np.savez(folder / "set.npz", **{key: value for key, value in (PLAIN | changes).items() if value is not None})
    return datasets.read(folder / "set.npz")


@pytest.mark.parametrize(
    "changes",
    [
        {"y": np.array([[0], [1], [1], [0]])},
        {"y": np.eye(2, dtype=np.uint8)[[0, 1, 1, 0]]},
        {"y": np.eye(2)[[0, 1, 1, 0]]},
        {"y": np.eye(2, dtype=bool)[[0, 1, 1, 0]]},
        {"y": np.array(["Anger", "happiness", "HAPPY", "angry"])},
        {"y": np.array(["Anger", "happiness", "HAPPY", "angry"]), "classes": None},
        {"y": np.array([b"anger", b"happy", b"happy", b"angry"]), "classes": None},
        {"classes": np.array([b"anger", b"happiness"])},
        {"classes": np.array([["anger"], ["happiness"]])[:, 0]},
        {"x": PLAIN["x"][..., None]},
        {"x": np.asfortranarray(PLAIN["x"])},
    ],
)
def test_forms_of_pictures_and_labels(tmp_path, changes):
    faces = read(tmp_path, **changes)
    assert faces.labels.tolist() == WORDS
    assert np.array_equal(faces.pictures[2], PLAIN["x"][2])


@pytest.mark.parametrize("key", ["split", "group", "subject", "files"])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["a", "a", "b", "é"], ["a", "a", "b", "é"]),
        ([b"a", b"a", b"b", "é".encode()], ["a", "a", "b", "é"]),
        ([["a"], ["a"], ["b"], ["c"]], ["a", "a", "b", "c"]),
        ([1, 1, 2, 3], [1, 1, 2, 3]),
        ([1.0, 1.0, 2.0, 3.0], [1, 1, 2, 3]),
    ],
)
def test_forms_of_columns(tmp_path, key, given, expected):
    assert getattr(read(tmp_path, **{key: np.array(given)}), key).tolist() == expected


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": np.array([1.0, np.nan, 2.0, np.nan])}, "subject holds no number for 2 of 4 pictures"),
        ({"subject": np.array([1.5, 1, 2, 3])}, r"subject holds \[1.5\]"),
        ({"subject": np.array(7)}, r"subject is int64 of shape \(\)"),
        ({"split": np.array([["a", "b"]] * 4)}, r"split is <U1 of shape \(4, 2\)"),
        ({"split": np.array([b"\xff"] * 4)}, "split holds text that is no UTF-8"),
        ({"group": np.array([True] * 4)}, "group is bool"),
        ({"y": np.eye(3)[[0, 1, 1, 0]]}, r"y is float64 of shape \(4, 3\) for 4 pictures of 2 classes"),
        ({"y": np.full((4, 2), 0.5)}, "not a single 1 among zeros"),
        ({"y": np.array(1)}, "y"),
        ({"y": np.array([0, 1])}, "y has 2 entries for 4 pictures"),
        ({"y": np.array([0, -1, 1, 1])}, "y holds -1 to 1"),
        ({"y": np.array([np.nan] * 4)}, "y holds nan"),
        ({"y": np.array([1j] * 4)}, "plain arrays"),
        ({"classes": np.array([1, 2])}, "classes is int64"),
        ({"classes": np.array([], "U1")}, "classes is"),
        ({"x": PLAIN["x"][:0], "y": PLAIN["y"][:0]}, "holds no pictures"),
        ({"x": np.zeros((4, 0, 48), np.uint8)}, "holds no pictures"),
        ({"x": np.array(5, np.uint8)}, "x is uint8"),
        ({"ferplus": np.zeros((4, 7), np.int64)}, r"ferplus is int64 of shape \(4, 7\)"),
        ({"ferplus": np.zeros(4, np.int64)}, "ferplus is"),
        ({"ferplus": np.array(1)}, "ferplus is"),
    ],
)
def test_other_forms_are_named(tmp_path, changes, said):
    with pytest.raises(DataError, match=said) as refused:
        read(tmp_path, **changes)
    assert len(str(refused.value)) < 300


def test_arrays_of_other_names_are_named(tmp_path):
    assert [file for file, _ in read(tmp_path, Usage=np.arange(4)).left_out] == ["array 'Usage'"]


def header(shape, dtype="|u1", version=b"\x01\x00"):
    said = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    said += b" " * (63 - (len(said) + 10) % 64) + b"\n"
    return b"\x93NUMPY" + version + len(said).to_bytes(2, "little") + said


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no array",
        b"\x80\x04N.",
        header((2**40,)),
        header((2**70,)),
        header((-1,)),
        header((10,)) + bytes(9),
        header((10,)) + bytes(11),
        header((2,), "|O") + bytes(16),
        header("(" * 500 + ")" * 500),
        header((1,), version=b"\x09\x09") + b"x",
        header((1,), "<M8[s]") + bytes(8),
    ],
)
def test_headers_that_lie_are_one_sentence(tmp_path, data):
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as packed:
        packed.writestr("x.npy", data)
    with pytest.raises(DataError, match="set.npz cannot be read as an .npz of plain arrays"):
        datasets.read(tmp_path / "set.npz")
