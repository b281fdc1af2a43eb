"""The shape of a face without its head's place, size and turn, beside the average face.

The mesh is three-dimensional, so a turned head is turned back as a rigid body, by points that expressions hardly move.
The mesh's depth is that of a usual face: of a head turned by 20 degrees, the tip of the chin still lies 4 % of the
distance between the eyes beside where it belongs. What is left over of the turn is taken out where it is used.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

# Forehead, temples, corners of the eyes, bridge of the nose, sides of the face.
STEADY: tuple[int, ...] = (10, 67, 109, 338, 297, 103, 332, 54, 284, 21, 251, 162, 389, 127, 356, 234, 454, 93, 323)
STEADY += (33, 133, 362, 263, 168, 6, 197, 195, 122, 351, 193, 417)
"""Points of the mesh that expressions hardly move."""

_STEADY = list(STEADY)


def straighten(points: NDArray, towards: NDArray) -> NDArray[np.float64]:
    """Move, turn and scale a face so that its steady points lie as near as they can to those of another one.

    Parameters
    ----------
    points
        (468, 3): x right, y down, z away from the camera, all in one unit.
    towards
        (468, 3) the other one.

    Returns
    -------
    ndarray
        (468, 3) in the unit of ``towards``.

    Raises
    ------
    ValueError
        Where the steady points are all the same.

    References
    ----------
    Umeyama, "Least-squares estimation of transformation parameters between two point patterns", IEEE TPAMI 13(4), 1991,
    doi 10.1109/34.88573.

    Examples
    --------
    >>> face = np.random.default_rng(0).normal(size=(468, 3))
    >>> turned = 3 * face @ [[0, -1, 0], [1, 0, 0], [0, 0, 1]] + (5, 6, 7)
    >>> np.allclose(straighten(turned, face), face)
    True
    """
    points = np.asarray(points, np.float64)
    here, there = points[_STEADY], np.asarray(towards, np.float64)[_STEADY]
    middle, there_middle = here.mean(axis=0), there.mean(axis=0)
    here, there = here - middle, there - there_middle
    spread = (here**2).sum()
    if not spread > 0:
        raise ValueError("Expected points that differ. Received points that are all the same.")
    left, sizes, right = np.linalg.svd(here.T @ there)
    if np.linalg.det(left @ right) < 0:  # a mirror image is no turn
        left[:, 2], sizes[2] = -left[:, 2], -sizes[2]
    return (sizes.sum() / spread) * (points - middle) @ (left @ right) + there_middle


def mean_shape(faces: NDArray, rounds: int = 6) -> NDArray[np.float64]:
    """Return the median of faces that are laid over each other, made symmetric and looking straight ahead.

    Parameters
    ----------
    faces
        (n, 468, 3).
    rounds
        How often they are laid over the latest median.

    Returns
    -------
    ndarray
        (468, 3), 0 in the middle of the steady points, in percent of the distance between the eyes' outer corners.
    """
    shape = _straight(np.asarray(faces[0], np.float64))
    for _ in range(rounds):
        shape = _straight(np.median([straighten(face, shape) for face in faces], axis=0))
    return shape


def mirrored(shape: NDArray) -> NDArray[np.int64]:
    """Return which point is each one's counterpart in the other half of a symmetric face that looks ahead, (468,)."""
    apart = ((shape[:, None] - shape[None] * (-1, 1, 1)) ** 2).sum(axis=2)
    return np.asarray(apart.argmin(axis=1))


_PAIRS = ((33, 263), (133, 362), (70, 300), (107, 336), (61, 291), (129, 358), (50, 280), (234, 454), (127, 356))


@cache
def _ends() -> tuple[list[int], list[int]]:
    return [right for right, _ in _PAIRS], [left for _, left in _PAIRS]


def _straight(shape: NDArray) -> NDArray[np.float64]:
    """Turn a face to look ahead, and make it symmetric where its points have counterparts."""
    rights, lefts = _ends()
    across = (shape[lefts] - shape[rights]).sum(axis=0)
    across /= np.linalg.norm(across)
    down = shape[152] - shape[10]
    down -= (down @ across) * across
    down /= np.linalg.norm(down)
    ahead = (shape - shape[rights + lefts].mean(axis=0)) @ np.stack([across, down, np.cross(across, down)], axis=1)
    other = mirrored(ahead)
    both = other[other] == np.arange(len(other))
    ahead[both] = (ahead[both] + ahead[other[both]] * (-1, 1, 1)) / 2
    ahead *= 100 / np.linalg.norm(ahead[263] - ahead[33])
    return np.asarray(ahead - ahead[_STEADY].mean(axis=0))
