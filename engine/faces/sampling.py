"""Cut a turned, scaled square out of a picture without aliasing.

Points lie in pixels with x to the right and y down, and (0, 0) is the outer corner of the first pixel, whose centre is
therefore (0.5, 0.5). So a point stays a point when a picture is enlarged or shrunk: it is just multiplied.
"""

import math

import cv2
import numpy as np

REPLICATE = cv2.BORDER_REPLICATE
BLACK = cv2.BORDER_CONSTANT

_MARGIN = 3  # pixels around the square that interpolation may ask for


def square_transform(centre: np.ndarray, side: float, angle: float, size: int) -> np.ndarray:
    """Return the (2, 3) matrix from points of a size by size square to points of the picture it is cut from.

    Parameters
    ----------
    centre
        ``(2,)`` the square's centre in the picture.
    side
        The square's side in pixels of the picture.
    angle
        By how much the square is turned in the picture, in radians, clockwise as seen.
    size
        Side of the result in pixels.
    """
    cosine, sine = np.cos(angle) * side / size, np.sin(angle) * side / size
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, np.asarray(centre) - turn @ (size / 2, size / 2)])


def transform_points(transform: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return points ``(..., 2)`` moved by a (2, 3) matrix."""
    return points @ transform[:, :2].T + transform[:, 2]


def invert_transform(transform: np.ndarray) -> np.ndarray:
    """Return the (2, 3) matrix of the way back."""
    back = np.linalg.inv(transform[:, :2])
    return np.column_stack([back, -back @ transform[:, 2]])


def pixel_spacing(transform: np.ndarray) -> float:
    """Return how many pixels of the picture lie along one pixel of the result."""
    return math.hypot(*transform[:, 0])


def source_region(transform: np.ndarray, size: int, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return the rows and columns of a picture of this shape that a square needs; at least one of each."""
    corners = transform_points(transform, np.array([[0, 0], [size, 0], [0, size], [size, size]], float))
    margin = _MARGIN + pixel_spacing(transform)
    x, y = (
        (max(0, min(int(low), length - 1)), max(1, min(int(np.ceil(high)), length)))
        for low, high, length in zip(corners.min(0) - margin, corners.max(0) + margin, shape[1::-1], strict=True)
    )
    return slice(*y), slice(*x)


def warp_square(
    picture: np.ndarray,
    transform: np.ndarray,
    size: int,
    border: int,
    oversampling: int = 1,
    interpolation: int = cv2.INTER_LINEAR,
) -> np.ndarray:
    """Return the square of a picture that a transform describes.

    A picture that must shrink is first averaged over areas, since plain interpolation would skip pixels; only what is
    left is interpolated.

    Parameters
    ----------
    picture
        ``(height, width)`` or ``(height, width, 3)``, uint8 or float32.
    transform
        ``(2, 3)`` from points of the result to points of the picture.
    size
        Side of the result in pixels.
    border
        ``REPLICATE`` or ``BLACK``: what lies outside the picture.
    oversampling
        Draw this many times finer and average, which keeps more detail than interpolating at the final size.
    interpolation
        One of OpenCV's. Cubic interpolation may pass the ends of the range.

    Returns
    -------
    numpy.ndarray
        ``(size, size)`` or ``(size, size, 3)``, the type of `picture`.
    """
    rows, columns = source_region(transform, size, picture.shape)
    part = picture[rows, columns]
    # By a whole number of pixels: the quickest way of averaging, and what is left is less than a factor of two.
    factor = max(1, min(int(pixel_spacing(transform) / oversampling), *part.shape[:2]))
    if factor > 1:
        height, width = part.shape[0] // factor, part.shape[1] // factor
        part = cv2.resize(part[: height * factor, : width * factor], (width, height), interpolation=cv2.INTER_AREA)
    # From points of the finer result to points of the shrunk part, then from corners to OpenCV's pixel centres.
    matrix = np.column_stack([transform[:, :2] / oversampling, transform[:, 2] - (columns.start, rows.start)]) / factor
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    fine = size * oversampling
    flags = interpolation | cv2.WARP_INVERSE_MAP
    drawn = cv2.warpAffine(part, matrix, (fine, fine), flags=flags, borderMode=border)
    return drawn if oversampling == 1 else cv2.resize(drawn, (size, size), interpolation=cv2.INTER_AREA)
