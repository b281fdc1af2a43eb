"""Long recordings with few points: what a screen cannot show is left out, but no peak is."""

from itertools import pairwise

import numpy as np

MOST_POINTS = 2000
"""Of one line, or columns of one map: more than a wide screen has pixels across."""

TimeSpan = tuple[float, float]


def runs_without_gap(time_s: np.ndarray, gaps: tuple[TimeSpan, ...], window: TimeSpan | None = None) -> list[slice]:
    """Return the runs of frames without a gap between them.

    Parameters
    ----------
    time_s
        (n,) seconds, rising.
    gaps
        Begin and end of each gap, in seconds.
    window
        Only what is shown between these two moments, and one frame on either side; None for all.
    """
    first, last = 0, len(time_s)
    if window is not None:
        first = max(0, int(np.searchsorted(time_s, window[0])) - 1)
        last = min(last, int(np.searchsorted(time_s, window[1], "right")) + 1)
    middles = [(begin + end) / 2 for begin, end in gaps]
    cuts = [int(at) for at in np.searchsorted(time_s, middles) if first < at < last]
    ends = [first, *sorted(set(cuts)), last]
    return [slice(begin, end) for begin, end in pairwise(ends) if end > begin]


def group_size(runs: list[slice], most: int) -> int:
    """Return how many frames have to share one place so that at most ``most`` places are filled, but for the cuts."""
    return max(1, -(-sum(run.stop - run.start for run in runs) // most))


def envelope(time_s: np.ndarray, values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a line that looks the same with two points a group: the lowest and the highest, in order of time.

    Parameters
    ----------
    time_s, values
        (n,) each.
    size
        Frames of a group; the line is returned as it is where a group has no more than two.

    Returns
    -------
    tuple of numpy.ndarray
        Times and values, at most 2 ⌈n / size⌉ each.
    """
    if size <= 2:
        return time_s, values
    count = -(-len(values) // size)
    padded = np.concatenate([values, np.full(count * size - len(values), values[-1])]).reshape(count, size)
    at = np.sort(np.stack([padded.argmin(axis=1), padded.argmax(axis=1)], axis=1), axis=1)
    at = np.minimum(at + size * np.arange(count)[:, None], len(values) - 1).ravel()
    return time_s[at], values[at]


def group_max(values: np.ndarray, size: int) -> np.ndarray:
    """Return the highest of each group: (⌈n / size⌉, columns) of (n, columns)."""
    return np.maximum.reduceat(values, np.arange(0, len(values), size), axis=0)
