"""The compiled loops that touch every pixel of a picture."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def lay_over(picture: NDArray, layer: NDArray, shade: NDArray) -> None:
    """Lay a layer over a picture, in place.

    ``picture`` is (h, w, 3) uint8; ``layer`` (h, w, 4) uint8: RGB times coverage, coverage; ``shade`` (h, w) float32 is
    how much darker the layer is drawn, 0 not at all, or has no rows.
    """
    plain = shade.shape[0] == 0
    for i in range(layer.shape[0]):
        for j in range(layer.shape[1]):
            cover = layer[i, j, 3]
            if cover:
                left = np.float32(255 - cover) / np.float32(255)
                bright = np.float32(1) if plain else np.float32(1) - shade[i, j]
                for c in range(3):
                    value = np.float32(picture[i, j, c]) * left + np.float32(layer[i, j, c]) * bright
                    picture[i, j, c] = np.uint8(min(np.int32(value + np.float32(0.5)), np.int32(255)))


@njit(cache=True, nogil=True)
def expose(
    picture: NDArray, across: NDArray, down: NDArray, noise: NDArray, start: int, shot: float, read: float
) -> None:
    """Light a picture and read it off a sensor, in place.

    The picture (h, 3 w) uint8 is multiplied by ``across`` (3 w,) and ``down`` (h,) float32. Noise with the variance
    ``shot`` times the value plus ``read`` is added: ``noise`` holds int8 in 32nds of a standard deviation, and is read
    from ``start`` on. The result is rounded.
    """
    height, width = picture.shape
    shot32, read32, unit = np.float32(shot / 32**2), np.float32(read / 32**2), np.float32(0.5)
    for i in range(height):
        gain = down[i]
        values, part = picture[i], noise[start + i * width : start + (i + 1) * width]
        # Everything in one type and clipped as whole numbers: that keeps the compiler's vector units busy.
        for j in range(width):
            value = np.float32(values[j]) * (gain * across[j])
            value += np.sqrt(shot32 * value + read32) * np.float32(part[j]) + unit
            values[j] = np.uint8(min(max(np.int32(value), np.int32(0)), np.int32(255)))
