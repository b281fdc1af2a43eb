"""One picture of a recording."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Frame:
    """One picture of a recording and when it is shown.

    Attributes
    ----------
    number
        Its place among the frames, from 0; see `engine.videos.Video.frames`.
    time_s
        When it is shown, in seconds from the first frame.
    picture
        (height, width, 3) uint8 RGB, upright, with square pixels.
    """

    number: int
    time_s: float
    picture: np.ndarray
