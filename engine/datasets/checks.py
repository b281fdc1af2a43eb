"""What is wrong with a set's pictures and labels: looked for once, kept, shown and filtered by.

Limits of sharpness, brightness and contrast are those of `engine.faces.quality`, where they are justified.
"""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np

from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.faces.quality import BLURRED, BRIGHT, DARK, FLAT, SMALL_PX
from engine.files import UNREADABLE
from engine.tasks import SILENT, Progress

SENTENCES = {
    "not readable": "The file is no picture that can be read.",
    "low resolution": f"The face is narrower than {SMALL_PX} pixels; detail that expressions are read from is lost.",
    "blurred": "The face is blurred.",
    "too dark": "The face is very dark.",
    "too bright": "The face is overexposed.",
    "almost no contrast": "The face shows almost no contrast.",
    "no face found": "The face finder sees no face; it misses about one crop in a hundred that shows one.",
    "several faces": "More than one face is seen; the largest is used.",
    "has an exact or near copy": "The same photograph occurs again: equal, encoded anew, cut out otherwise, mirrored.",
    "mirrored copy": "It is the mirror image of an earlier picture.",
    "copies with different labels": "Copies of this picture have another label; at most one of them is right.",
    "label likely wrong": "Pictures that look like this one are mostly labelled otherwise. A suspicion, no proof.",
}
"""Each problem's name and what it means, in the order to show."""


@dataclass(frozen=True)
class Checks:
    """What was found; every array has one entry a picture.

    Attributes
    ----------
    width, height
        (n,) int32 pixels; 0 where the file is no readable picture.
    face_width
        (n,) float32 pixels, nan where no face was found in a large picture.
    sharpness, brightness, contrast
        (n,) float32, see `engine.faces.quality.Quality`; nan where not readable.
    faces
        (n,) int16 faces found, -1 where not readable.
    group
        (n,) int64: copies share a number.
    mirrored
        (n,) bool: mirror image of its group's first picture.
    conflict
        (n,) bool: its copies have different labels.
    label_score
        (n,) float32, 0 to 1: how well the picture supports its label, see `engine.datasets.label_issues`; nan where it
        was not judged.
    suggested
        (n,) str: the likelier label where the given one is likely wrong, else ``""``.
    """

    width: np.ndarray
    height: np.ndarray
    face_width: np.ndarray
    sharpness: np.ndarray
    brightness: np.ndarray
    contrast: np.ndarray
    faces: np.ndarray
    group: np.ndarray
    mirrored: np.ndarray
    conflict: np.ndarray
    label_score: np.ndarray
    suggested: np.ndarray

    @property
    def problems(self) -> dict[str, np.ndarray]:
        """Which pictures have which problem: (n,) bool by the names of `SENTENCES`, in their order."""
        masks = (
            self.width == 0,
            self.face_width < SMALL_PX,
            self.sharpness < BLURRED,
            self.brightness < DARK,
            self.brightness > BRIGHT,
            self.contrast < FLAT,
            self.faces == 0,
            self.faces > 1,
            np.bincount(self.group, minlength=1)[self.group] > 1,
            self.mirrored,
            self.conflict,
            self.suggested != "",
        )
        return dict(zip(SENTENCES, masks, strict=True))

    def save(self, path: Path) -> None:
        """Write an ``.npz`` of plain arrays."""
        np.savez_compressed(path, **asdict(self))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            For a file that is damaged, lacks an array, or has one of another length.
        """
        remedy = "Run the checks again."
        try:
            with np.load(path, allow_pickle=False) as stored:
                checks = cls(**{field.name: stored[field.name] for field in fields(cls)})
        except UNREADABLE as error:
            raise DataError(f"{path.name} cannot be read ({error}).", remedy) from error
        if len({array.shape for array in vars(checks).values()}) > 1:
            raise DataError(f"{path.name} has arrays of different lengths.", remedy)
        return checks


def check(data: FaceSet, progress: Progress = SILENT) -> Checks:
    """Look at every picture, find copies, judge labels.

    Parameters
    ----------
    data
        The set. Its own groups of copies play no part.
    progress
        Told how far it is; the words change from step to step.

    Raises
    ------
    Cancelled
        Where it was stopped.
    ModelError
        Where a face model or the shipped model cannot be read.
    """
    # Whoever only reads what was found shall not wait for compiled loops and face models.
    from engine.datasets.duplicates import find_copies
    from engine.datasets.image_stats import image_stats
    from engine.datasets.label_issues import find_label_issues

    seen = image_stats(data, progress)
    rows = np.flatnonzero(seen.width > 0)
    copies = find_copies(seen.crops[rows], progress)
    # An unreadable picture is a group of its own, numbered after the others.
    group = np.arange(len(data)) + len(data)
    group[rows] = copies.group
    group = np.unique(group, return_inverse=True)[1]
    mirrored = np.zeros(len(data), bool)
    mirrored[rows] = copies.mirrored
    issues = find_label_issues(seen.crops, np.where(seen.width > 0, data.labels, ""), group, progress)
    return Checks(
        **{name: array for name, array in vars(seen).items() if name != "crops"},
        group=group,
        mirrored=mirrored,
        conflict=_conflicting(group, data.labels),
        label_score=issues.score,
        suggested=issues.suggested,
    )


def _conflicting(group: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Tell which pictures belong to a group with two labels: (n,) bool; a missing label contradicts none."""
    pairs = np.unique(np.stack([group, np.unique(labels, return_inverse=True)[1]])[:, labels != ""], axis=1)
    return np.bincount(pairs[0], minlength=int(group.max(initial=0)) + 1)[group] > 1
