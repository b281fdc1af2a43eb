"""What becomes of one picture, step by step, as the reference paper prescribes (`engine.images.prepare`)."""

from dataclasses import dataclass

import numpy as np

from engine import images
from engine.datasets.crops import face_crops
from engine.datasets.face_set import FaceSet


@dataclass(frozen=True)
class Steps:
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


def steps(faces: FaceSet, row: int) -> Steps:
    """Take one picture of a set through every step; raises `ImageError` for a file that is no picture."""
    # Not above: compiled code that a page needs only here.
    from engine.features import lbp

    picture = np.asarray(faces.pictures[row])
    gray = picture if picture.ndim == 2 else images.round_gray(images.to_gray(picture))
    crops, kept, _ = face_crops(faces.pictures, np.array([row]))
    if not len(kept):
        return Steps(picture, gray, None, None, None)
    codes = lbp.lbp_3x3(crops[0])
    return Steps(picture, gray, crops[0], codes, lbp.histogram(codes, 256))
