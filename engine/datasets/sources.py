"""A face set from a path, recognised by looking."""

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from engine.datasets.archive import members_of_zip
from engine.datasets.arrays import read_csv, read_npz
from engine.datasets.face_set import FaceSet
from engine.datasets.folders import read_class_folders
from engine.datasets.members import FileMember, Member, is_picture, members_of_folder
from engine.errors import DataError
from engine.tasks import SILENT, Progress

FORMS = "Give class folders or a zip of them, a fer2013.csv, an .npz, or the name of an imported set."


def read_source(path: Path, progress: Progress = SILENT) -> FaceSet:
    """Read a face set from a folder or zip of class folders or with one table inside, a ``.csv`` or an ``.npz``.

    Parameters
    ----------
    path
        Where it lies.
    progress
        Is told how far a long read is.

    Raises
    ------
    DataError
        For a path that does not exist, is of another kind, or holds no usable set.
    """
    try:
        if path.is_dir():
            return _from_members(path.name, members_of_folder(path), progress)
        if path.is_file():
            return _from_file(path, progress)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}).", "Check it and its permissions.") from error
    raise DataError(f"{path} does not exist.", FORMS)


def _from_file(path: Path, progress: Progress) -> FaceSet:
    member = FileMember(path, PurePosixPath(path.name))
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return read_npz(member)
    if suffix == ".csv":
        return read_csv(member, progress)
    if suffix == ".zip" or zipfile.is_zipfile(path):
        return _from_members(path.name, members_of_zip(path), progress)
    raise DataError(f"{path.name} is no data set that can be read.", FORMS)


def _from_members(name: str, members: Sequence[Member], progress: Progress) -> FaceSet:
    tables = [member for member in members if member.path.suffix.lower() in (".csv", ".npz")]
    if tables and not any(map(is_picture, members)):
        if len(tables) > 1:
            names = ", ".join(str(table.path) for table in tables[:4])
            raise DataError(f"{name} holds {len(tables)} tables ({names}).", "Give one of them.")
        return read_npz(tables[0]) if tables[0].path.suffix.lower() == ".npz" else read_csv(tables[0], progress)
    return read_class_folders(name, members)
