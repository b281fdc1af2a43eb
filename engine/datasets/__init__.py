"""Labelled face pictures from class folders, a ``fer2013.csv`` or an ``.npz``."""

from pathlib import Path

from engine.datasets.arrays import read_csv, read_npz
from engine.datasets.face_set import FaceSet
from engine.datasets.folders import read_folder
from engine.errors import DataError

__all__ = ["FaceSet", "read"]


def read(path: str | Path) -> FaceSet:
    """Read a face set, recognised by looking: a folder, a ``.csv`` or an ``.npz``.

    Raises
    ------
    DataError
        For a path that does not exist, is of another kind, or holds no usable set.
    """
    path = Path(path)
    if path.is_dir():
        return read_folder(path)
    if not path.is_file():
        raise DataError(f"{path} does not exist.", "Give a folder of class folders, a fer2013.csv or an .npz.")
    if path.suffix.lower() == ".npz":
        return read_npz(path)
    if path.suffix.lower() == ".csv":
        return read_csv(path)
    raise DataError(
        f"{path.name} is no data set that can be read.", "Give a folder of class folders, a fer2013.csv or an .npz."
    )
