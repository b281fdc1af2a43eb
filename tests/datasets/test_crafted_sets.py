"""Sets made by hand to break a reader: each is refused in a sentence, or holds all the way to a training."""

import io
import json
import pickle
import struct
import zipfile
import zlib
from dataclasses import replace

import numpy as np
import pytest

from engine import datasets
from engine.datasets import store
from engine.errors import UserError
from engine.training import training_data
from engine.training.request import starting_point

COUNT = 12
X = np.random.default_rng(0).integers(0, 256, (COUNT, 48, 48)).astype(np.uint8)
Y = np.arange(COUNT) % 2
CLASSES = np.array(["happy", "sad"])


def npy(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(array), allow_pickle=True)
    return stream.getvalue()


def header(text, data=b"", version=(1, 0), length=None):
    """An .npy whose header says what a test wants."""
    said = text if isinstance(text, bytes) else text.encode("latin-1")
    size = struct.pack("<H" if version == (1, 0) else "<I", len(said) if length is None else length)
    return b"\x93NUMPY" + bytes(version) + size + said + data


def described(dtype, shape, data=b"", fortran=False, version=(1, 0)):
    return header(f"{{'descr': {dtype!r}, 'fortran_order': {fortran}, 'shape': {shape}}}\n", data, version)


def letters(*codes):
    """An array of texts of one letter each, whatever numbers stand for the letters."""
    return described("<U1", f"({len(codes)},)", struct.pack(f"<{len(codes)}I", *codes))


def packed(**members):
    """An .npz of a whole set, with members of it as bytes or arrays, or None to leave one out."""
    given = {"x": X, "y": Y, "classes": CLASSES} | members
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in given.items():
            if content is not None:
                archive.writestr(f"{name}.npy", content if isinstance(content, bytes) else npy(content))
    return stream.getvalue()


def twice():
    stream = io.BytesIO(packed())
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("x.npy", npy(X))
    return stream.getvalue()


def with_wrong_checksum():
    data = packed()
    return data.replace(struct.pack("<I", zlib.crc32(npy(Y))), b"\0\0\0\0")


class Evil:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


HUGE = 2**70
SETS = {
    # Shapes
    "x without dimensions": packed(x=np.uint8(3)),
    "x of one dimension": packed(x=X[0, 0]),
    "x of two": packed(x=X[0]),
    "x of five": packed(x=X[:, :, :, None, None]),
    "x of four channels": packed(x=np.zeros((COUNT, 8, 8, 4), np.uint8)),
    "x of no channel": packed(x=np.zeros((COUNT, 8, 8, 0), np.uint8)),
    "no pictures": packed(x=X[:0], y=Y[:0]),
    "pictures without a pixel": packed(x=np.zeros((COUNT, 0, 48), np.uint8)),
    "pictures of one pixel": packed(x=X[:, :1, :1]),
    "pictures of one row": packed(x=X[:, :1]),
    "one picture": packed(x=X[:1], y=Y[:1]),
    "two pictures": packed(x=X[:2], y=Y[:2]),
    "all alike": packed(x=np.zeros_like(X)),
    "y without dimensions": packed(y=np.int64(1)),
    "y of two": packed(y=np.stack([Y, Y, Y])),
    "y of three": packed(y=Y[:, None, None]),
    "y too short": packed(y=Y[:5]),
    "y empty": packed(y=Y[:0]),
    "classes without dimensions": packed(classes=np.array("happy")),
    "classes of two": packed(classes=np.array([["happy"], ["sad"]])),
    "classes empty": packed(classes=CLASSES[:0]),
    "one class": packed(y=0 * Y, classes=CLASSES[:1]),
    "split without dimensions": packed(split=np.array("a")),
    "split of two": packed(split=np.full((COUNT, 2), "a")),
    "votes without dimensions": packed(ferplus=np.int8(1)),
    "votes of one": packed(ferplus=np.zeros(10, np.int8)),
    "votes of no column": packed(ferplus=np.zeros((COUNT, 0), np.int8)),
    # Values
    "x of floats": packed(x=X.astype(np.float32)),
    "x of truth": packed(x=X > 9),
    "x complex": packed(x=X.astype(np.complex64)),
    "x of texts": packed(x=X.astype("U3")),
    "x of dates": packed(x=X.astype("M8[s]")),
    "y beyond 64 bits": packed(y=np.full(COUNT, 2**63, np.uint64)),
    "y negative": packed(y=Y - 1),
    "y no number": packed(y=np.full(COUNT, np.nan)),
    "y infinite": packed(y=np.full(COUNT, np.inf)),
    "y larger than whole": packed(y=np.full(COUNT, 1e300)),
    "y complex": packed(y=Y * 1j),
    "y of empty words": packed(y=np.full(COUNT, "", "U1"), classes=None),
    "classes of numbers": packed(classes=np.arange(2)),
    "classes of bytes that are no text": packed(classes=np.array([b"\xff", b"\xfe"])),
    "classes of empty words": packed(classes=np.array(["", "sad"])),
    "classes of blanks": packed(classes=np.array(["  ", "\t"])),
    "classes of controls": packed(classes=np.array(["\x1b[2J", "a\nb"])),
    "a class of 100,000 letters": packed(classes=np.array(["a" * 100_000, "sad"])),
    "half of a letter": packed(classes=letters(0xD800, 0x61)),
    "beyond all letters": packed(classes=letters(0x110000, 0x61)),
    "split of halves": packed(split=letters(*[0xDC00 + at for at in range(COUNT)])),
    "subject no number": packed(subject=np.full(COUNT, np.nan)),
    "group beyond 64 bits": packed(group=np.full(COUNT, 1e300)),
    "votes of huge numbers": packed(ferplus=np.full((COUNT, 10), 2**62)),
    "votes of none at all": packed(ferplus=np.zeros((COUNT, 10), np.int8)),
    "files that lead elsewhere": packed(files=np.array([f"../../{at}" for at in range(COUNT)])),
    # Headers
    "nested deeply": packed(
        x=header(b"{'descr': '|u1', 'fortran_order': False, 'shape': " + b"(" * 9000 + b")" * 9000)
    ),
    "shape of 2**70": packed(x=described("|u1", f"({HUGE},)")),
    "shapes that multiply to nothing": packed(x=described("|u1", f"(0, {HUGE}, {HUGE})")),
    "negative shape": packed(x=described("|u1", "(-1, 48, 48)")),
    "shape of truth": packed(x=described("|u1", "(True, 48, 48)", bytes(48 * 48))),
    "shape of floats": packed(x=described("|u1", "(1.0, 48, 48)", bytes(48 * 48))),
    "shape that is a name": packed(x=described("|u1", "__import__('os').abort()")),
    "shape of 40 dimensions": packed(x=described("|u1", f"({'1, ' * 40})", b"\0")),
    "type without a size": packed(x=described("|V0", "(5,)")),
    "texts without a letter": packed(classes=described("<U0", f"({2**40},)")),
    "texts of 2**31 letters": packed(classes=described(f"<U{2**29}", "(1,)")),
    "objects": packed(classes=np.array([Evil(), "b"], object)),
    "objects among fields": packed(y=np.array([(Evil(),)] * COUNT, [("a", object)])),
    "a pickle instead": pickle.dumps(Evil()),
    "a pickle as a member": packed(x=pickle.dumps(Evil())),
    "a header with no end": packed(x=header("{'descr': '|u1', 'fortran_order': ")),
    "a header longer than the file": packed(x=header("{}", length=60_000)),
    "a header of zero bytes": packed(x=header(b"\0" * 64)),
    "a header that lacks its shape": packed(x=header("{'descr': '|u1', 'fortran_order': False}")),
    "a header that is a list": packed(x=header("[1, 2]")),
    "version 9": packed(x=described("|u1", "(1,)", b"\0", version=(9, 9))),
    "not an array": packed(x=b"hello"),
    "an empty member": packed(x=b""),
    "the other order": packed(x=np.asfortranarray(X)),
    "the other ends": packed(y=Y.astype(">i8"), classes=CLASSES.astype(">U5")),
    # The archive
    "a member twice": twice,
    "a wrong checksum": with_wrong_checksum,
    "cut in half": packed()[: len(packed()) // 2],
    "nothing": b"",
    "a JSON": json.dumps({"x": 1}).encode(),
}


@pytest.mark.parametrize("what", SETS)
def test_it_is_refused_in_a_sentence_or_holds_to_the_end(tmp_path, what):
    path = tmp_path / "set.npz"
    given = SETS[what]
    path.write_bytes(given() if callable(given) else given)
    try:
        faces = datasets.read(path)
    except UserError as error:
        _is_a_sentence(error)
        return
    _holds(path, len(faces))


def _holds(path, count):
    name = store.import_set(path)
    kept = store.load(name)
    assert len(kept) == count and store.about(name)["pictures"] == count
    kept.labels.astype("U").tolist()
    json.dumps(store.about(name)).encode()
    labels = tuple(np.unique(kept.labels).tolist())
    configuration = replace(starting_point("knn"), classes=labels)
    for split in ("auto", "hold-out", "tenth", "k-fold", "loso"):
        try:
            data = training_data.prepare(configuration, kept, "crop", split)
            if split in ("k-fold", "loso"):
                training_data.folds_of(data, split, 2, 0)
            else:
                training_data.divide(data, split, 0)
        except UserError as error:
            _is_a_sentence(error)


def _is_a_sentence(error):
    """One that a page or a terminal can show: no traceback, of a bounded length, of letters alone."""
    said = str(error)
    assert said.endswith(".") and "Traceback" not in said and len(said) < 1000
    assert said.isprintable() and said.encode()
