"""Face sets from one file of numbers: an ``.npz`` or a ``fer2013.csv``."""

import csv
import io
import re
import zipfile
from typing import Any

import numpy as np

from engine import emotions, settings
from engine.datasets.archive import BROKEN
from engine.datasets.face_set import FaceSet
from engine.datasets.members import Member
from engine.errors import DataError
from engine.tasks import SILENT, Progress

_NPZ_FORM = "It needs x (pictures), y (class numbers) and classes (names)."
_WHOLE = re.compile("-?[0-9]+")
_MEND = "Mend the file or take the original fer2013.csv."


def read_npz(file: Member) -> FaceSet:
    """Read an ``.npz``: ``x`` gray or RGB, ``y``, ``classes``, optional ``split``, ``group``, ``subject``, ``ferplus``.

    Parameters
    ----------
    file
        ``x`` is (n, height, width) or (n, height, width, 3) uint8, ``y`` (n,) indices into ``classes``.

    Raises
    ------
    DataError
        For a file that is damaged, needs pickle, or lacks an array or has one of the wrong shape.
    """
    name = file.path.name
    arrays = read_arrays(name, file)
    if missing := {"x", "y", "classes"} - arrays.keys():
        raise DataError(f"{name} lacks {', '.join(sorted(missing))}.", _NPZ_FORM)
    x, y, classes = arrays["x"], arrays["y"], arrays["classes"]
    if x.dtype != np.uint8 or x.ndim not in (3, 4) or (x.ndim == 4 and x.shape[3] != 3):
        raise DataError(
            f"{name}: x is {x.dtype} of shape {x.shape}.",
            "It must be uint8 of shape (n, height, width) or (n, height, width, 3).",
        )
    for key in ("y", "split", "group", "subject", "ferplus"):
        if key in arrays and len(arrays[key]) != len(x):
            raise DataError(f"{name}: {key} has {len(arrays[key])} entries for {len(x)} pictures.", "Give one each.")
    if len(y) and not (np.issubdtype(y.dtype, np.integer) and y.min() >= 0 and y.max() < len(classes)):
        raise DataError(
            f"{name}: y holds {y.min()} to {y.max()}, classes has {len(classes)} names.", "y must index classes."
        )
    words = np.array([emotions.canonical(name) for name in classes])
    for word in np.unique(words):
        if len(same := [str(given) for given in classes[words == word]]) > 1:
            raise DataError(
                f"{name}: the classes {' and '.join(map(repr, same))} both mean {str(word)!r}.",
                "Give them one number, or rename one of them if it means something else.",
            )
    votes = arrays.get("ferplus")
    if votes is not None and not _are_votes(votes):
        raise DataError(
            f"{name}: ferplus is {votes.dtype} of shape {votes.shape}.",
            f"It must hold whole numbers of votes, -1 for none, in {len(emotions.FERPLUS_COLUMNS)} columns: "
            f"{', '.join(emotions.FERPLUS_COLUMNS)}.",
        )
    return FaceSet(name, x, words[y], *(arrays.get(key) for key in ("split", "group", "subject", "ferplus", "files")))


def _are_votes(votes: np.ndarray) -> bool:
    shaped = votes.ndim == 2 and votes.shape[1] == len(emotions.FERPLUS_COLUMNS)
    return shaped and np.issubdtype(votes.dtype, np.integer) and (not votes.size or votes.min() >= -1)


def read_arrays(name: str, file: Member, form: str = _NPZ_FORM) -> dict[str, np.ndarray]:
    """Return all arrays of an ``.npz``, judged by its size before it is unpacked.

    Parameters
    ----------
    name
        What to call it in an error.
    file
        Where it lies.
    form
        One sentence for an error: what the file needs to hold.

    Raises
    ------
    DataError
        For a file that is damaged, needs pickle, or is larger than `engine.settings` or this machine allow.
    """
    try:
        with file.open() as stream, zipfile.ZipFile(stream) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > settings.ARCHIVE_MAX_BYTES:
            raise DataError(
                f"{name} would unpack to {unpacked / 2**30:,.1f} GB; at most "
                f"{settings.ARCHIVE_MAX_BYTES / 2**30:,.0f} GB are read.",
                "Divide it, or give the pictures as class folders.",
            )
        with file.open() as stream, np.load(stream, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except MemoryError as error:
        raise DataError(f"{name} does not fit into this machine's memory.", "Give class folders instead.") from error
    except (*BROKEN, ValueError) as error:
        raise DataError(f"{name} cannot be read as an .npz of plain arrays ({error}).", form) from error


def read_csv(file: Member, progress: Progress = SILENT) -> FaceSet:
    """Read a ``fer2013.csv``: columns ``emotion`` (0..6), ``pixels`` (numbers 0..255 with spaces), optional ``Usage``.

    Parameters
    ----------
    file
        Every row's pixels form a square.
    progress
        Is told how many of the file's bytes are read.

    Raises
    ------
    DataError
        With the line concerned, for a missing column, a number out of range or a picture that is not square.
    """
    name = file.path.name
    pictures: list[np.ndarray] = []
    labels: list[str] = []
    split: list[str] = []
    line, size = 1, file.size
    try:
        with file.open() as stream:
            rows = csv.DictReader(
                io.TextIOWrapper(stream, "utf-8-sig", newline=""), skipinitialspace=True, restkey="more"
            )
            columns = rows.fieldnames or []
            if not {"emotion", "pixels"} <= set(columns):
                raise DataError(f"{name} has the columns {', '.join(columns)}.", "It needs emotion and pixels.")
            for row in rows:
                line = rows.line_num
                where = f"{name}, line {line}"
                pictures.append(_picture(row, where, pictures[0].size if pictures else None))
                labels.append(emotions.SEVEN[int(row["emotion"])])
                split.append(row.get("Usage") or "")
                if len(pictures) % 256 == 0:
                    progress.step(stream.tell(), size, "reading the csv")
    except (*BROKEN, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{name} cannot be read as text after line {line} ({error}).", _MEND) from error
    if not pictures:
        raise DataError(f"{name} holds no pictures.", _MEND)
    return FaceSet(name, np.stack(pictures), np.array(labels), np.array(split) if any(split) else None)


def _picture(row: dict[str, Any], where: str, size: int | None) -> np.ndarray:
    """Return a row's picture; ``size`` is the number of pixels of the pictures before it."""
    values = _pixels(row["pixels"] or "", where)
    side = int(np.sqrt(values.size))
    if size is not None and values.size != size:
        raise DataError(f"{where}: {values.size} pixels, {size} in the lines before.", _MEND)
    if side == 0 or side * side != values.size:
        raise DataError(f"{where}: {values.size} pixels do not form a square.", _MEND)
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{where}: pixels reach from {values.min()} to {values.max()}.", "They must be 0 to 255.")
    if row["emotion"] not in set("0123456"):
        raise DataError(f"{where}: the emotion is {row['emotion']!r}.", "It must be 0 to 6.")
    return values.astype(np.uint8).reshape(side, side)


def _pixels(text: str, where: str) -> np.ndarray:
    try:
        # Eight times as fast as splitting the text; it takes numbers and white space only.
        return np.fromstring(text, dtype=np.int64, sep=" ")
    except ValueError:
        words = enumerate(text.split(), 1)
        number, odd = next(((number, word) for number, word in words if not _WHOLE.fullmatch(word)), (1, text))
        raise DataError(f"{where}: pixel {number} is {odd[:20]!r}, no whole number.", _MEND) from None
