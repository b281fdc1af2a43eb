"""Face sets from one file of numbers: an ``.npz`` or a ``fer2013.csv``."""

import csv
import zipfile
from pathlib import Path

import numpy as np

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.errors import DataError

_NPZ_FORM = "It needs x (pictures), y (class numbers) and classes (names)."


def read_npz(path: Path) -> FaceSet:
    """Read an ``.npz``: ``x`` gray or RGB, ``y``, ``classes``, optional ``split``, ``group``, ``subject``, ``ferplus``.

    Parameters
    ----------
    path
        The file; ``x`` is (n, height, width) or (n, height, width, 3) uint8, ``y`` (n,) indices into ``classes``.

    Raises
    ------
    DataError
        For a file that is damaged, needs pickle, or lacks an array or has one of the wrong shape.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path.name} cannot be read as an .npz of plain arrays: {error}", _NPZ_FORM) from error
    if missing := {"x", "y", "classes"} - arrays.keys():
        raise DataError(f"{path.name} lacks {', '.join(sorted(missing))}.", _NPZ_FORM)
    x, y, classes = arrays["x"], arrays["y"], arrays["classes"]
    if x.dtype != np.uint8 or x.ndim not in (3, 4) or (x.ndim == 4 and x.shape[3] != 3):
        raise DataError(
            f"{path.name}: x is {x.dtype} of shape {x.shape}.",
            "It must be uint8 of shape (n, height, width) or (n, height, width, 3).",
        )
    for key in ("y", "split", "group", "subject", "ferplus"):
        if key in arrays and len(arrays[key]) != len(x):
            raise DataError(
                f"{path.name}: {key} has {len(arrays[key])} entries for {len(x)} pictures.", "Give one each."
            )
    if len(y) and not (np.issubdtype(y.dtype, np.integer) and y.min() >= 0 and y.max() < len(classes)):
        raise DataError(
            f"{path.name}: y holds {y.min()} to {y.max()}, classes has {len(classes)} names.", "y must index classes."
        )
    words = np.array([emotions.canonical(name) for name in classes])
    return FaceSet(
        path.name, x, words[y], arrays.get("split"), arrays.get("group"), arrays.get("subject"), arrays.get("ferplus")
    )


def read_csv(path: Path) -> FaceSet:
    """Read a ``fer2013.csv``: columns ``emotion`` (0..6), ``pixels`` (numbers 0..255 with spaces), optional ``Usage``.

    Parameters
    ----------
    path
        The file; every row's pixels form a square.

    Raises
    ------
    DataError
        With the line concerned, for a missing column, a number out of range or a picture that is not square.
    """
    pictures: list[np.ndarray] = []
    labels: list[str] = []
    split: list[str] = []
    remedy = "Mend the file or take the original fer2013.csv."
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file, skipinitialspace=True)
            columns = rows.fieldnames or []
            if not {"emotion", "pixels"} <= set(columns):
                raise DataError(f"{path.name} has the columns {', '.join(columns)}.", "It needs emotion and pixels.")
            for row in rows:
                where = f"{path.name}, line {rows.line_num}"
                pictures.append(_pixels(row["pixels"], where, remedy))
                if pictures[-1].shape != pictures[0].shape:
                    raise DataError(f"{where}: {pictures[-1].size} pixels, {pictures[0].size} before.", remedy)
                if row["emotion"] not in set("0123456"):
                    raise DataError(f"{where}: the emotion is {row['emotion']!r}.", "It must be 0 to 6.")
                labels.append(emotions.SEVEN[int(row["emotion"])])
                split.append(row.get("Usage") or "")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name} cannot be read as text: {error}", remedy) from error
    if not pictures:
        raise DataError(f"{path.name} holds no pictures.", remedy)
    return FaceSet(path.name, np.stack(pictures), np.array(labels), np.array(split) if any(split) else None)


def _pixels(text: str | None, where: str, remedy: str) -> np.ndarray:
    try:
        values = np.array((text or "").split(), dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise DataError(f"{where}: a pixel is not a whole number ({error}).", remedy) from error
    side = int(np.sqrt(values.size))
    if side == 0 or side * side != values.size:
        raise DataError(f"{where}: {values.size} pixels do not form a square.", remedy)
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{where}: pixels reach from {values.min()} to {values.max()}.", "They must be 0 to 255.")
    return values.astype(np.uint8).reshape(side, side)
