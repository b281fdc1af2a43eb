"""Where the eyes look, from where the irises lie between the corners of the eyes.

The irises are found by MediaPipe's network for them (A. Ablavatski, A. Vakunov, I. Grishchenko, K. Raveendran, M.
Zhdanovich, "Real-time Pupil Tracking from Monocular Video for Digital Puppetry", CVPR Workshop on Computer Vision for
Augmented and Virtual Reality, 2020, arXiv:2006.11341), each in a small picture of the eye, the person's left one
mirrored. An iris is of the same size in everybody, to a twentieth, so it tells millimetres; it lies on a ball that
turns about its middle, which lies behind the corners of the eye and turns with the head.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.faces.network import Network, side_by_side
from engine.faces.sampling import REPLICATE, square_transform, transform_points, warp_square

SIZE = 64  # pixels; the side of the network's input
SCALE = 2.3  # the square's side, in lengths of the eye
FURTHEST_DEG = 30.0
"""A head turned further hides the far eye, and the near one's corner."""

# Corners in the mesh, from the picture's left to its right, of the person's right and left eye, and whether the network
# is to see it mirrored.
_EYES = (((33, 133), False), ((362, 263), True))
# In the network's outline: the middle of the lids, and the corners. An iris draws the outlined corners along, by half
# of its own way in drawn and in real eyes; across, the mesh's corners count, which stay; up and down they are too
# unsteady.
_ABOVE, _BELOW, _CORNERS, _DRAWN_ALONG = (11, 12, 13), (3, 4, 5), (0, 8), 0.5
_OUTLINE = 71
# Millimetres. An iris is 11.7 wide; its plane lies 10 before the middle that the eye turns about, and the corners about
# 4: an eye is 24 long, and they lie about 9 behind its front.
_IRIS_MM, RADIUS_MM, _CORNERS_BEFORE_MM = 11.7, 10.0, 4.0
# How far the networks see the iris right and down of the corners of those who look into the camera: the median of 250
# stills.
_USUAL_MM = np.array([0.55, -1.55])
SMALLEST_PX = 20.0
"""Length of an eye below which the iris is a few pixels: at 14 one eye's answer says nothing of the other."""
_SHUT = 0.13  # height over length of the opening below which lids cover too much of the iris

_network = Network("iris_landmark", ("output_iris", "output_eyes_contours_and_brows"), scale=1 / 255)


@dataclass(frozen=True)
class Eyes:
    """Both eyes cut out of a picture, the person's right one first.

    Attributes
    ----------
    pictures
        (2, 64, 64, 3) uint8 RGB, the left eye mirrored.
    transforms
        (2, 2, 3) from points of each, not mirrored, to points of the picture.
    corners
        (2, 2, 2) the corners of each in the picture, from its left to its right.
    pose_deg
        Yaw, pitch and roll of the head; see `engine.faces.landmarks.head_pose`.
    """

    pictures: NDArray[np.uint8]
    transforms: NDArray[np.float64]
    corners: NDArray[np.float64]
    pose_deg: NDArray[np.float32]


def cut_eyes(picture: NDArray[np.uint8], points: NDArray, pose_deg: NDArray) -> Eyes:
    """Cut the eyes out, so that where they look can be read later and elsewhere.

    Parameters
    ----------
    picture
        (height, width, 3) uint8 RGB.
    points
        (468, 2 or 3), the mesh in its pixels.
    pose_deg
        (3,) yaw, pitch and roll of the head.
    """
    pictures, transforms = [], []
    for (left, right), mirrored in _EYES:
        along = points[right, :2] - points[left, :2]
        centre, side = (points[left, :2] + points[right, :2]) / 2, SCALE * max(float(np.hypot(*along)), 1.0)
        transform = square_transform(centre, side, float(np.arctan2(along[1], along[0])), SIZE)
        seen = warp_square(picture, transform, SIZE, REPLICATE)
        pictures.append(seen[:, ::-1] if mirrored else seen)
        transforms.append(transform)
    corners = np.array([points[list(both), :2] for both, _ in _EYES], np.float64)
    return Eyes(np.array(pictures), np.array(transforms), corners, np.asarray(pose_deg, np.float32))


def gaze_deg(eyes: Eyes) -> NDArray[np.float32]:
    """Return where the eyes look, the mean of both.

    Returns
    -------
    ndarray
        (2,) float32, degrees against the line to the camera: to the picture's right, and down; nan where the eyes are
        shut or smaller than `SMALLEST_PX`, or the head is turned by more than `FURTHEST_DEG`. Downwards it is right
        only but for a shift of the person's own, of about 10°: how high the corners of an eye lie against an iris that
        looks straight ahead differs between people (in drawn ones they lie 1 mm higher than in most). So it is to be
        told beside the same person's usual look, and of a single picture not at all.

    Raises
    ------
    ModelError
        If the installed iris model cannot be read.

    Examples
    --------
    >>> from engine.faces import analyse
    >>> from engine.synthetic import synthetic_clip
    >>> picture = synthetic_clip(3, duration_s=0.1, gaze_motion=0).picture(0)
    >>> points = analyse(picture)[0].landmarks.points
    >>> across, down = gaze_deg(cut_eyes(picture, points, np.zeros(3)))
    >>> bool(abs(across) < 10)
    True
    """
    yaw, pitch, _ = eyes.pose_deg
    if max(abs(yaw), abs(pitch)) > FURTHEST_DEG:
        return np.full(2, np.nan, np.float32)
    looks = side_by_side(lambda eye: _look(eyes, eye), (0, 1))
    seen = [look for look in looks if look is not None]
    if not seen:
        return np.full(2, np.nan, np.float32)
    aside, down = np.mean(seen, axis=0)
    ahead = np.sqrt(max(1 - aside**2 - down**2, 0.05))
    return np.degrees([np.arctan2(aside, ahead), np.arctan2(down, ahead)]).astype(np.float32)


def _look(eyes: Eyes, eye: int) -> NDArray[np.float64] | None:
    """Return how far one eye looks right and down, as shares of a unit vector; None where it is shut."""
    iris, outline = _network(eyes.pictures[eye])
    points = np.concatenate([iris.reshape(-1, 3)[:5, :2], outline.reshape(_OUTLINE, 3)[:16, :2]]).astype(np.float64)
    if _EYES[eye][1]:
        points[:, 0] = SIZE - points[:, 0]
    points = transform_points(eyes.transforms[eye], points)
    iris, outline, corners = points[:5], points[5:], eyes.corners[eye]
    along = corners[1] - corners[0]
    long = float(np.linalg.norm(along))
    opened = np.linalg.norm(outline[list(_ABOVE)].mean(axis=0) - outline[list(_BELOW)].mean(axis=0))
    wide = float(np.linalg.norm(iris[1] - iris[3]) + np.linalg.norm(iris[2] - iris[4])) / 2
    if long < SMALLEST_PX or opened < _SHUT * long or wide <= 0:
        return None
    # In the directions of the head's tilt, and back.
    upright = np.array([along, (-along[1], along[0])]) / long
    across = (upright @ (iris[0] - corners.mean(axis=0)))[0]
    down = (upright @ (iris[0] - outline[list(_CORNERS)].mean(axis=0)))[1]
    away_mm = np.array([across, down]) * (_IRIS_MM / wide) - _USUAL_MM
    away_mm[1] /= _DRAWN_ALONG
    yaw, pitch, _ = np.radians(eyes.pose_deg.astype(np.float64))
    # The corners, before the middle that the eye turns about, go where the head turns.
    away_mm += _CORNERS_BEFORE_MM * np.array([np.cos(pitch) * np.sin(yaw), -np.sin(pitch)])
    return np.asarray(away_mm @ upright / RADIUS_MM)
