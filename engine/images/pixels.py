"""From the samples a file holds to 8-bit RGB over white, in bands so that no step holds the picture more than twice."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from PIL import Image

WHITE = 255
# Pixels converted at once: large enough that numpy's overhead vanishes, small enough to stay in the processor's cache.
_BAND = 2**18
# v / 257, rounded, for every number of 16 bits.
_EIGHT_OF_SIXTEEN = ((np.arange(65_536) + 128) // 257).astype(np.uint8)


def bands(height: int, width: int) -> Iterator[slice]:
    """Yield slices of rows that together cover ``height`` rows, each of about ``_BAND`` pixels."""
    rows = max(1, _BAND // max(width, 1))
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))


def by_bands(samples: np.ndarray, convert: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Convert samples (H, W) or (H, W, C) of any type to (H, W, 3) uint8, a band of rows at a time."""
    height, width = samples.shape[:2]
    rgb = np.empty((height, width, 3), np.uint8)
    for rows in bands(height, width):
        rgb[rows] = convert(samples[rows])
    return rgb


def from_pillow(image: Image.Image) -> np.ndarray:
    """Return a Pillow image's samples, (H, W) or (H, W, C), without Pillow's two copies of the whole picture."""
    first = np.asarray(image.crop((0, 0, image.width, 1)))
    samples = np.empty((image.height, *first.shape[1:]), first.dtype)
    for rows in bands(image.height, image.width):
        samples[rows] = np.asarray(image.crop((0, rows.start, image.width, rows.stop)))
    return samples


def to_8_bit(samples: np.ndarray) -> np.ndarray:
    """Scale uint16 samples to uint8 by their range: 0 stays 0, 65,535 becomes 255, rounded to the nearest."""
    if samples.dtype == np.uint8:
        return samples
    return _EIGHT_OF_SIXTEEN[samples]


def over_white(colours: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Lay colours over white: ``(c a + 255 (255 - a)) / 255``, rounded to the nearest.

    Parameters
    ----------
    colours
        (..., C) uint8, not multiplied by alpha.
    alpha
        (...) uint8, 0 transparent to 255 opaque.

    Returns
    -------
    np.ndarray
        (..., C) uint8.
    """
    a = alpha[..., np.newaxis].astype(np.uint16)
    return _divided_by_255(colours * a + WHITE * (255 - a))


def gray_to_rgb(gray: np.ndarray) -> np.ndarray:
    """Repeat a gray picture, (H, W) uint8, in three channels."""
    return cv2.cvtColor(np.ascontiguousarray(gray), cv2.COLOR_GRAY2RGB)


def look_up(indices: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Return the colours of a palette picture.

    Parameters
    ----------
    indices
        (H, W) uint8.
    colours
        The palette, (N, 3) uint8 with N up to 256. An index beyond it is black, as in the usual viewers.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8.
    """
    table = np.zeros((1, 256, 3), np.uint8)
    table[0, : len(colours)] = colours
    return by_bands(indices, lambda band: cv2.LUT(gray_to_rgb(band), table))


def cmyk_to_rgb(cmyk: np.ndarray) -> np.ndarray:
    """Convert ink amounts, (..., 4) uint8 with 255 for full ink, to RGB: ``(255 - c) (255 - k) / 255``.

    This is the plain device formula: a printer's colour profile is not applied, so saturated inks look brighter than
    on paper. Gray values, which carry the expression, are hardly touched.
    """
    paper = (255 - cmyk).astype(np.uint16)
    return _divided_by_255(paper[..., :3] * paper[..., 3:])


def _divided_by_255(products: np.ndarray) -> np.ndarray:
    """Divide uint16 numbers up to 255 * 255 by 255, rounded to the nearest, without leaving 16 bits (quicker)."""
    products = products + np.uint16(128)
    return ((products + (products >> 8)) >> 8).astype(np.uint8)
