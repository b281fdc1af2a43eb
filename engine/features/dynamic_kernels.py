"""The compiled loops behind `engine.features.dynamic_image`: they trust their arguments."""

import numpy as np
from numba import njit, uintp
from numpy.typing import NDArray

_BLOCK = 4096  # pixels whose sums stay in the first-level cache while the clip passes by


@njit(cache=True, nogil=True)
def pool(frames: NDArray[np.uint8], weights: NDArray[np.float64], out: NDArray[np.float32]) -> None:
    """Fill ``out`` (N,) with the weighted sum of ``frames`` (T, N), whose ``weights`` (T,) sum to 0.

    The first frame is taken off each: it changes nothing then, and what never moves gives exactly 0.
    """
    total = frames.shape[1]
    sums = np.empty(_BLOCK, np.float32)
    for start in range(0, total, _BLOCK):
        size = min(_BLOCK, total - start)
        first = frames[0, start : start + size]
        sums[:] = 0
        for t in range(1, frames.shape[0]):
            weight = np.float32(weights[t])
            frame = frames[t, start : start + size]
            for i in range(uintp(size)):
                sums[i] += weight * np.float32(np.int32(frame[i]) - np.int32(first[i]))
        for i in range(uintp(size)):
            out[uintp(start) + i] = sums[i]


@njit(cache=True, nogil=True)
def add_frame(
    frame: NDArray[np.uint8],
    first: NDArray[np.uint8],
    share: float,
    sum_: NDArray[np.int32],
    sums: NDArray[np.int64],
    means: NDArray[np.float64],
) -> None:
    """Add a frame (N,) to the three running sums of `engine.features.dynamic_image.DynamicImage`; in place."""
    for i in range(uintp(frame.size)):
        now = sum_[i] + np.int32(frame[i]) - np.int32(first[i])
        sum_[i] = now
        sums[i] += now
        means[i] += share * now
