"""The paper network's second convolution with ReLU and both poolings, forwards and backwards, compiled.

Two 2×2 poolings in a row are one of 4×4: one value of sixteen goes on and has a gradient, as in
`engine.training.compiled.first_convolution`. So backwards, the costly half of a convolution, is 2,304 short vectors a
picture instead of two matrix products.
"""

import numpy as np
from numba import njit, uintp
from numpy.typing import NDArray

from engine.training.compiled import first_convolution

SIDE = first_convolution.POOLED
"""Of the map that comes in, without its border."""
POOLED = 6
"""Side of the map that goes out."""
CHANNELS = 64

ZERO = np.float32(0)
_FROM = uintp(first_convolution.CHANNELS)
_WINDOW = uintp(3 * first_convolution.CHANNELS)  # three neighbouring pixels, which lie side by side in memory


@njit(cache=True, nogil=True)
def forwards(
    before: NDArray[np.float32],
    kernel: NDArray[np.float32],
    bias: NDArray[np.float32],
    windows: NDArray[np.float32],
    sums: NDArray[np.float32],
    pooled: NDArray[np.float32],
    winner: NDArray[np.int32],
) -> None:
    """Convolve 3×3 (equation 8 of the paper), take the largest of each 4×4 (10), add the bias, ReLU (9).

    ``before`` (26, 26, 32) with its border of zeros, ``kernel`` (3, 96, 64), ``bias`` (64,); writes ``pooled``
    (6, 6, 64) and ``winner`` (6, 6, 64), the place of the largest as row × 24 + column. ``windows`` (26, 24, 96) and
    ``sums`` (3, 576, 64) are room to work in.

    One matrix product for each of the kernel's rows: the windows of map row r serve output rows r - 2, r - 1 and r.
    """
    for row in range(uintp(SIDE + 2)):
        line = before[row].reshape(-1)
        for column in range(uintp(SIDE)):
            for i in range(uintp(_WINDOW)):
                windows[row, column, i] = line[column * _FROM + i]
    rows = windows.reshape(-1, _WINDOW)
    for offset in range(3):
        np.dot(rows[offset * SIDE : (offset + SIDE) * SIDE], kernel[offset], sums[offset])
    best, where = np.empty(CHANNELS, np.float32), np.empty(CHANNELS, np.int32)
    for row in range(POOLED):
        for column in range(POOLED):
            best.fill(-np.inf)
            for step in range(16):
                _keep_largest(sums, _place(row, column, step), best, where)
            for channel in range(uintp(CHANNELS)):
                pooled[row, column, channel] = max(best[channel] + bias[channel], ZERO)
                winner[row, column, channel] = where[channel]


@njit(cache=True, nogil=True)
def _place(row: int, column: int, step: int) -> int:
    """Return the place of one of the sixteen values that are pooled: 2×2 blocks in order, each 2×2 in order.

    The order says which of equal values counts: the one that two poolings after each other would take.
    """
    block, corner = step // 4, step % 4
    y = 4 * row + 2 * (block // 2) + corner // 2
    return y * SIDE + 4 * column + 2 * (block % 2) + corner % 2


@njit(cache=True, nogil=True)
def _keep_largest(sums: NDArray[np.float32], place: int, best: NDArray[np.float32], where: NDArray[np.int32]) -> None:
    """Where the value at ``place``, the sum of three, is larger than ``best`` (64,), put it and its place there."""
    above, middle, below = sums[0, place], sums[1, place], sums[2, place]
    place = np.int32(place)
    for channel in range(uintp(CHANNELS)):
        value = above[channel] + middle[channel] + below[channel]
        larger = value > best[channel]
        where[channel] = place if larger else where[channel]
        best[channel] = value if larger else best[channel]


@njit(cache=True, nogil=True, fastmath={"contract"})
def backwards(
    before: NDArray[np.float32],
    kernel: NDArray[np.float32],
    pooled: NDArray[np.float32],
    winner: NDArray[np.int32],
    gradient: NDArray[np.float32],
    before_gradient: NDArray[np.float32],
    kernel_gradient: NDArray[np.float32],
    bias_gradient: NDArray[np.float32],
) -> None:
    """Write the gradient of ``before`` and add this picture's part to those of kernel and bias.

    ``gradient`` (6, 6, 64) is that of ``pooled``. Kernel and its gradient are (64, 3, 96) here, the channel first, so
    that what one channel's winner needs lies side by side.
    """
    line, line_gradient = before.reshape(-1), before_gradient.reshape(-1)
    before_gradient.fill(ZERO)
    for row in range(POOLED):
        for column in range(POOLED):
            for channel in range(CHANNELS):
                if pooled[row, column, channel] <= ZERO:
                    continue
                g = gradient[row, column, channel]
                bias_gradient[channel] += g
                y, x = divmod(winner[row, column, channel], SIDE)
                for offset in range(3):
                    start = ((y + offset) * (SIDE + 2) + x) * _FROM
                    window = slice(start, start + _WINDOW)
                    _add(g, kernel[channel, offset], line_gradient[window])
                    _add(g, line[window], kernel_gradient[channel, offset])


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add(factor: np.float32, values: NDArray[np.float32], to: NDArray[np.float32]) -> None:
    """Add ``factor * values`` (96,) to ``to``."""
    for i in range(uintp(_WINDOW)):
        to[i] += factor * values[i]
