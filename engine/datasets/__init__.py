"""Labelled face pictures: class folders, a zip of them, ``fer2013.csv``, ``.npz``, CK+48, or an imported set."""

from pathlib import Path

from engine.datasets import store
from engine.datasets.face_set import FaceSet, fingerprint
from engine.datasets.sources import read_source

__all__ = ["FaceSet", "fingerprint", "read"]


def read(path_or_name: str | Path) -> FaceSet:
    """Read a face set: from a path, else the imported set of that name.

    Parameters
    ----------
    path_or_name
        A path that `engine.datasets.sources.read_source` recognises, or one of `engine.datasets.store.names`.

    Raises
    ------
    DataError
        For a path that does not exist, is of another kind, or holds no usable set.
    """
    if not Path(path_or_name).exists() and str(path_or_name) in store.names():
        return store.load(str(path_or_name))
    return read_source(Path(path_or_name))
