"""A labelled set of face pictures, wherever it came from."""

import hashlib
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from engine import emotions
from engine.errors import DataError, ImageError


class Pictures(Protocol):
    """Pictures by number: an array of them, or files that are decoded on access."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> np.ndarray: ...


@dataclass(frozen=True)
class FaceSet:
    """Labelled pictures; every array has one entry a picture.

    Attributes
    ----------
    name
        Where it came from, for people.
    pictures
        (height, width) gray or (height, width, 3) RGB, uint8. May read a file on each access, and then raises
        `ImageError` for a file that is no picture.
    labels
        (n,) str, in NeuroMER's words (`engine.emotions.canonical`); ``""`` where a picture has none.
    split, group, subject
        (n,) of str or integers, or None where the set does not say. Copies of one picture, and neighbouring frames of
        one recording, share a ``group``.
    votes
        (n, 10) FERPlus votes in the order of `engine.emotions.FERPLUS_COLUMNS`, or None.
    files
        (n,) str, where each picture came from inside its source (``train/happy/3.png``), or None.
    origin
        (n,) str, the name of the set that each picture is of where several were joined, else None.
    left_out
        What of the source is not in the set, and why: pairs of a file and a sentence.
    notes
        Sentences on how the source was understood, where that may not be as it was meant.
    """

    name: str
    pictures: Pictures
    labels: np.ndarray
    split: np.ndarray | None = None
    group: np.ndarray | None = None
    subject: np.ndarray | None = None
    votes: np.ndarray | None = None
    files: np.ndarray | None = None
    origin: np.ndarray | None = None
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    def rows_of(self, split: str | None) -> np.ndarray:
        """Return the indices of a split's pictures, or of all pictures for None.

        Raises
        ------
        DataError
            For a split that the set does not have.
        """
        if split is None:
            return np.arange(len(self))
        if self.split is None:
            raise DataError(f"{self.name} is not divided into splits.", f"Leave out the split {split!r}.")
        rows = np.flatnonzero(self.split == split)
        if not len(rows):
            names = ", ".join(sorted(set(self.split.tolist())))
            raise DataError(f"{self.name} has no split {split!r}.", f"It has: {names}.")
        return rows

    def leaked(self, rows: np.ndarray) -> np.ndarray:
        """Tell which of ``rows`` have a copy in another split.

        Parameters
        ----------
        rows
            (m,) indices of one split's pictures.

        Returns
        -------
        numpy.ndarray
            (m,) bool, all False where the set has no groups or no splits.
        """
        if self.group is None or self.split is None:
            return np.zeros(len(rows), bool)
        others = np.setdiff1d(np.arange(len(self)), rows)
        others = others[~np.isin(self.split[others], np.unique(self.split[rows]))]
        return np.isin(self.group[rows], self.group[others])

    def judged_by(self, judge: str) -> "FaceSet":
        """Return the same pictures, labelled with what counts as true.

        Parameters
        ----------
        judge
            ``"given"``: their own labels. ``"votes"``: what most of the ten FERPlus voters saw. ``"ferplus"``: the same
            by the rule of FERPlus' authors (`engine.emotions.votes_by_ferplus_rule`). Of joined sets, those that have
            no votes keep their own labels.

        Raises
        ------
        DataError
            Where votes are asked for and the set has none.
        """
        if judge == "given":
            return self
        if self.votes is None:
            raise DataError(f"{self.name} has no FERPlus votes.", "Use its own labels.")
        read = emotions.votes_by_ferplus_rule if judge == "ferplus" else emotions.votes_to_majority
        labels = read(self.votes)
        for name in () if self.origin is None else np.unique(self.origin):
            own = self.origin == name
            if (self.votes[own] < 0).all():
                labels = np.where(own, self.labels, labels)
        return replace(self, labels=labels)


def fingerprint(faces: FaceSet) -> str:
    """Return a SHA-256 over all pictures that can be read and their labels, in order, as 64 hexadecimal letters.

    It does not depend on how the set is stored: a picture whose three channels are equal counts as gray.
    """
    digest = hashlib.sha256()
    for row in range(len(faces)):
        try:
            picture = plain_gray(faces.pictures[row])
        except ImageError:
            continue
        digest.update(f"{faces.labels[row]}{picture.shape}".encode())
        digest.update(np.ascontiguousarray(picture).data)
    return digest.hexdigest()


def plain_gray(picture: np.ndarray) -> np.ndarray:
    """Return the one channel, (height, width), of a picture whose channels are equal, and any other as it is."""
    if picture.ndim == 3 and np.array_equal(picture[..., 0], picture[..., 1]):
        return picture[..., 0] if np.array_equal(picture[..., 0], picture[..., 2]) else picture
    return picture
