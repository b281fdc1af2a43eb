"""The resting face that later frames are compared with: its pixels, which of them belong to what, and their depth."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from engine.features.aligned_face import ALIGNED_FACE_PX, AlignedFace
from engine.features.face_regions import EYES, MOUTH, REGION_POINTS, REGIONS, UPPER

_FINE, _COARSE = 1.0, 2.5  # standard deviations of the blur, in pixels
_AROUND = 21  # pixels; side of the square whose mean and contrast are taken out
_FAINT = 4.0  # gray levels of contrast below which what is seen may be noise
_MARGIN = 4  # pixels around a region's points that move with it
_BORDER = 3  # pixels inside the face's outline that may show what is behind it
_EYE_MARGIN = 1
_LID = 5  # pixels around the eyes that lids cover
_STEP = 2  # every so many pixels in both directions are enough for the head
# How much a pixel counts for the head: none in the eyes, whose gaze wanders, little where expressions move the skin.
_CHEEK_WEIGHT, _MOVING_WEIGHT = 0.3, 0.1
_NOSE_BASE = 2  # in the mesh


def normalise_contrast(gray: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a face without its lighting, fine and coarse: each pixel against mean and contrast around it."""
    picture = np.asarray(cv2.GaussianBlur(gray.astype(np.float32), (0, 0), _FINE), np.float32)
    around = (_AROUND, _AROUND)
    mean = cv2.blur(picture, around)
    spread = cv2.blur(picture * picture, around) - mean * mean
    fine = ((picture - mean) / np.sqrt(np.maximum(spread, 0) + _FAINT**2)).astype(np.float32)
    return fine, np.asarray(cv2.GaussianBlur(fine, (0, 0), _COARSE), np.float32)


class Level(NamedTuple):
    """What a template's pixels show at one scale: value (n,), and slopes (n, 2) along x and y."""

    value: NDArray[np.float64]
    slope: NDArray[np.float64]


@dataclass(frozen=True)
class Pixels:
    """Pixels of a template, flat.

    Attributes
    ----------
    place
        (n, 2) x and y, centres at whole numbers.
    basis
        (n, 4) x, y and depth from the middle in half sides of the crop, and 1.
    fine, coarse
        What they show.
    """

    place: NDArray[np.float64]
    basis: NDArray[np.float64]
    fine: Level
    coarse: Level


@dataclass(frozen=True)
class Template:
    """A resting face.

    Attributes
    ----------
    sample
        The frame it is made of.
    mesh
        (468, 4) as `Pixels.basis`, of the mesh's points.
    head
        The pixels that tell how the head moves.
    weight
        (n,) how much each of these counts.
    regions
        The pixels of all regions, one region after the other, and then those between the lids of either eye.
    begin
        (regions + 3,) where each begins among them.
    """

    sample: AlignedFace
    mesh: NDArray[np.float64]
    head: Pixels
    weight: NDArray[np.float64]
    regions: Pixels
    begin: NDArray[np.int64]


def template(sample: AlignedFace) -> Template:
    """Make a template of a frame."""
    pictures = [
        np.stack([picture, *(cv2.Sobel(picture, -1, *axis, ksize=3, scale=1 / 8) for axis in ((1, 0), (0, 1)))], axis=2)
        for picture in normalise_contrast(sample.gray)
    ]
    depth = cKDTree(sample.points)

    def pixels(rows: NDArray, columns: NDArray) -> Pixels:
        place = np.column_stack([columns, rows]).astype(np.float64)
        distance, near = depth.query(place + 0.5, k=4)
        share = 1 / (distance + 0.5)
        z = (sample.depth[near] * share).sum(axis=1) / share.sum(axis=1)
        shown = (picture[rows, columns].astype(np.float64) for picture in pictures)
        # Each in one piece: the loops that compare every frame with them ask for it.
        fine, coarse = (Level(each[:, 0].copy(), each[:, 1:].copy()) for each in shown)
        return Pixels(place, _basis(place + 0.5, z), fine, coarse)

    weights = _head_weights(sample.points)
    grid = np.zeros_like(weights, bool)
    grid[::_STEP, ::_STEP] = True
    rows, columns = np.nonzero(grid & (weights > 0))
    places = [np.nonzero(_region(sample.points, name)) for name in REGIONS]
    places += [np.nonzero(_hull(sample.points[list(REGION_POINTS[name])], _EYE_MARGIN)) for name in EYES]
    return Template(
        sample,
        _basis(sample.points, sample.depth),
        pixels(rows, columns),
        weights[rows, columns],
        pixels(*np.concatenate(places, axis=1)),
        np.cumsum([0, *(len(rows) for rows, _ in places)]),
    )


def _basis(points: NDArray, depth: NDArray) -> NDArray[np.float64]:
    half = ALIGNED_FACE_PX / 2
    return np.column_stack(
        [points.astype(np.float64) / half - 1, depth.astype(np.float64) / half, np.ones(len(points))]
    )


def _hull(points: NDArray, margin: int) -> NDArray[np.bool_]:
    mask = np.zeros((ALIGNED_FACE_PX, ALIGNED_FACE_PX), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(points - 0.5).astype(np.int32)), 1)
    if margin:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(margin) + 1,) * 2)
        mask = np.asarray((cv2.dilate if margin > 0 else cv2.erode)(mask, kernel))
    return mask > 0


def _region(points: NDArray, name: str) -> NDArray[np.bool_]:
    # Not beyond the face: neck and background do not turn with it.
    mask = _hull(points[list(REGION_POINTS[name])], _MARGIN) & _hull(points, -_BORDER)
    if name in EYES:
        # The lids and the skin around, not the eye between them.
        mask &= ~_hull(points[list(REGION_POINTS[name])], 0)
    if name in UPPER:
        # Brows must not take the skin of the lids for their own: it sinks in every blink.
        for eye in EYES:
            mask &= ~_hull(points[list(REGION_POINTS[eye])], _LID)
    if not mask.any():
        mask[ALIGNED_FACE_PX // 2, ALIGNED_FACE_PX // 2] = True
    return mask


def _head_weights(points: NDArray) -> NDArray[np.float64]:
    face = _hull(points, -2)
    weights = face.astype(np.float64)
    for name, margin, weight in (
        ("right cheek", 4, _CHEEK_WEIGHT),
        ("left cheek", 4, _CHEEK_WEIGHT),
        *((name, 7, _MOVING_WEIGHT) for name in UPPER),
        ("nose", 3, _MOVING_WEIGHT),
    ):
        mask = _hull(points[list(REGION_POINTS[name])], margin)
        weights[mask & face] = np.minimum(weights, weight)[mask & face]
    mouth = _hull(points[[index for name in MOUTH for index in REGION_POINTS[name]]], 6)
    # The jaw takes all below the nose along.
    mouth[int(np.clip(points[_NOSE_BASE, 1], 0, ALIGNED_FACE_PX)) :] = True
    weights[mouth & face] = _MOVING_WEIGHT
    for name in EYES:
        weights[_hull(points[list(REGION_POINTS[name])], 4)] = 0
    if not weights.any():
        weights[:] = 1
    return weights
