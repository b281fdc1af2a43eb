"""The two crops of a frame's face in which motion is measured: for spotting, and for flow maps."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.faces.align import ANCHORS, FER2013_SIZE, FRAMING, similarity
from engine.faces.landmarks import POINTS, Landmarks, head_pose
from engine.faces.sampling import REPLICATE, invert_transform, transform_points, warp_square
from engine.features.face_regions import EYELIDS
from engine.images.prepare import GRAY_WEIGHTS

ALIGNED_FACE_PX = 128
"""Side of the crop that expressions are spotted in."""

# Of the points that the models' crops are framed by, those that expressions hardly move: corners of the eyes, nose,
# cheeks' sides; without outer brows and corners of the mouth.
_STEADY = ~np.isin(ANCHORS, (70, 300, 61, 291))
_FACE = 104 / FER2013_SIZE  # pixels of this crop for one of that framing: forehead and chin are in the picture as well
_TARGET = FRAMING[_STEADY] * _FACE + (12, 17)
_WEIGHTS = np.array([GRAY_WEIGHTS], np.float32)

FLOW_CROP_PX = 112
"""Side of `flow_crop`: four pixels for each one of a map."""

# Corners of the eyes and of the mouth in the mesh, and where their middle lies in 28 pixels. Read off the composite's
# maps, in which blinks move the lids and smiles the corners of the mouth: lids at (5.3, 7.3) and (21.7, 7.3) in CASME
# II, (5.5, 7.2) and (21.8, 7.2) in SMIC, (7, 5) and (20.4, 5) in SAMM; smiles end at a height of about 21.
_FLOW_PLACES = (((33, 133), (6.1, 6.7)), ((362, 263), (21.9, 6.7)), ((61,), (9.6, 21.0)), ((291,), (18.4, 21.0)))
_FLOW_MAP_PX = 28


@dataclass(frozen=True)
class AlignedFace:
    """The face in one frame: upright, of one size, with its points.

    Attributes
    ----------
    time_s
        When the frame is shown, in seconds.
    gray
        (128, 128) uint8: moved, turned and scaled so that corners of the eyes, nose and sides of the face lie where
        they do in every other frame; the outer corners of the eyes are about 56 pixels apart.
    points
        (468, 2) float32: the mesh in pixels of `gray`, (0, 0) the outer corner of its first pixel.
    eyes_open
        Opening of the eyelids: height over width, the mean of both eyes; about 0.3 open, below 0.1 closed.
    pose_deg
        (3,) float32: yaw, pitch, roll of the head in the picture; see `engine.faces.landmarks.head_pose`.
    depth
        (468,) float32: how far each point lies behind the head's middle, in the same pixels.
    """

    time_s: float
    gray: NDArray[np.uint8]
    points: NDArray[np.float32]
    eyes_open: float
    pose_deg: NDArray[np.float32]
    depth: NDArray[np.float32]


def align_face(picture: NDArray[np.uint8], landmarks: Landmarks, time_s: float) -> AlignedFace:
    """Cut one face out of a frame.

    Parameters
    ----------
    picture
        (height, width, 3) uint8 RGB, the upright frame.
    landmarks
        The face's points in it.
    time_s
        When the frame is shown, in seconds.

    Raises
    ------
    ValueError
        If picture or points have another shape, or the points are all the same.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or 0 in picture.shape or picture.dtype != np.uint8:
        raise ValueError(f"Expected an RGB picture of shape (H, W, 3), uint8. Received {picture.shape}.")
    points = np.asarray(landmarks.points, np.float64)
    if points.shape != (POINTS, 3):
        raise ValueError(f"Expected points of shape ({POINTS}, 3). Received {points.shape}.")
    to_crop = similarity(points[ANCHORS[_STEADY], :2], _TARGET)
    # Cut in colour and made gray afterwards: of a large picture only the area average touches every pixel.
    crop = warp_square(picture, invert_transform(to_crop), ALIGNED_FACE_PX, REPLICATE)
    gray = np.asarray(cv2.transform(crop, _WEIGHTS / np.float32(0.9999)), np.uint8)
    return AlignedFace(
        float(time_s),
        gray,
        transform_points(to_crop, points[:, :2]).astype(np.float32),
        eye_aspect_ratio(points),
        np.array(head_pose(points), np.float32),
        (points[:, 2] * np.hypot(*to_crop[:, 0])).astype(np.float32),
    )


def eye_aspect_ratio(points: NDArray) -> float:
    """Return the opening of the eyelids: the mean of three heights over the width, averaged over both eyes.

    Parameters
    ----------
    points
        (468, 2) or (468, 3) of the face mesh.

    References
    ----------
    The eye aspect ratio of Soukupová and Čech, "Real-time eye blink detection using facial landmarks", 21st Computer
    Vision Winter Workshop, 2016, with three heights and in the mesh's three dimensions.
    """
    return float(
        np.mean(
            [
                np.mean([np.linalg.norm(points[upper] - points[lower]) for upper, lower in lids])
                / max(float(np.linalg.norm(points[outer] - points[inner])), 1e-6)
                for outer, inner, lids in EYELIDS
            ]
        )
    )


def flow_crop(gray: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Cut a face as the maps of the MEGC2019 composite frame theirs, so that a model of those maps can read it.

    It reaches from just above the brows to just below the mouth.

    Parameters
    ----------
    gray
        (H, W) uint8.
    points
        (468, 2) or (468, 3): the mesh in pixels of ``gray``. For the flow from onset to apex both are cut by the
        onset's: cut by its own points, the apex would lose some of the motion that is looked for.

    Returns
    -------
    ndarray
        (112, 112) uint8; the border's pixels are repeated where the face leaves the picture.

    Raises
    ------
    ValueError
        Where the points are all the same.
    """
    here = np.array([points[list(corners), :2].mean(axis=0) for corners, _ in _FLOW_PLACES], np.float64)
    there = np.array([place for _, place in _FLOW_PLACES]) * (FLOW_CROP_PX / _FLOW_MAP_PX)
    return warp_square(gray, invert_transform(similarity(here, there)), FLOW_CROP_PX, REPLICATE)
