"""The paper network's first convolution with ReLU and pooling, forwards and backwards, compiled; one picture at a time.

Max-pooling lets only the largest of four values go on, so only that one has a gradient: forwards keeps where it stood,
backwards visits nothing else. Where values tie, the first one counts, as in Keras. Bias and ReLU come after the
pooling: both keep the order of values, so the largest stays the largest.
"""

import numpy as np
from numba import njit, uintp
from numpy.typing import NDArray

SIDE = 48
"""Of the picture, in pixels."""
POOLED = 24
"""Side of the pooled map."""
CHANNELS = 32

ZERO = np.float32(0)
_0, _1, _2, _3 = (np.int32(corner) for corner in range(4))


@njit(cache=True, nogil=True)
def pad_codes(codes: NDArray[np.uint8], plane: NDArray[np.float32]) -> None:
    """Write LBP codes (48, 48) as shares of 255 into the middle of ``plane`` (50, 50), whose border stays zero."""
    for row in range(uintp(SIDE)):
        for column in range(uintp(SIDE)):
            plane[row + 1, column + 1] = np.float32(codes[row, column]) / np.float32(255)


@njit(cache=True, nogil=True, fastmath={"contract"})
def forwards(
    plane: NDArray[np.float32],
    kernel: NDArray[np.float32],
    bias: NDArray[np.float32],
    pooled: NDArray[np.float32],
    winner: NDArray[np.int32],
) -> None:
    """Convolve 3×3 (equation 8 of the paper), take the largest of each 2×2 (10), add the bias, ReLU (9).

    ``plane`` (50, 50), ``kernel`` (9, 32), ``bias`` (32,); writes the middle of ``pooled`` (26, 26, 32), whose border
    stays zero, and ``winner`` (24, 24, 32): which of the four was the largest, 0 and 1 above, 2 and 3 below.
    """
    for row in range(uintp(POOLED)):
        for column in range(uintp(POOLED)):
            y, x = 2 * row, 2 * column
            out, where = pooled[row + 1, column + 1], winner[row, column]
            for channel in range(uintp(CHANNELS)):
                best, index = _response(plane, y, x, kernel, channel), _0
                value = _response(plane, y, x + 1, kernel, channel)
                index, best = (_1, value) if value > best else (index, best)
                value = _response(plane, y + 1, x, kernel, channel)
                index, best = (_2, value) if value > best else (index, best)
                value = _response(plane, y + 1, x + 1, kernel, channel)
                index, best = (_3, value) if value > best else (index, best)
                out[channel], where[channel] = max(best + bias[channel], ZERO), index


@njit(cache=True, nogil=True, fastmath={"contract"})
def _response(plane: NDArray[np.float32], y: int, x: int, kernel: NDArray[np.float32], channel: int) -> np.float32:
    """Return one channel's weighted sum over the 3×3 window whose top left is (y, x)."""
    return (
        plane[y, x] * kernel[0, channel]
        + plane[y, x + 1] * kernel[1, channel]
        + plane[y, x + 2] * kernel[2, channel]
        + plane[y + 1, x] * kernel[3, channel]
        + plane[y + 1, x + 1] * kernel[4, channel]
        + plane[y + 1, x + 2] * kernel[5, channel]
        + plane[y + 2, x] * kernel[6, channel]
        + plane[y + 2, x + 1] * kernel[7, channel]
        + plane[y + 2, x + 2] * kernel[8, channel]
    )


@njit(cache=True, nogil=True, fastmath={"contract"})
def backwards(
    plane: NDArray[np.float32],
    pooled: NDArray[np.float32],
    winner: NDArray[np.int32],
    gradient: NDArray[np.float32],
    kernel_gradient: NDArray[np.float32],
    bias_gradient: NDArray[np.float32],
) -> None:
    """Add this picture's part to the gradients of kernel (9, 32) and bias (32,).

    ``gradient`` (26, 26, 32) is that of ``pooled``, its border is not read; the rest as `forwards` left it.
    """
    four = np.empty((4, CHANNELS), np.float32)
    for row in range(uintp(POOLED)):
        for column in range(uintp(POOLED)):
            place = row + 1, column + 1
            _unpool(gradient[place], pooled[place], winner[row, column], four, bias_gradient)
            for tap in range(uintp(9)):
                y, x = 2 * row + tap // 3, 2 * column + tap % 3
                seen = plane[y, x], plane[y, x + 1], plane[y + 1, x], plane[y + 1, x + 1]
                _add_four(seen, four, kernel_gradient[tap])


@njit(cache=True, nogil=True)
def _unpool(
    gradient: NDArray[np.float32],
    pooled: NDArray[np.float32],
    winner: NDArray[np.int32],
    four: NDArray[np.float32],
    bias_gradient: NDArray[np.float32],
) -> None:
    """Give each channel's gradient (32,) to the winner among its ``four`` (4, 32) values and 0 to the others.

    Where ReLU cut the value off there is none.
    """
    for channel in range(uintp(CHANNELS)):
        value = gradient[channel] if pooled[channel] > ZERO else ZERO
        for corner in range(4):
            four[corner, channel] = value if winner[channel] == np.int32(corner) else ZERO
        bias_gradient[channel] += value


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add_four(
    seen: tuple[np.float32, np.float32, np.float32, np.float32],
    four: NDArray[np.float32],
    kernel_gradient: NDArray[np.float32],
) -> None:
    """Add to one weight's gradient (32,) what it saw at the four places, times the gradients there."""
    a, b, c, d = seen
    for channel in range(uintp(CHANNELS)):
        kernel_gradient[channel] += (
            a * four[0, channel] + b * four[1, channel] + c * four[2, channel] + d * four[3, channel]
        )
