"""Face sets from class folders: one folder a class, its name the class, or such folders inside split folders."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath

import numpy as np

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.datasets.members import LeftOut, Member, PictureFiles, is_picture
from engine.datasets.parts import may_name_a_person, numbers_a_person, part_of
from engine.errors import DataError
from engine.words import counted, shown

_ARCHIVES = {".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"}
_TABLES = {".csv", ".tsv", ".xlsx", ".xls", ".lst", ".npz", ".parquet"}

_Folder = tuple[str, ...]


def read_class_folders(name: str, members: Sequence[Member], left_out: Sequence[LeftOut] = ()) -> FaceSet:
    """Read class folders (``happy/3.png``), also in folders of parts (``train/happy``) or people (``anna/happy``).

    Folders of parts and people may lie in those of classes as well (``happy/train``). CK+48's names tell people and
    clips. Folders around the whole (``archive/faces/train/happy/3.png``) do not matter.

    Parameters
    ----------
    name
        Of the source, for people.
    members
        Its files. A folder beside class folders that is named after no expression keeps its name as the class.
    left_out
        What cannot be read there; other files and pictures that lie in no class folder are added to it.

    Raises
    ------
    DataError
        For a source without pictures in class folders, without a class that means an expression, with two folders
        that mean the same expression, or where some pictures tell by name or folder whom they show and some do not.
    """
    pictures = [member for member in members if is_picture(member)]
    # A name may be a word of the user's, but what counts as a class is decided by where known words stand.
    parents = {parent for member in pictures if (parent := _parent(member.path)) is not None}
    found = [(member, parent) for member in pictures if (parent := _inside(member.path, parents)) is not None]
    if not found:
        _refuse(name, pictures, members)
    classes = [member.path.parts[len(parent)] for member, parent in found]
    _refuse_synonyms(name, {(parent, cls) for (_, parent), cls in zip(found, classes, strict=True)})
    paths = [member.path for member, _ in found]
    around = _around(name, paths, [parent for _, parent in found])
    subject, group = subjects_and_clips(name, paths)
    known = {id(member) for member, _ in found}
    return FaceSet(
        name,
        PictureFiles([member for member, _ in found]),
        labels := np.array([emotions.canonical(cls) for cls in classes]),
        around.split,
        group,
        around.subject if subject is None else subject,
        files=np.array([str(path) for path in paths]),
        left_out=(*left_out, *(_left_out(member) for member in members if id(member) not in known)),
        notes=(*around.notes, *unknown_classes(labels)),
    )


def has_class_folders(members: Sequence[Member]) -> bool:
    """Tell whether a picture lies in a folder that is named after an expression."""
    return any(_parent(member.path) is not None for member in members if is_picture(member))


def unknown_classes(labels: np.ndarray) -> list[str]:
    """Return a sentence for each label that is no word of NeuroMER's."""
    notes = []
    for label, count in Counter(labels.tolist()).items():
        if label and not emotions.known(label):
            near = get_close_matches(label, emotions.WORDS, 1, 0.75)
            meant = f" ({emotions.canonical(near[0])} is meant?)" if near else ""
            its = counted(count, "picture counts", "pictures count")
            notes.append(
                f"{shown(label)} is no expression that is known here{meant}: its {its} only where it is asked for by "
                "that name."
            )
    return notes


def _left_out(member: Member) -> LeftOut:
    if is_picture(member):
        return str(member.path), "A picture that lies in no class folder has no label."
    if member.path.suffix.lower() in _TABLES:
        return str(member.path), "A table beside class folders is not read: the folders tell the labels."
    if member.path.suffix.lower() in _ARCHIVES:
        return str(member.path), "An archive inside is not read: unpack it."
    return str(member.path), "It is no picture."


def _parent(path: PurePosixPath) -> _Folder | None:
    """Return the folder around the first folder of a path that is named after an expression."""
    return next((path.parts[:depth] for depth, part in enumerate(path.parts[:-1]) if emotions.known(part)), None)


def _inside(path: PurePosixPath, parents: set[_Folder]) -> _Folder | None:
    """Return which of the folders around classes a picture's class folder stands in."""
    if (own := _parent(path)) is not None:
        return own
    folders = path.parts[:-1]
    return next((folders[:depth] for depth in range(len(folders) - 1, -1, -1) if folders[:depth] in parents), None)


def _refuse(name: str, pictures: Sequence[Member], members: Sequence[Member]) -> None:
    packed = next((member for member in members if member.path.suffix.lower() in _ARCHIVES), None)
    if packed is not None and not pictures:
        raise DataError(
            f"{name} holds no pictures but an archive, {packed.path}.", "Unpack it and import what is in it."
        )
    folders = sorted({member.path.parts[-2] for member in pictures if len(member.path.parts) > 1})
    if not folders:
        raise DataError(
            f"{name} holds no pictures in class folders.", "Put each class's pictures in a folder named after it."
        )
    more = f" and {len(folders) - 8} more" if len(folders) > 8 else ""
    raise DataError(
        f"No folder in {name} is named after an expression (found: {', '.join(folders[:8])}{more}).",
        f"Name them {', '.join(emotions.SEVEN)}, or lay a labels.csv beside them with the columns file and emotion.",
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


@dataclass(frozen=True)
class _Around:
    """What the folders around and in those of the classes say: see `FaceSet`."""

    split: np.ndarray | None
    subject: np.ndarray | None
    notes: tuple[str, ...] = ()


def _around(name: str, paths: Sequence[PurePosixPath], parents: Sequence[_Folder]) -> _Around:
    """Read folders of parts and of people, wherever in a path they stand."""
    shared = 0
    while len(around := {parent[: shared + 1] for parent in parents}) == 1 and len(min(around)) > shared:
        shared += 1
    if shared and part_of(parents[0][shared - 1]):
        shared -= 1  # train/happy, and no other part: that it is the training part is worth knowing
    outside = [parent[shared:] for parent in parents]
    inside = [path.parts[len(parent) + 1 : -1] for path, parent in zip(paths, parents, strict=True)]
    part = [next(filter(part_of, (*out, *inn)), "") for out, inn in zip(outside, inside, strict=True)]
    person = _numbered_people(outside) or _numbered_people(inside, parts_of_classes=True)
    notes: list[str] = []
    if person is None and (person := _named_people(outside)) is not None:
        notes.append(
            f"The folders around the classes ({_some(person)}) are taken for people. If they are parts of the set, "
            "name them train, validation and test."
        )
    others = ["/".join(each for each in out if not part_of(each)) for out in outside]
    if person is None and not any(part) and any(others):
        part = others
        notes.append(
            f"The folders around the classes ({_some(others)}) are taken for parts of the set. If they are people, put "
            "a number into each name, such as S01."
        )
    elif any(part) and not all(part):
        notes.append(f"{counted(part.count(''), 'picture')} lie in no folder of a part such as train or test.")
    subject = None
    if person is not None:
        if not all(person):
            odd, like = paths[person.index("")], paths[next(at for at, who in enumerate(person) if who)]
            raise DataError(
                f"{person.count('')} of the {len(paths)} pictures in {name} lie in no folder of a person, such as "
                f"'{odd}'; the others do, like '{like}'.",
                "Move or remove them, so that splits can be made by subject.",
            )
        spelt: dict[str, str] = {}
        subject = np.array([spelt.setdefault(who.casefold(), who) for who in person])
    return _Around(np.array(part) if any(part) else None, subject, tuple(notes))


def _some(names: Sequence[str]) -> str:
    return ", ".join(sorted(set(names) - {""})[:4])[:200]


def _numbered_people(folders: Sequence[_Folder], parts_of_classes: bool = False) -> list[str] | None:
    """Return whom each picture shows by the folders of its path, ``""`` where they do not say; None for nobody.

    Inside a class folder a bare number counts only where zeros fill it up: pictures are also laid in folders of some
    hundred each, numbered from 1.
    """

    def is_person(folder: str) -> bool:
        return numbers_a_person(folder) and not (parts_of_classes and folder.isdecimal() and folder[0] != "0")

    others = {each for path in folders for each in path if not part_of(each) and not is_person(each)}
    people = [next((each for each in path if not part_of(each) and is_person(each)), "") for path in folders]
    told = sum(map(bool, people))
    if len({who.casefold() for who in people if who}) < 2 or 2 * told <= len(people) or (others and told < len(people)):
        return None
    return people


def _named_people(folders: Sequence[_Folder]) -> list[str] | None:
    """Return whom each picture shows where folders of all have names that may be those of several people."""
    people = [next(filter(may_name_a_person, path), "") for path in folders]
    return people if all(people) and len({who.casefold() for who in people}) > 1 else None


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
