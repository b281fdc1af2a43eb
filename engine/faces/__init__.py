"""Faces: found, marked with 468 points, cut out as the models want them, and judged."""

from dataclasses import dataclass, replace

import numpy as np

from engine.faces.align import align as align_crop
from engine.faces.align import crop_transform
from engine.faces.find import Detection
from engine.faces.landmarks import Landmarks
from engine.faces.network import side_by_side
from engine.faces.quality import TILT_OPEN, Check, Quality, assess
from engine.faces.sampling import source_region
from engine.faces.turned import Look, look_for_faces, looks_beside
from engine.images.prepare import to_gray
from engine.settings import CROP_SIZE

__all__ = ["Check", "Detection", "Face", "Landmarks", "Quality", "analyse", "crops_beside"]


@dataclass(frozen=True)
class Face:
    """One face of a picture.

    Attributes
    ----------
    detection
        Box, score and six points, as found.
    landmarks
        The 468 points.
    quality
        What was measured and which checks failed.
    crop
        ``(crop_size, crop_size)`` float32, 0 to 255: gray, upright, framed as the models were trained.
    """

    detection: Detection
    landmarks: Landmarks
    quality: Quality
    crop: np.ndarray


def analyse(rgb: np.ndarray, *, reach: str = "photo", crop_size: int = CROP_SIZE) -> list[Face]:
    """Return every face of a picture, the largest first.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8.
    reach
        ``"photo"`` for every face from 40 pixels up, ``"live"`` for the near ones, quickly; see
        `engine.faces.find.find_faces`.
    crop_size
        Side of the crops in pixels, as the model that they are for takes them.

    Raises
    ------
    ValueError
        If the array is no picture or the reach is unknown.
    ModelError
        If an installed face model cannot be read.

    Examples
    --------
    >>> from engine.synthetic import synthetic_clip
    >>> (face,) = analyse(synthetic_clip(3, duration_s=0.1, size=(320, 240)).picture(0))
    >>> face.crop.shape, face.landmarks.points.shape, face.quality.checks
    ((48, 48), (468, 3), ())
    """

    def judge(look: Look) -> Face:
        crop = _crop(rgb, look.landmarks.points, crop_size)
        measured = crop if crop_size == CROP_SIZE else None  # quality has limits for this size alone
        quality = assess(rgb, look.detection, look.landmarks, measured)
        if look.tilt_open:
            quality = replace(quality, checks=(*quality.checks, TILT_OPEN))
        return Face(look.detection, look.landmarks, quality, crop)

    found = side_by_side(judge, look_for_faces(rgb, reach))
    return sorted(found, key=lambda face: -face.quality.size_px)


def crops_beside(rgb: np.ndarray, face: Face, crop_size: int = CROP_SIZE) -> list[np.ndarray]:
    """Return crops of a tilted face by other looks at it; an answer that they do not share is not to be relied on.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8, the picture in which it was found.
    face
        One of its faces, as `analyse` returns them.
    crop_size
        As for `analyse`.

    Returns
    -------
    list of numpy.ndarray
        Like ``Face.crop``; see `engine.faces.turned.looks_beside`.
    """
    looks = looks_beside(rgb, face.detection, face.landmarks)
    return [_crop(rgb, look.landmarks.points, crop_size) for look in looks]


def _crop(rgb: np.ndarray, points: np.ndarray, size: int) -> np.ndarray:
    # Gray only around the face: a large photo holds few of its pixels there.
    rows, columns = source_region(crop_transform(points, size), size, rgb.shape)
    return align_crop(to_gray(rgb[rows, columns]), points - (columns.start, rows.start, 0), size)
