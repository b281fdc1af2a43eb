"""From a picture to what the networks see: the gray, the size and the scale of the paper.

Javaid, Basit and Arshad, PakJET 7(4), 2024, pages 173 to 182, equations 1 to 3, doi 10.51846/vol7iss4pp173-182.
"""

import cv2
import numpy as np

from engine.settings import CROP_SIZE

# Equation 1, as printed. They sum to 0.9999: white becomes 254.97.
GRAY_WEIGHTS = (0.2989, 0.5870, 0.1140)

_WEIGHTS_ROW = np.array([GRAY_WEIGHTS], np.float32)


def to_gray(rgb: np.ndarray) -> np.ndarray:
    """Return the gray picture, equation 1: ``Y = 0.2989 R + 0.5870 G + 0.1140 B``.

    Parameters
    ----------
    rgb
        Picture, (H, W, 3), uint8 or float in 0 to 255.

    Returns
    -------
    np.ndarray
        (H, W) float32 in 0 to 255, not rounded.

    Raises
    ------
    ValueError
        When ``rgb`` has another shape, another type, or values outside 0 to 255.
    """
    rgb = np.asarray(rgb)
    if rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise ValueError(f"Expected an RGB picture of shape (H, W, 3), received shape {rgb.shape}.")
    _check_values("rgb", rgb)
    return cv2.transform(np.ascontiguousarray(rgb, np.float32), _WEIGHTS_ROW)


def resize(gray: np.ndarray, size: int = CROP_SIZE) -> np.ndarray:
    """Return the picture at the size of the networks, equation 2.

    A side that shrinks is averaged over the area that each new pixel covers: every old pixel counts exactly once, so
    fine texture fades instead of turning into false patterns, and the mean stays. A side that grows is interpolated
    linearly. The picture is not cropped: one that is not square is squeezed.

    Parameters
    ----------
    gray
        Picture, (H, W), uint8 or float in 0 to 255.
    size
        Pixels of each side of the result, at least 1.

    Returns
    -------
    np.ndarray
        (size, size) float32 in 0 to 255.

    Raises
    ------
    ValueError
        When ``gray`` has another shape, another type, or values outside 0 to 255, or ``size`` is below 1.
    """
    gray = _checked_gray(gray)
    if not isinstance(size, int | np.integer) or size < 1:
        raise ValueError(f"Expected a size of at least 1 pixel, received {size!r}.")
    resized: np.ndarray = np.ascontiguousarray(gray, np.float32)
    height, width = resized.shape
    # OpenCV averages areas only if no side grows, so the sides that shrink go first.
    if height > size or width > size:
        resized = cv2.resize(resized, (min(width, size), min(height, size)), interpolation=cv2.INTER_AREA)
    if height < size or width < size:
        resized = cv2.resize(resized, (size, size), interpolation=cv2.INTER_LINEAR)
    # Sums of many weights may pass the ends of the range by a rounding.
    return np.clip(resized, 0, 255)


def scale(gray: np.ndarray) -> np.ndarray:
    """Return the picture scaled to 0 to 1, equation 3: ``x / 255``.

    Parameters
    ----------
    gray
        Picture, (H, W), uint8 or float in 0 to 255.

    Returns
    -------
    np.ndarray
        (H, W) float32 in 0 to 1.

    Raises
    ------
    ValueError
        When ``gray`` has another shape, another type, or values outside 0 to 255.
    """
    return _checked_gray(gray).astype(np.float32) / np.float32(255)


def round_gray(gray: np.ndarray) -> np.ndarray:
    """Round gray values to whole levels, as models take them: local binary patterns depend on equal neighbours.

    Parameters
    ----------
    gray
        Of any shape; values beyond 0..255 are set to the nearer end.

    Returns
    -------
    numpy.ndarray
        uint8 of the same shape.
    """
    return np.clip(np.rint(gray), 0, 255).astype(np.uint8)


def _checked_gray(gray: np.ndarray) -> np.ndarray:
    gray = np.asarray(gray)
    if gray.ndim != 2 or 0 in gray.shape:
        raise ValueError(f"Expected a gray picture of shape (H, W), received shape {gray.shape}.")
    _check_values("gray", gray)
    return gray


def _check_values(name: str, picture: np.ndarray) -> None:
    if picture.dtype == np.uint8:
        return
    if not np.issubdtype(picture.dtype, np.floating):
        raise ValueError(f"Expected {name} of type uint8 or float, received {picture.dtype}.")
    low, high = picture.min(), picture.max()
    # Written so that a value that is not a number fails as well.
    if not (low >= 0 and high <= 255):
        raise ValueError(f"Expected {name} with values in 0 to 255, received {low} to {high}.")
