"""The pictures of an event as a short recording that plays slowly."""

import io

import numpy as np

from engine.videos import write_video

SPEEDS = (0.1, 0.25, 0.5, 1.0)
"""Of the replay, where 1 is as fast as it was."""

MIME = "video/mp4"
_LINGER_S = 0.5  # on the last picture, so that the eye sees where the loop ends


def slow_motion(faces: np.ndarray, time_s: np.ndarray, speed: float) -> bytes:
    """Return pictures as MP4 (H.264), shown at their own times, slowed down.

    Parameters
    ----------
    faces
        (n, side, side, 3) uint8 RGB.
    time_s
        (n,) when each is shown, in seconds, rising.
    speed
        Above 0; 0.1 takes ten times as long as it took.

    Raises
    ------
    ValueError
        For no pictures, or a speed of 0 or less.
    """
    if not speed > 0:
        raise ValueError(f"Expected a speed above 0. Received {speed}.")
    times = (np.asarray(time_s, float) - time_s[0]) / speed
    interval = float(np.median(np.diff(times))) if len(times) > 1 else _LINGER_S
    pictures, shown = [*faces, faces[-1]], [*times, times[-1] + max(interval, _LINGER_S)]
    target = io.BytesIO()
    write_video(pictures, 1 / interval, target, times_s=shown)
    return target.getvalue()
