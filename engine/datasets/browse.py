"""Which pictures of a set one wants to see, and in which order."""

from typing import TYPE_CHECKING

import numpy as np

from engine.datasets.face_set import FaceSet

if TYPE_CHECKING:
    from engine.datasets.checks import Checks

LIKELY_WRONG = "label likely wrong"
"""As `engine.datasets.checks.SENTENCES` names it."""
VOTERS_DISAGREE = "voters see something else"


def problems(faces: FaceSet, checks: "Checks | None") -> dict[str, np.ndarray]:
    """Return for each kind of problem which pictures have it: (n,) bool.

    Parameters
    ----------
    faces
        The set.
    checks
        What was found on it, None where it has not been checked.
    """
    found = {} if checks is None else dict(checks.problems)
    if faces.votes is not None:
        majority = faces.labelled_by_votes().labels
        found[VOTERS_DISAGREE] = (majority != "") & (majority != faces.labels)
    return found


def other_labels(faces: FaceSet, checks: "Checks | None", problem: str) -> np.ndarray | None:
    """Return the label that speaks against each picture's own, (n,) str; None for a problem that is none of labels."""
    if problem == VOTERS_DISAGREE:
        return faces.labelled_by_votes().labels
    return checks.suggested if checks is not None and problem == LIKELY_WRONG else None


def matching(
    faces: FaceSet, labels: list[str] | None = None, split: str | None = None, having: np.ndarray | None = None
) -> np.ndarray:
    """Return the rows that fit every wish: (m,) int64, ascending.

    Parameters
    ----------
    faces
        The set.
    labels
        One of these, or any for None or none.
    split
        In this split, or any for None.
    having
        (n,) bool, True here; no such wish for None.
    """
    fits = np.ones(len(faces), bool) if having is None else having.copy()
    if labels:
        fits &= np.isin(faces.labels, labels)
    if split is not None and faces.split is not None:
        fits &= faces.split == split
    return np.flatnonzero(fits)


def copies_together(faces: FaceSet, rows: np.ndarray) -> np.ndarray:
    """Return ``rows`` with those of a group side by side, groups in the order of their first picture."""
    if faces.group is None:
        return rows
    _, first, of = np.unique(faces.group[rows], return_index=True, return_inverse=True)
    return rows[np.lexsort((rows, first[of]))]


def copies_of_one(faces: FaceSet, row: int) -> np.ndarray:
    """Return the other rows of a picture's group: (m,) int64."""
    if faces.group is None:
        return np.zeros(0, np.int64)
    rows = np.flatnonzero(faces.group == faces.group[row])
    return rows[rows != row]
