"""Where too much time passes between two frames to tell what happened in it."""

from collections.abc import Sequence
from statistics import median

import numpy as np

GAP_S = 0.2  # nothing is spotted across so long a time without frames ...
GAP_FRAMES = 3.5  # ... that is also so many usual intervals long
APART_S = 0.45
"""As long as a blink: what a face shows before and after so short a time, it shows in between."""
RECENT = 30
"""Latest intervals of which the median is the usual one."""


def is_gap(latest_s: Sequence[float], time_s: float, interval_s: float = 1 / 25) -> bool:
    """Tell whether too much time has passed since the frame before.

    Parameters
    ----------
    latest_s
        Times of the frames before, in seconds, rising: the last `RECENT` + 1, or as many as there are.
    time_s
        Of this frame.
    interval_s
        The usual interval where there are fewer than two frames before.
    """
    if not latest_s or time_s - latest_s[-1] <= GAP_S:
        return False
    usual = median(np.diff(latest_s)) if len(latest_s) > 1 else interval_s
    return bool(time_s - latest_s[-1] > GAP_FRAMES * usual)
