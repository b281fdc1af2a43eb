"""Labelled pictures to the gray square crops that models take."""

from collections import Counter

import numpy as np

from engine import faces, images
from engine.datasets.face_set import Pictures
from engine.errors import ImageError
from engine.settings import CROP_SIZE

CROP_LIMIT = 160
"""``auto`` takes pictures up to this side, in pixels, as face crops; in larger ones the face is found first."""

MODES = ("crop", "detect", "auto")


def are_crops(pictures: Pictures, mode: str = "auto") -> bool:
    """Tell whether pictures are taken for face crops, as `face_crops` would take the first one; True for none."""
    if mode != "auto" or not len(pictures):
        return mode != "detect"
    try:
        return max(pictures[0].shape[:2]) <= CROP_LIMIT
    except ImageError:  # most files that cannot be read are photos
        return False


def face_crops(
    pictures: Pictures, rows: np.ndarray, mode: str = "auto", size: int = CROP_SIZE
) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    """Return one crop a picture, where there is one.

    Parameters
    ----------
    pictures
        (height, width) gray or (height, width, 3) RGB, uint8.
    rows
        (m,) indices of the pictures wanted.
    mode
        ``"crop"``: each picture is a face crop; ``"detect"``: find the largest face and align it; ``"auto"``: by size.
    size
        Side of the crops in pixels.

    Returns
    -------
    tuple
        Crops (k, size, size) uint8; the k rows they belong to; and why the others have none, counted.

    Raises
    ------
    ValueError
        For an unknown mode.
    """
    if mode not in MODES:
        raise ValueError(f"Expected a mode of {MODES}. Received {mode!r}.")
    crops = np.empty((len(rows), size, size), np.uint8)
    kept: list[int] = []
    left_out: Counter[str] = Counter()
    for row in rows:
        try:
            picture = pictures[row]
        except ImageError:
            left_out["not a readable picture"] += 1
            continue
        if mode == "crop" or (mode == "auto" and max(picture.shape[:2]) <= CROP_LIMIT):
            crops[len(kept)] = whole_crop(picture, size)
        elif found := faces.analyse(_rgb(picture), crop_size=size):
            crops[len(kept)] = images.round_gray(found[0].crop)
        else:
            left_out["no face found"] += 1
            continue
        kept.append(int(row))
    return crops[: len(kept)], np.array(kept, dtype=np.int64), dict(left_out)


def whole_crop(picture: np.ndarray, size: int = CROP_SIZE) -> np.ndarray:
    """Take a whole picture, (height, width) or (height, width, 3) uint8, as a crop: (size, size) uint8."""
    gray = picture if picture.ndim == 2 else images.to_gray(picture)
    return images.round_gray(images.resize(gray, size))


def _rgb(picture: np.ndarray) -> np.ndarray:
    return picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
