"""What one wants to see of a set: which pictures, in which order, each class' mean face, one picture in steps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine import images
from engine.datasets.crops import face_crops
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
        majority = faces.judged_by("votes").labels
        found[VOTERS_DISAGREE] = (majority != "") & (majority != faces.labels)
    return found


def other_labels(faces: FaceSet, checks: "Checks | None", problem: str) -> np.ndarray | None:
    """Return the label that speaks against each picture's own, (n,) str; None for a problem that is none of labels."""
    if problem == VOTERS_DISAGREE:
        return faces.judged_by("votes").labels
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


def all_but_the_first_copy(faces: FaceSet, rows: np.ndarray) -> np.ndarray:
    """Return those of ``rows`` that stand behind another one of their group, left-out pictures aside: (m,) int64."""
    if faces.group is None:
        return np.zeros(0, np.int64)
    there = rows[faces.labels[rows] != ""]
    _, first = np.unique(faces.group[there], return_index=True)
    return np.sort(np.delete(there, first))


def copy_groups(faces: FaceSet, rows: np.ndarray) -> list[np.ndarray]:
    """Return the groups of at least two copies among ``rows``, the largest first, each ascending."""
    if faces.group is None:
        return []
    ordered = rows[np.argsort(faces.group[rows], kind="stable")]
    borders = np.flatnonzero(faces.group[ordered][1:] != faces.group[ordered][:-1]) + 1
    groups = [each for each in np.split(ordered, borders) if len(each) > 1]
    return sorted(groups, key=lambda each: (-len(each), int(each[0])))


def copies_of_one(faces: FaceSet, row: int) -> np.ndarray:
    """Return the other rows of a picture's group: (m,) int64."""
    if faces.group is None:
        return np.zeros(0, np.int64)
    rows = np.flatnonzero(faces.group == faces.group[row])
    return rows[rows != row]


AT_MOST = 400
"""Pictures of a class that are averaged; more change nothing that one can see."""


def mean_faces(faces: FaceSet, at_most: int = AT_MOST) -> dict[str, tuple[np.ndarray, int]]:
    """Return a class's mean crop and of how many pictures it is; classes without a crop are left out.

    Parameters
    ----------
    faces
        The set.
    at_most
        So many pictures of each class are taken, evenly over the set.

    Returns
    -------
    dict
        (48, 48) uint8 and a count, a label.
    """
    means = {}
    for label in dict.fromkeys(faces.labels.tolist()):
        rows = np.flatnonzero(faces.labels == label)
        rows = rows[np.linspace(0, len(rows) - 1, min(at_most, len(rows))).round().astype(np.int64)]
        crops, kept, _ = face_crops(faces.pictures, rows)
        if label and len(kept):
            means[label] = (np.rint(crops.mean(axis=0)).astype(np.uint8), len(kept))
    return means


@dataclass(frozen=True)
class PreprocessingSteps:
    """One picture on its way to the networks.

    Attributes
    ----------
    picture
        As it is: (height, width) or (height, width, 3) uint8.
    gray
        (height, width) uint8.
    crop
        (48, 48) uint8; None where the picture is no face crop and no face is found in it.
    codes
        The crop's local binary patterns: (48, 48) uint8.
    histogram
        (256,) shares of the codes, summing to 1.
    """

    picture: np.ndarray
    gray: np.ndarray
    crop: np.ndarray | None
    codes: np.ndarray | None
    histogram: np.ndarray | None


def preprocessing_steps(faces: FaceSet, row: int) -> PreprocessingSteps:
    """Take one picture of a set through every step; raises `ImageError` for a file that is no picture."""
    # Not above: compiled code that a page needs only here.
    from engine.features import lbp

    picture = np.asarray(faces.pictures[row])
    gray = picture if picture.ndim == 2 else images.round_gray(images.to_gray(picture))
    crops, kept, _ = face_crops(faces.pictures, np.array([row]))
    if not len(kept):
        return PreprocessingSteps(picture, gray, None, None, None)
    codes = lbp.lbp_3x3(crops[0])
    return PreprocessingSteps(picture, gray, crops[0], codes, lbp.histogram(codes, 256))
