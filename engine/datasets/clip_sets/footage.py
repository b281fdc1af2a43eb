"""Where the pictures of a set lie: folders of numbered pictures, and avi files."""

import os
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from engine.below import files_below
from engine.datasets.clip_sets.sheet import OLD_SUFFIXES, SUFFIXES
from engine.images.kinds import PICTURE_SUFFIXES
from engine.tasks import Progress

_COPY = re.compile(r" ?\(\d+\)$")
_NUMBER = re.compile(r"\d+(?!.*\d)")
_SUBJECT = re.compile(r"(?:subject|sub|s)?[ _-]?0*(\d{1,4})", re.IGNORECASE)
_FAR = 3
"""Folders between a subject's and a clip's, at most: SMIC has s01/micro/negative/s1_ne_01."""


@dataclass(frozen=True)
class Footage:
    """One folder of numbered pictures, or one avi.

    Attributes
    ----------
    path
        Below the root of the set.
    frames
        The pictures by number, or the avi.
    numbers
        The pictures' numbers, ascending: the last digits of their names (``reg_img46.jpg``, ``006_05562.jpg``,
        ``EP01_5-113.jpg``). Empty for an avi, whose frames count from 1.
    copies
        How many pictures have the number of another one, and are not read.
    """

    path: PurePosixPath
    frames: tuple[Path, ...] | Path
    numbers: tuple[int, ...] = ()
    copies: int = 0

    @property
    def name(self) -> str:
        """What the clip is called."""
        return self.path.name if self.numbers else self.path.stem

    @property
    def subject(self) -> int | None:
        """The number of whom the folders around it say it shows."""
        for part in self.path.parts[-2 : -3 - _FAR : -1]:
            if found := _SUBJECT.fullmatch(part):
                return int(found[1])
        return None


class Tree:
    """What lies below a folder.

    Attributes
    ----------
    footage
        In the order of their paths.
    sheets, old_sheets
        Files that may be coding sheets; those that are in a form which is not read.
    unreadable
        Sentences on what is left out because it cannot be read.
    """

    def __init__(self, root: Path, progress: Progress) -> None:
        self.root = root
        self.footage: list[Footage] = []
        self.sheets: list[Path] = []
        self.old_sheets: list[Path] = []
        self.unreadable: list[str] = []
        for folder, found in groupby(files_below(root, hidden=False), key=lambda each: os.path.dirname(each.path)):  # noqa: PTH120  quick
            progress.step(len(self.footage), 0, "looking for pictures")
            names = []
            for below in found:
                if below.why is None:
                    names.append(below.path.name)
                else:
                    self.unreadable.append(f"{below.path} is left out: {below.why}.")
            self._add(Path(folder), names)
        self._by_key: dict[tuple[int | None, str], list[Footage]] = defaultdict(list)
        for each in self.footage:
            self._by_key[each.subject, each.name.casefold()].append(each)

    def _add(self, folder: Path, files: Sequence[str]) -> None:
        # The root's own name counts: it may be the subject's, or say which camera it was.
        below = PurePosixPath(self.root.name, folder.relative_to(self.root).as_posix())
        numbered: dict[int, Path] = {}
        copies = 0
        for name in files:
            stem, suffix = os.path.splitext(name)  # noqa: PTH122  a Path for each of 300,000 names takes seconds
            suffix = suffix.lower()
            if suffix in PICTURE_SUFFIXES:
                if found := _NUMBER.search(_COPY.sub("", stem)):
                    copies += int(found[0]) in numbered
                    numbered.setdefault(int(found[0]), folder / name)
            elif suffix == ".avi":
                self.footage.append(Footage(below / name, folder / name))
            elif suffix in SUFFIXES and not name.startswith("~$"):
                self.sheets.append(folder / name)
            elif suffix in OLD_SUFFIXES and not name.startswith("~$"):
                self.old_sheets.append(folder / name)
        if numbered:
            numbers = tuple(sorted(numbered))
            self.footage.append(Footage(below, tuple(numbered[number] for number in numbers), numbers, copies))

    def find(self, subject: int | None, name: str) -> list[Footage]:
        """Return what is called ``name`` below a folder of that subject."""
        return self._by_key.get((subject, name.casefold()), [])


def best(found: Sequence[Footage], onset: int | None, offset: int | None) -> Footage:
    """Choose among several footages of one clip.

    Pictures before avi files, which are compressed; whole frames before cropped faces, in which faces are found less
    surely; then those that hold onset and offset, and the most.
    """

    def order(each: Footage) -> tuple:
        holds = {onset, offset} - {None} <= set(each.numbers)
        cropped = any("crop" in part.lower() for part in each.path.parts)
        return not each.numbers, cropped, not holds, -len(each.numbers), str(each.path)

    return min(found, key=order)
