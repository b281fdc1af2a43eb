"""What somebody has changed by hand about an imported set's pictures: left out, labelled anew, tagged.

The set itself stays as it came. Changes are a log beside it, in order; the last one can be taken back at any time.
Pictures keep their numbers: one that is left out has no label, so that nothing learns from it or is judged by it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.files import write_json
from engine.kept import fits, read_json
from engine.words import counted

FILE = "edits.json"
KINDS = ("exclude", "include", "relabel", "tag", "untag")
LONGEST = 40
"""Characters of a label or a tag."""
_VOTERS = 10
_FORM = {"kind": str, "pictures": [int], "value": str, "at": str}


@dataclass(frozen=True)
class Edit:
    """One change.

    Attributes
    ----------
    kind
        One of `KINDS`.
    pictures
        Their numbers in the set.
    value
        The label of ``"relabel"``, the tag of ``"tag"`` and ``"untag"``; empty otherwise.
    at
        When, in ISO 8601.
    """

    kind: str
    pictures: tuple[int, ...]
    value: str = ""
    at: str = ""


@dataclass(frozen=True)
class Edits:
    """All changes to a set, the oldest first."""

    log: tuple[Edit, ...] = ()

    @property
    def excluded(self) -> frozenset[int]:
        """The pictures that are left out."""
        out: set[int] = set()
        for edit in self.log:
            if edit.kind == "exclude":
                out |= set(edit.pictures)
            elif edit.kind == "include":
                out -= set(edit.pictures)
        return frozenset(out)

    @property
    def labels(self) -> dict[int, str]:
        """The labels that were given by hand, by picture."""
        return {picture: edit.value for edit in self.log if edit.kind == "relabel" for picture in edit.pictures}

    @property
    def tags(self) -> dict[str, frozenset[int]]:
        """The pictures of each tag."""
        tagged: dict[str, set[int]] = {}
        for edit in self.log:
            if edit.kind == "tag":
                tagged.setdefault(edit.value, set()).update(edit.pictures)
            elif edit.kind == "untag":
                tagged.get(edit.value, set()).difference_update(edit.pictures)
        return {tag: frozenset(pictures) for tag, pictures in tagged.items() if pictures}

    def then(self, kind: str, pictures: Sequence[int], value: str, count: int) -> "Edits":
        """Return the changes with one more.

        Parameters
        ----------
        kind, pictures, value
            As `Edit` has them.
        count
            How many pictures the set has.

        Raises
        ------
        DataError
            For another kind, no picture, one that the set does not have, or a label or tag that is none.
        """
        if kind not in KINDS:
            raise DataError(f"{kind!r} is no change.", f"There are: {', '.join(KINDS)}.")
        if not pictures:
            raise DataError("No picture is named.", "Choose at least one.")
        if absent := [each for each in pictures if not 0 <= each < count]:
            raise DataError(f"There is no picture {absent[0]} in the set.", f"They are numbered 0 to {count - 1}.")
        said = value.strip()
        if kind in ("relabel", "tag", "untag") and (not said or len(said) > LONGEST or not said.isprintable()):
            raise DataError(f"{value[:LONGEST]!r} is no word for a picture.", f"Write 1 to {LONGEST} characters.")
        word = emotions.canonical(said) if kind == "relabel" else said
        now = datetime.now(UTC).isoformat(timespec="seconds")
        edit = Edit(kind, tuple(sorted(set(map(int, pictures)))), word if kind not in KINDS[:2] else "", now)
        return Edits((*self.log, edit))

    def undone(self) -> "Edits":
        """Return the changes without the last one."""
        return Edits(self.log[:-1])


NONE = Edits()


def applied(faces: FaceSet, edits: Edits) -> FaceSet:
    """Return a set as its changes have it; votes on a picture that was labelled anew are replaced by that label."""
    out = np.array([each for each in sorted(edits.excluded) if each < len(faces)], np.int64)
    named = {picture: label for picture, label in edits.labels.items() if picture < len(faces)}
    if not len(out) and not named:
        return faces
    labels = faces.labels.astype(object)
    labels[list(named)] = list(named.values())
    labels[out] = ""
    votes = None if faces.votes is None else _votes(faces.votes, out, named)
    told = [f"{counted(len(out), 'picture')} left out"] * bool(len(out))
    told += [f"{counted(len(named), 'picture')} labelled anew"] * bool(named)
    notes = (*faces.notes, f"By hand: {', '.join(told)}.")
    unheard = [label for label in named.values() if label not in emotions.FERPLUS_COLUMNS]
    if votes is not None and unheard:
        notes += (
            f"{counted(len(unheard), 'picture')} labelled anew as {', '.join(sorted(set(unheard)))}, of which voters "
            "were not asked: by votes they teach and count for nothing.",
        )
    return replace(faces, labels=labels.astype(str), votes=votes, notes=notes)


def _votes(votes: NDArray, out: NDArray[np.int64], named: dict[int, str]) -> NDArray:
    changed = votes.copy()
    # Below 0 stands that a picture never had voters: that stays so.
    had = votes.min(axis=1) >= 0
    for picture, label in named.items():
        if had[picture]:
            changed[picture] = _VOTERS * (np.array(emotions.FERPLUS_COLUMNS) == label)
    changed[out[had[out]]] = 0
    return changed


def read(folder: Path) -> Edits:
    """Return the changes that are kept in a set's folder; none where nothing was changed.

    Raises
    ------
    DataError
        For a file that is damaged.
    """
    try:
        said: Any = read_json(folder / FILE)
    except FileNotFoundError:
        return NONE
    except (OSError, ValueError) as error:
        raise _damaged(folder) from error
    # A kind that is not known here is no damage: a newer version may have written it.
    if not isinstance(said, list) or not all(
        fits(each, _FORM) and min(each["pictures"], default=0) >= 0 for each in said
    ):
        raise _damaged(folder)
    return Edits(tuple(Edit(each["kind"], tuple(each["pictures"]), each["value"], each["at"]) for each in said))


def write(folder: Path, edits: Edits) -> None:
    """Keep changes in a set's folder; raises `OSError` where that cannot be."""
    write_json(folder / FILE, [asdict(each) for each in edits.log])


def _damaged(folder: Path) -> DataError:
    return DataError(
        f"The file {FILE} of the set {folder.name!r} is damaged.",
        f"Put a copy back in its place; without it the set is as it came. It lies in {folder}.",
    )
