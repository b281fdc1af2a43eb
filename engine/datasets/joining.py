"""Several face sets as one, so that a model learns from all of them and is watched on each of them."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from engine.datasets import splits
from engine.datasets.crops import face_crops
from engine.datasets.duplicates import find_copies
from engine.datasets.face_set import FaceSet, Pictures
from engine.datasets.units import joined
from engine.emotions import FERPLUS_COLUMNS
from engine.errors import DataError
from engine.tasks import SILENT, Progress

VALIDATION_SHARE = 0.1
"""Of the pictures of a set that names no validation part."""


def join(
    sets: Sequence[FaceSet], share: float = VALIDATION_SHARE, seed: int = 1, progress: Progress = SILENT
) -> FaceSet:
    """Put several sets together, divided so that no held-out picture has a copy in another set that trains.

    A set's own training, validation and test parts stay what they are. Of a set that names no validation part a tenth
    validates, by group of copies and stratified by label; copies are looked for within and across all sets. A picture
    that would train, but is a copy of one that another set holds out, belongs to the part `splits.COPY`.

    Parameters
    ----------
    sets
        At least two, with different names.
    share
        Of the pictures that validate where a set does not say which, above 0 and below 1.
    seed
        Of that division.
    progress
        Is told how far the search for copies is.

    Returns
    -------
    FaceSet
        All pictures in order. ``origin`` says which set each is of, ``split`` is ``"training"``, ``"validation"``,
        ``"test"`` or `splits.COPY`; a set's subjects become its groups.

    Raises
    ------
    DataError
        For fewer than two sets, two of one name, a set too small to be divided, or where it was cancelled.
    """
    names = [each.name for each in sets]
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise DataError(
            f"{', '.join(names) or 'Nothing'}: that cannot be joined.", "Name at least two sets, each of them once."
        )
    pictures = JoinedPictures([each.pictures for each in sets])
    origin = np.repeat(names, [len(each) for each in sets])
    group = _groups(sets, pictures, progress)
    labels = np.concatenate([each.labels for each in sets])
    split = np.concatenate([splits.named_parts(each) for each in sets])
    for each in sets:
        own = np.flatnonzero(origin == each.name)
        if not (split[own] == "validation").any():
            # A copy of another set's picture may train there: it is no picture to be watched on.
            alone = own[(split[own] == "training") & ~np.isin(group[own], group[origin != each.name])]
            own_groups = FaceSet(each.name, pictures, labels, group=group)
            split[alone[splits.hold_out(own_groups, alone, share, seed).held_out]] = "validation"
    for each in sets:
        own = origin == each.name
        held_out = group[~own & np.isin(split, ("validation", "test"))]
        split[own & (split == "training") & np.isin(group, held_out)] = splits.COPY
    return FaceSet(
        " + ".join(names), pictures, labels, split, group, votes=_votes(sets), files=_files(sets), origin=origin
    )


class JoinedPictures:
    """The pictures of several sets, one after the other.

    Parameters
    ----------
    parts
        Of each set.
    """

    def __init__(self, parts: Sequence[Pictures]) -> None:
        self._parts = parts
        self._starts = [0, *accumulate(len(part) for part in parts)]

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, index: int) -> np.ndarray:
        if not 0 <= index < len(self):
            raise IndexError(f"Expected a picture from 0 to {len(self) - 1}. Received {index}.")
        part = bisect_right(self._starts, index) - 1
        return self._parts[part][index - self._starts[part]]


def _groups(sets: Sequence[FaceSet], pictures: Pictures, progress: Progress) -> np.ndarray:
    """Number what belongs together, copies across all sets and what each set says of its own: (n,) int64."""
    crops, rows, _ = face_crops(pictures, np.arange(len(pictures)))
    # Pictures without a crop are a group of their own each.
    found = np.arange(len(pictures)) + len(pictures)
    found[rows] = find_copies(crops, progress).group
    start = 0
    for each in sets:
        for known in (each.group, each.subject):
            if known is not None:
                # Numbers that no picture of another set has.
                own = np.arange(len(pictures)) + len(pictures)
                own[start : start + len(each)] = np.unique(known, return_inverse=True)[1]
                found = joined(found, own)
        start += len(each)
    return found


def _votes(sets: Sequence[FaceSet]) -> np.ndarray | None:
    if all(each.votes is None for each in sets):
        return None
    missing = [np.full((len(each), len(FERPLUS_COLUMNS)), -1, np.int8) for each in sets]
    return np.concatenate(
        [none if each.votes is None else each.votes for each, none in zip(sets, missing, strict=True)]
    )


def _files(sets: Sequence[FaceSet]) -> np.ndarray:
    return np.concatenate(
        [
            np.array([f"{each.name}/{file}" for file in (range(len(each)) if each.files is None else each.files)])
            for each in sets
        ]
    )
