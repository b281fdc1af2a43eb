"""Dynamic images: a whole clip in one picture, by approximate rank pooling.

The picture is ``sum_t alpha_t x_t`` over the frames x_1 to x_T, which is also ``sum_t (2t - T - 1) V_t`` with V_t the
mean of the first t frames: late means count for, early ones against. The weights sum to 0, so that what does not move
vanishes. The second form needs no T before the end; `DynamicImage` adds it up frame by frame.

References
----------
.. [1] Bilen, Fernando, Gavves, Vedaldi, Gould, "Dynamic image networks for action recognition", CVPR 2016,
       doi:10.1109/CVPR.2016.331.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

LONGEST = 100_000
"""Frames that one picture may pool; all sums stay exact, and half an hour in one picture tells nothing."""

_BLOCK = 4096  # pixels whose sums stay in the first-level cache while the clip passes by


def rank_pooling_weights(count: int) -> NDArray[np.float64]:
    """Return the weight of each frame of a clip.

    ``alpha_t = 2 (T - t + 1) - (T + 1)(H_T - H_{t-1})``, with H_t the t-th harmonic number and H_0 = 0 [1]_.

    Parameters
    ----------
    count
        Number of frames T, at least 1.

    Returns
    -------
    ndarray
        (T,) float64, summing to 0 up to rounding; a single frame has the weight 0.

    Raises
    ------
    ValueError
        Without a frame.

    Examples
    --------
    >>> rank_pooling_weights(3).round(2)
    array([-1.33,  0.67,  0.67])
    """
    if count < 1:
        raise ValueError(f"Expected at least 1 frame. Received {count}.")
    times = np.arange(1, count + 1)
    # H_T - H_{t-1} summed from its small end, so that nothing cancels.
    remaining = np.cumsum(1 / times[::-1])[::-1]
    return 2.0 * (count - times + 1) - (count + 1) * remaining


def dynamic_image(frames: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pool a clip that lies in memory.

    Parameters
    ----------
    frames
        (T, H, W) or (T, H, W, channels) uint8, in order of time.

    Returns
    -------
    ndarray
        (H, W) or (H, W, channels) float32. Exactly 0 where a pixel never changes, everywhere for a static clip.

    Raises
    ------
    ValueError
        For another dtype or number of axes, no frame, or too many.

    Examples
    --------
    Pixels that rest, grow brighter, grow darker, and rest:

    >>> import numpy as np
    >>> clip = np.array([[[0, 0, 20, 7]], [[0, 10, 10, 7]], [[0, 20, 0, 7]]], np.uint8)
    >>> dynamic_image(clip).tolist()
    [[0.0, 20.0, -20.0, 0.0]]
    """
    _check(frames, (3, 4))
    if not 1 <= len(frames) <= LONGEST:
        raise ValueError(f"Expected 1 to {LONGEST} frames. Received {len(frames)}.")
    pooled = np.empty(frames[0].size, np.float32)
    _pool(np.ascontiguousarray(frames).reshape(len(frames), -1), rank_pooling_weights(len(frames)), pooled)
    return pooled.reshape(frames.shape[1:])


class DynamicImage:
    """Pools a clip of unknown length, frame by frame, in memory that does not grow with it."""

    def __init__(self) -> None:
        self.count = 0

    def push(self, frame: NDArray[np.uint8]) -> None:
        """Take the next frame.

        Parameters
        ----------
        frame
            (H, W) or (H, W, channels) uint8; the same shape each time.

        Raises
        ------
        ValueError
            For another dtype or shape, or beyond the longest clip.
        """
        _check(frame, (2, 3))
        if self.count == 0:
            self._first = np.array(frame, order="C")
            # Of differences to the first frame: their sum, the sum of those sums, and the sum of the running means.
            self._sum = np.zeros(frame.size, np.int32)
            self._sums = np.zeros(frame.size, np.int64)
            self._means = np.zeros(frame.size, np.float64)
        if frame.shape != self._first.shape or self.count == LONGEST:
            raise ValueError(
                f"Expected at most {LONGEST} frames of {self._first.shape}. Received {frame.shape} as frame "
                f"{self.count + 1}."
            )
        self.count += 1
        flat = np.ascontiguousarray(frame).reshape(-1)
        _add_frame(flat, self._first.reshape(-1), 1 / self.count, self._sum, self._sums, self._means)

    def image(self) -> NDArray[np.float32]:
        """Return the dynamic image of what was pushed so far, as `dynamic_image` would; more may be pushed afterwards.

        Raises
        ------
        ValueError
            Before the first frame.
        """
        if self.count == 0:
            raise ValueError("Expected at least 1 frame. Received 0.")
        pooled = 2 * self._sums - (self.count + 1) * self._means
        return pooled.astype(np.float32).reshape(self._first.shape)


def _check(array: NDArray, axes: tuple[int, int]) -> None:
    if array.dtype != np.uint8 or array.ndim not in axes or 0 in array.shape[1:]:
        raise ValueError(f"Expected uint8 with {axes[0]} or {axes[1]} axes. Received {array.shape} {array.dtype}.")


# The compiled loops: they trust their arguments.


@njit(cache=True, nogil=True)
def _pool(frames: NDArray[np.uint8], weights: NDArray[np.float64], out: NDArray[np.float32]) -> None:
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
            for i in range(np.uintp(size)):
                sums[i] += weight * np.float32(np.int32(frame[i]) - np.int32(first[i]))
        for i in range(np.uintp(size)):
            out[np.uintp(start) + i] = sums[i]


@njit(cache=True, nogil=True)
def _add_frame(
    frame: NDArray[np.uint8],
    first: NDArray[np.uint8],
    share: float,
    sum_: NDArray[np.int32],
    sums: NDArray[np.int64],
    means: NDArray[np.float64],
) -> None:
    """Add a frame (N,) to the three running sums of `DynamicImage`; in place."""
    for i in range(np.uintp(frame.size)):
        now = sum_[i] + np.int32(frame[i]) - np.int32(first[i])
        sum_[i] = now
        sums[i] += now
        means[i] += share * now
