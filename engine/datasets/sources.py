"""A face set from a path, recognised by looking."""

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from engine.below import reason, what_it_is
from engine.datasets.archive import members_of_zip
from engine.datasets.face_set import FaceSet
from engine.datasets.folders import has_class_folders, read_class_folders
from engine.datasets.label_table import find_label_table, read_label_table
from engine.datasets.members import FileMember, LeftOut, Member, is_picture, members_of_folder
from engine.datasets.npz import read_npz
from engine.datasets.pixel_csv import are_ferplus_votes, read_csv, with_votes
from engine.errors import DataError
from engine.tasks import SILENT, Progress
from engine.words import counted

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
            left_out: list[LeftOut] = []
            members = members_of_folder(path, left_out)
            if not members and left_out:
                raise DataError(f"{path} cannot be read. {left_out[0][1]}", "Check it and its permissions.")
            return _from_members(path.resolve().name, members, progress, left_out)
        if path.is_file():
            return _from_file(path, progress)
        if path.exists() or path.is_symlink():
            raise DataError(f"{path} cannot be read: {what_it_is(path)}.", FORMS)
    except (OSError, ValueError) as error:  # a name may hold a null character
        raise DataError(f"{path} cannot be read ({reason(error)}).", "Check it and its permissions.") from error
    raise DataError(f"{path} does not exist.", FORMS)


def _from_file(path: Path, progress: Progress) -> FaceSet:
    member = FileMember(path, PurePosixPath(path.name))
    if not member.size:
        raise DataError(f"{path.name} is empty (0 bytes).", "Copy or download it again.")
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return read_npz(member)
    if suffix == ".csv":
        beside = next((each for each in path.parent.iterdir() if each.name.lower() == _VOTES), None)
        faces = read_csv(member, progress)
        if beside is None or beside == path or not beside.is_file():
            return faces
        return with_votes(faces, FileMember(beside, PurePosixPath(beside.name)))
    if suffix == ".zip" or zipfile.is_zipfile(path):
        return _from_members(path.name, members_of_zip(path), progress)
    raise DataError(f"{path.name} is no data set that can be read.", FORMS)


_VOTES = "fer2013new.csv"
"""What FERPlus calls its votes for FER2013, whose rows are those of fer2013.csv."""


def _from_members(
    name: str, members: Sequence[Member], progress: Progress, left_out: Sequence[LeftOut] = ()
) -> FaceSet:
    tables = [member for member in members if member.path.suffix.lower() in (".csv", ".npz")]
    if not tables or any(map(is_picture, members)):
        labels = None if has_class_folders(members) else find_label_table(members)
        return (
            read_label_table(name, labels, members, left_out) if labels else read_class_folders(name, members, left_out)
        )
    votes = [table for table in tables if table.path.suffix.lower() == ".csv" and are_ferplus_votes(table)]
    pictures = [table for table in tables if table not in votes]
    if len(pictures) != 1 or len(votes) > 1:
        names = ", ".join(str(table.path) for table in tables[:4])
        raise DataError(f"{name} holds {counted(len(tables), 'table')} ({names}).", "Give one of them.")
    (table,) = pictures
    faces = read_npz(table) if table.path.suffix.lower() == ".npz" else read_csv(table, progress)
    others = [(str(member.path), "It is no picture and no table.") for member in members if member not in tables]
    faces = replace(faces, left_out=(*faces.left_out, *left_out, *others))
    return with_votes(faces, votes[0]) if votes else faces
