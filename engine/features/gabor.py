"""Gabor filters: which edges of which direction and width lie where; what a picture is told to spiking neurons by.

The kernels have no mean, so that brightness alone answers nothing, and orientations stay apart.

References
----------
.. [1] Daugman, "Uncertainty relation for resolution in space, spatial frequency, and orientation optimized by
       two-dimensional visual cortical filters", JOSA A 2(7), 1985, doi:10.1364/JOSAA.2.001160.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Scale:
    """Width and wavelength of a filter.

    Attributes
    ----------
    sigma_px
        Standard deviation of the envelope across the edge, in pixels.
    wavelength_px
        In pixels.
    """

    sigma_px: float
    wavelength_px: float

    def __post_init__(self) -> None:
        for name in ("sigma_px", "wavelength_px"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ValueError(f"Expected {name} above 0. Received {getattr(self, name)}.")


SCALES = (Scale(2.0, 4.0), Scale(4.0, 8.0))
"""Fine and coarse, for faces of 48 pixels."""


def gabor_kernel(angle_rad: float, scale: Scale, *, phase_rad: float = 0.0, aspect: float = 0.5) -> NDArray[np.float32]:
    """Return one kernel.

    Parameters
    ----------
    angle_rad
        Direction across the edges that it answers to; 0 answers to vertical edges.
    scale
        Its width.
    phase_rad
        0 for a line in the middle, pi / 2 for an edge.
    aspect
        Ratio of the envelope's width across to its length along the edge.

    Returns
    -------
    ndarray
        (side, side) float32 with sum 0 and sum of squares 1; the side is odd, its half the first whole number of at
        least three standard deviations.

    References
    ----------
    [1]_ in the module; the envelope's share that makes the sum 0 is subtracted, as in Lee, IEEE TPAMI 18(10), 1996, doi
    10.1109/34.541406.
    """
    radius = math.ceil(3 * scale.sigma_px)
    down, right = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float64)
    across = right * math.cos(angle_rad) + down * math.sin(angle_rad)
    along = down * math.cos(angle_rad) - right * math.sin(angle_rad)
    envelope = np.exp(-(across**2 + (aspect * along) ** 2) / (2 * scale.sigma_px**2))
    wave = envelope * np.cos(2 * np.pi * across / scale.wavelength_px + phase_rad)
    kernel = wave - envelope * wave.sum() / envelope.sum()
    return (kernel / np.linalg.norm(kernel)).astype(np.float32)


def gabor_responses(
    gray: NDArray[np.uint8], orientations: int = 8, scales: Sequence[Scale] = SCALES, *, phase_rad: float = 0.0
) -> NDArray[np.float32]:
    """Filter pictures.

    Parameters
    ----------
    gray
        (N, H, W) uint8.
    orientations
        How many directions, evenly over half a turn.
    scales
        How wide.
    phase_rad
        As in `gabor_kernel`.

    Returns
    -------
    ndarray
        (N, orientations, scales, H, W) float32, of gray levels in 0..1; beyond the border the picture is mirrored.

    Raises
    ------
    ValueError
        For another shape or dtype, or no orientation or scale.
    """
    if gray.ndim != 3 or gray.dtype != np.uint8 or 0 in gray.shape[1:]:
        raise ValueError(f"Expected (N, H, W) uint8. Received {gray.shape} {gray.dtype}.")
    if orientations < 1 or not scales:
        raise ValueError(f"Expected at least one of each. Received {orientations} orientations, {len(scales)} scales.")
    bank = _bank(orientations, tuple(scales), phase_rad)
    found = np.empty((len(gray), orientations, len(scales), *gray.shape[1:]), np.float32)
    for picture, answers in zip(gray, found, strict=True):
        levels = picture.astype(np.float32) / 255
        for direction, kernels in enumerate(bank):
            for width, kernel in enumerate(kernels):
                cv2.filter2D(
                    levels, cv2.CV_32F, kernel, dst=answers[direction, width], borderType=cv2.BORDER_REFLECT_101
                )
    return found


def gabor_energy(
    gray: NDArray[np.uint8], orientations: int = 8, scales: Sequence[Scale] = SCALES
) -> NDArray[np.float32]:
    """Return how strongly edges of each direction and width stand out, wherever exactly they lie.

    The root of the summed squares of two filters a quarter wave apart; parameters and shape as in `gabor_responses`.

    Examples
    --------
    Upright stripes four pixels apart answer the first direction, at the fine scale:

    >>> import numpy as np
    >>> stripes = np.tile(np.array([255, 255, 0, 0], np.uint8), (1, 32, 8))
    >>> energy = gabor_energy(stripes)
    >>> energy.shape
    (1, 8, 2, 32, 32)
    >>> np.unravel_index(energy[0, :, :, 16, 16].argmax(), (8, 2))
    (np.int64(0), np.int64(0))

    References
    ----------
    Adelson and Bergen, JOSA A 2(2), 1985, doi 10.1364/JOSAA.2.000284.
    """
    lines = gabor_responses(gray, orientations, scales)
    edges = gabor_responses(gray, orientations, scales, phase_rad=np.pi / 2)
    return np.hypot(lines, edges)


def pooled(responses: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Return the means of squares of ``side`` × ``side`` pixels: (..., H, W) to (..., H / side, W / side).

    Raises
    ------
    ValueError
        Where the squares do not fill the picture.

    Examples
    --------
    >>> import numpy as np
    >>> pooled(np.arange(16, dtype=np.float32).reshape(4, 4), 2)
    array([[ 2.5,  4.5],
           [10.5, 12.5]], dtype=float32)
    """
    height, width = responses.shape[-2:]
    if side < 1 or height % side or width % side:
        raise ValueError(f"Expected squares that fill {height}×{width} pixels. Received {side}×{side}.")
    blocks = responses.reshape(*responses.shape[:-2], height // side, side, width // side, side)
    return blocks.mean(axis=(-3, -1))


@lru_cache(maxsize=16)
def _bank(
    orientations: int, scales: tuple[Scale, ...], phase_rad: float
) -> tuple[tuple[NDArray[np.float32], ...], ...]:
    # OpenCV correlates; a kernel turned by half a turn makes it a convolution, which an edge filter's sign depends on.
    angles = np.pi * np.arange(orientations) / orientations
    return tuple(
        tuple(gabor_kernel(angle, scale, phase_rad=phase_rad)[::-1, ::-1].copy() for scale in scales)
        for angle in angles
    )
