"""What is wrong with a set's pictures and labels: looked for once, kept, shown and filtered by.

Limits of sharpness, brightness and contrast are those of `engine.faces.quality`, where they are justified.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from engine import faces, images
from engine.arrays import Form, read_as
from engine.below import reason
from engine.datasets.crops import CROP_LIMIT, whole_crop
from engine.datasets.face_set import FaceSet
from engine.errors import DataError, ImageError
from engine.faces.find import find_faces
from engine.faces.quality import BLURRED, BRIGHT, DARK, FLAT, SMALL_PX, measure_crop
from engine.settings import CROP_SIZE
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


_FORMS = {
    **{name: Form("iu", ("n",)) for name in ("width", "height", "faces", "group")},
    **{name: Form("f", ("n",)) for name in ("face_width", "sharpness", "brightness", "contrast", "label_score")},
    **{name: Form("b", ("n",)) for name in ("mirrored", "conflict")},
    "suggested": Form("U", ("n",)),
}


@dataclass(frozen=True)
class ImageStats:
    """What one look at each picture has shown; every array has one entry a picture.

    Attributes
    ----------
    width, height
        (n,) int32 pixels; 0 where the file is no readable picture, and then nothing else is known.
    face_width
        (n,) float32 pixels: of the largest face, nan where none was found in a large picture; of the whole picture
        where that is a face crop.
    sharpness, brightness, contrast
        (n,) float32 of the crop, see `engine.faces.quality.Quality`; nan where not readable.
    faces
        (n,) int16 faces found, -1 where not readable.
    """

    width: np.ndarray
    height: np.ndarray
    face_width: np.ndarray
    sharpness: np.ndarray
    brightness: np.ndarray
    contrast: np.ndarray
    faces: np.ndarray


@dataclass(frozen=True)
class Checks(ImageStats):
    """What was found: what `ImageStats` has, and as much again by comparing pictures.

    Attributes
    ----------
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
        try:
            found = read_as(path, _FORMS)
            if len(found["group"]) and not 0 <= found["group"].min() <= found["group"].max() < len(found["group"]):
                raise ValueError("its groups have numbers that are none")
        except (OSError, ValueError, MemoryError) as error:
            raise DataError(
                f"What the checks of {path.parent.name!r} found cannot be read ({reason(error)}).",
                "Run the checks again.",
            ) from error
        return cls(**found)


def check(data: FaceSet, progress: Progress = SILENT) -> Checks:
    """Look at every picture, find copies, judge labels.

    Parameters
    ----------
    data
        The set. Its own groups of copies play no part.
    progress
        Told how far it is.

    Raises
    ------
    Cancelled
        Where it was stopped.
    ModelError
        Where a face model or the shipped model cannot be read.
    """
    # Whoever only reads what was found shall not wait for compiled loops and the shipped model.
    from engine.datasets.duplicates import find_copies
    from engine.datasets.label_issues import find_label_issues

    looking, comparing, judging = progress.split(2, 1, 4)
    crops, seen = image_stats(data, looking)
    rows = np.flatnonzero(seen.width > 0)
    copies = find_copies(crops[rows], comparing)
    # An unreadable picture is a group of its own, numbered after the others.
    group = np.arange(len(data)) + len(data)
    group[rows] = copies.group
    group = np.unique(group, return_inverse=True)[1]
    mirrored = np.zeros(len(data), bool)
    mirrored[rows] = copies.mirrored
    issues = find_label_issues(crops, np.where(seen.width > 0, data.labels, ""), group, judging)
    return Checks(
        **vars(seen),
        group=group,
        mirrored=mirrored,
        conflict=_conflicting(group, data.labels),
        label_score=issues.score,
        suggested=issues.suggested,
    )


def image_stats(data: FaceSet, progress: Progress) -> tuple[np.ndarray, ImageStats]:
    """Look once at each picture of a set: its size, how sharp and bright it is, how many faces it shows.

    Pictures up to 160 pixels are face crops already, as everywhere (`engine.datasets.crops`). In them the detector
    alone says whether there is a face, at one size: of FER2013's crops that all ten FERPlus voters took for a face it
    misses 1 %, with the face mesh's consent besides 4 %; of 13 crops that all ten took for none it passes 3, with the
    mesh 2. In larger pictures both are asked, since much else can look like a face there.

    Returns
    -------
    tuple
        (n, 48, 48) uint8: the picture where it is a face crop itself or shows no face, else the largest face; and what
        was seen.

    Raises
    ------
    Cancelled
        Where it was stopped.
    """
    count = len(data)
    crops = np.zeros((count, CROP_SIZE, CROP_SIZE), np.uint8)
    width, height = np.zeros((2, count), np.int32)
    face_width, sharpness, brightness, contrast = np.full((4, count), np.nan, np.float32)
    found_faces = np.full(count, -1, np.int16)
    seen = ImageStats(width, height, face_width, sharpness, brightness, contrast, found_faces)
    for row in range(count):
        progress.step(row, count, "looking at pictures")
        try:
            picture = np.asarray(data.pictures[row])
        except ImageError:
            continue
        seen.height[row], seen.width[row] = picture.shape[:2]
        rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        if max(picture.shape[:2]) <= CROP_LIMIT:
            crop, seen.faces[row] = whole_crop(picture), len(find_faces(rgb, reach="live"))
            seen.face_width[row] = min(picture.shape[:2])
        else:
            found = faces.analyse(rgb)
            crop, seen.faces[row] = images.round_gray(found[0].crop) if found else whole_crop(picture), len(found)
            seen.face_width[row] = found[0].quality.size_px if found else np.nan
        crops[row] = crop
        seen.sharpness[row], seen.brightness[row], seen.contrast[row] = measure_crop(crop)
    return crops, seen


def _conflicting(group: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Tell which pictures belong to a group with two labels: (n,) bool; a missing label contradicts none."""
    pairs = np.unique(np.stack([group, np.unique(labels, return_inverse=True)[1]])[:, labels != ""], axis=1)
    return np.bincount(pairs[0], minlength=int(group.max(initial=0)) + 1)[group] > 1
