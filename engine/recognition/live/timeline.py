"""The probabilities of the latest seconds, in arrays that do not grow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SECONDS = 30.0
ROWS = 1_800  # 60 frames a second; of a faster camera some are left out


@dataclass(frozen=True)
class Timeline:
    """One person's latest seconds.

    Attributes
    ----------
    labels
        The expressions of the columns.
    time_s
        (n,) float64, rising.
    probabilities, smoothed
        (n, labels) float32: of each frame, and smoothed over time; a row of NaN where the face was out of sight, so
        that a line that is drawn breaks there.
    """

    labels: tuple[str, ...]
    time_s: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    smoothed: NDArray[np.float32]


class TimelineBuffer:
    """Keeps the latest `SECONDS`."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self._time_s = np.full(ROWS, -np.inf)
        self._rows = np.full((2, ROWS, len(labels)), np.nan, np.float32)
        self._next, self._last_s, self._broken = 0, -np.inf, True

    def push(self, time_s: float, probabilities: NDArray, smoothed: NDArray) -> None:
        """Take what a frame says, (labels,) each."""
        if time_s - self._last_s >= 0.9 * SECONDS / ROWS:
            self._put(time_s, probabilities, smoothed)
            self._broken = False

    def gap(self, time_s: float) -> None:
        """Tell that nothing is known at a time."""
        if not self._broken:
            self._put(time_s, np.nan, np.nan)
            self._broken = True

    def timeline(self) -> Timeline:
        """Return a copy, in order."""
        order = np.roll(np.arange(ROWS), -self._next)
        order = order[self._time_s[order] >= self._last_s - SECONDS] if self._last_s > -np.inf else order[:0]
        return Timeline(self._labels, self._time_s[order], *self._rows[:, order])

    def _put(self, time_s: float, probabilities: NDArray | float, smoothed: NDArray | float) -> None:
        self._time_s[self._next] = time_s
        self._rows[0, self._next], self._rows[1, self._next] = probabilities, smoothed
        self._next, self._last_s = (self._next + 1) % ROWS, time_s
