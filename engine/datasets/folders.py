"""Face sets from class folders: one folder a class, its name the class, or such folders inside split folders."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.datasets.members import Member, PictureFiles, is_picture
from engine.errors import DataError

_SPLITS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev", "publictest", "privatetest"}

_Folder = tuple[str, ...]


def read_class_folders(name: str, members: Sequence[Member]) -> FaceSet:
    """Read class folders (``happy/3.png``), split folders of them (``train/happy/3.png``), or CK+48.

    Folders around the whole (``archive/faces/train/happy/3.png``) do not matter, and neither does what lies in none.

    Parameters
    ----------
    name
        Of the source, for people.
    members
        Its files. A folder beside class folders that is named after no expression keeps its name as the class.

    Raises
    ------
    DataError
        For a source without pictures in class folders, without a class that means an expression, or with two folders
        that mean the same expression.
    """
    pictures = [member for member in members if is_picture(member)]
    # A name may be a word of the user's, but what counts as a class is decided by where known words stand.
    parents = {parent for member in pictures if (parent := _parent(member.path)) is not None}
    found = [(member, parent) for member in pictures if (parent := _inside(member.path, parents)) is not None]
    if not found:
        _refuse(name, pictures)
    classes = [member.path.parts[len(parent)] for member, parent in found]
    _refuse_synonyms(name, {(parent, cls) for (_, parent), cls in zip(found, classes, strict=True)})
    split = _splits([parent for _, parent in found])
    paths = [member.path for member, _ in found]
    subject, group = subjects_and_clips(name, paths)
    return FaceSet(
        name,
        PictureFiles([member for member, _ in found]),
        np.array([emotions.canonical(cls) for cls in classes]),
        split,
        group,
        subject,
        files=np.array([str(path) for path in paths]),
    )


def _parent(path: PurePosixPath) -> _Folder | None:
    """Return the folder around the first folder of a path that is named after an expression."""
    return next((path.parts[:depth] for depth, part in enumerate(path.parts[:-1]) if emotions.known(part)), None)


def _inside(path: PurePosixPath, parents: set[_Folder]) -> _Folder | None:
    """Return which of the folders around classes a picture's class folder stands in."""
    folders = path.parts[:-1]
    return next((folders[:depth] for depth in range(len(folders)) if folders[:depth] in parents), None)


def _refuse(name: str, pictures: Sequence[Member]) -> None:
    folders = sorted({member.path.parts[-2] for member in pictures if len(member.path.parts) > 1})
    if not folders:
        raise DataError(
            f"{name} holds no pictures in class folders.", "Put each class's pictures in a folder named after it."
        )
    more = f" and {len(folders) - 8} more" if len(folders) > 8 else ""
    raise DataError(
        f"No folder in {name} is named after an expression (found: {', '.join(folders[:8])}{more}).",
        f"Name them {', '.join(emotions.SEVEN)}.",
    )


def _refuse_synonyms(name: str, classes: set[tuple[_Folder, str]]) -> None:
    meant = defaultdict(list)
    for parent, cls in sorted(classes):
        meant[parent, emotions.canonical(cls)].append("/".join((*parent, cls)))
    for (_, expression), folders in meant.items():
        if len(folders) > 1:
            raise DataError(
                f"In {name} the folders {' and '.join(map(repr, folders))} both mean {expression!r}.",
                "Put their pictures into one folder, or rename one of them if it means something else.",
            )


def _splits(parents: list[_Folder]) -> np.ndarray | None:
    """Return what tells the folders around the classes apart, where that is how the set is divided."""
    different = set(parents)
    if len(different) == 1:
        (only,) = different
        return np.array([only[-1]] * len(parents)) if only and only[-1].lower() in _SPLITS else None
    shared = 0
    while len({parent[: shared + 1] for parent in different}) == 1:
        shared += 1
    return np.array(["/".join(parent[shared:]) for parent in parents])


# CK+ (Lucey et al. 2010, doi 10.1109/CVPRW.2010.5543262): S010_004_00000017.png is frame 17 of clip 4 of subject 10;
# CK+48 holds the last three frames of each clip, which are all but copies of each other.
_NAME = re.compile(r"(?P<subject>S\d{2,4})_(?P<clip>\d{3})_\d{3,8}(?: ?\(\d+\))?", re.IGNORECASE)


def subjects_and_clips(name: str, paths: Sequence[PurePosixPath]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return each picture's subject and clip, both (n,) str; None for both where the names do not tell.

    Raises
    ------
    DataError
        Where most names tell and some do not: pictures of nobody known could stand on both sides of a split.
    """
    found = [_NAME.fullmatch(path.stem) for path in paths]
    told = sum(each is not None for each in found)
    if 2 * told <= len(paths):
        return None, None
    if told < len(paths):
        odd = str(next(path for path, each in zip(paths, found, strict=True) if each is None))
        raise DataError(
            f"{len(paths) - told} of the {len(paths)} pictures in {name} do not say in their name whom they show, such "
            f"as {odd!r}; the others do, like {str(paths[found.index(next(filter(None, found)))])!r}.",
            "Rename or remove them, so that splits can be made by subject.",
        )
    subject = [each["subject"].upper() for each in found if each]
    clip = [f"{each['subject']}_{each['clip']}".upper() for each in found if each]
    return np.array(subject), np.array(clip)
