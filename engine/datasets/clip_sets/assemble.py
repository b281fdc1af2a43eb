"""Rows of a sheet and the pictures they name, put together; what does not fit is said and never left out silently."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.datasets.clip_sets import labels
from engine.datasets.clip_sets.clip import Clip
from engine.datasets.clip_sets.footage import Footage, best
from engine.datasets.clip_sets.sheet import frame_number
from engine.words import counted


@dataclass(frozen=True)
class Coded:
    """What one row says, its texts as they stand; ``frames`` are onset, apex, offset."""

    row: int
    subject: str
    name: str
    frames: tuple[str, str, str]
    action_units: str
    emotion: str
    kind: str = "micro"


@dataclass
class Assembly:
    """Takes one row after the other.

    Attributes
    ----------
    dataset, fps
        Of every clip.
    zero_is_nothing
        Frame 0 stands for one that was not coded.
    clips, problems
        What came of it so far.
    """

    dataset: str
    fps: float
    zero_is_nothing: bool = False
    clips: list[Clip] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _seen: dict[tuple[str, str, int | None], Coded] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _copies: list[tuple[Footage, Footage]] = field(default_factory=list)

    def add(self, coded: Coded, found: Sequence[Footage]) -> None:
        """Make a clip of a row and the footage that has its name."""
        who = f"Row {coded.row} ({coded.subject}, {coded.name})"
        self._used.update(str(each.path) for each in found)
        onset, apex, offset = self._frames(who, coded)
        key = (coded.subject, coded.name.casefold(), onset)
        if (earlier := self._seen.setdefault(key, coded)) is not coded:
            same = (earlier.frames, labels.word(earlier.emotion)) == (coded.frames, labels.word(coded.emotion))
            told = "" if same else f", with other codes ({coded.emotion!r} after {earlier.emotion!r})"
            self.problems.append(f"{who} says again what row {earlier.row} says{told}: the first one counts.")
            return
        if not labels.known(coded.emotion):
            said = f"the unknown expression {coded.emotion!r}" if coded.emotion else "no expression"
            self.problems.append(f"{who} names {said}: the clip has no class.")
        if not found:
            self.problems.append(f"{who} names pictures that are not there: the clip is left out.")
            return
        footage = best(found, onset, offset)
        self._copies += [(footage, other) for other in found if other is not footage]
        self._tell_missing(who, footage, onset, apex, offset)
        self.clips.append(
            Clip(
                self.dataset,
                coded.subject,
                coded.name,
                footage.frames,
                footage.numbers,
                onset,
                apex,
                offset,
                self.fps,
                action_units(coded.action_units),
                coded.emotion,
                coded.kind,
                coded.row,
            )
        )

    def finish(self, footage: Sequence[Footage]) -> None:
        """Say what concerns no single row: pictures that no row names, pictures that are there twice."""
        unnamed = [str(each.path) for each in footage if str(each.path) not in self._used]
        if unnamed:
            found = counted(len(unnamed), "folder or recording", "folders or recordings")
            self.problems.append(f"{found} that no row names, such as {unnamed[0]}.")
        if self._copies:
            taken, other = self._copies[0]
            self.problems.append(
                f"{len(self._copies)} clips are there more than once; of {other.path} and {taken.path} the latter is "
                "read, and so on."
            )
        copied = [each for each in footage if each.copies]
        if copied:
            self.problems.append(
                f"In {len(copied)} folders, such as {copied[0].path}, two pictures have the same frame number: the "
                "first one counts."
            )

    def _frames(self, who: str, coded: Coded) -> tuple[int | None, int | None, int | None]:
        found: list[int | None] = []
        for name, text in zip(("onset", "apex", "offset"), coded.frames, strict=True):
            try:
                number = frame_number(text)
            except (ValueError, OverflowError):
                self.problems.append(f"{who}: the {name} is {text!r}, no frame number; it counts as not coded.")
                number = None
            found.append(None if number == 0 and self.zero_is_nothing else number)
        onset, apex, offset = found
        if onset is not None and offset is not None and offset < onset:
            self.problems.append(f"{who}: the offset {offset} lies before the onset {onset}; it counts as not coded.")
            offset = None
        low, high = -1 if onset is None else onset, float("inf") if offset is None else offset
        if apex is not None and not low <= apex <= high:
            until = "the end" if offset is None else offset
            self.problems.append(f"{who}: the apex {apex} is not within {onset} to {until}; it counts as not coded.")
            apex = None
        return onset, apex, offset

    def _tell_missing(self, who: str, footage: Footage, *frames: int | None) -> None:
        if isinstance(footage.frames, Path):
            return  # How many frames an avi holds is known only once it is read.
        there = set(footage.numbers)
        onset, _, offset = frames
        wanted: Sequence[int]
        if onset is not None and offset is not None:
            wanted = range(onset, offset + 1)
        else:
            wanted = sorted({number for number in frames if number is not None})
        missing = [number for number in wanted if number not in there]
        if missing:
            some = ", ".join(map(str, missing[:3])) + (", ..." if len(missing) > 3 else "")
            self.problems.append(
                f"{who}: {len(missing)} of its {len(wanted)} frames are not in {footage.path} ({some})."
            )


def action_units(text: str) -> tuple[str, ...]:
    """Return the units of a cell such as ``4+L10``, ``AU12A or AU14`` or ``1, 2``, without what stands for nothing."""
    parts = re.split(r"[+,;&\s]+|\bor\b|\band\b", text)
    return tuple(unit for part in parts if (unit := re.sub(r"^AU(?=\w)", "", part.strip(), flags=re.I)) not in _NOTHING)


_NOTHING = {"", "/", "-", "?", "or", "and", "?)"}
