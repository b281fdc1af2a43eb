"""What is wrong with the stream as a whole, in sentences."""

import numpy as np

from engine.recognition.live.clock import Clock
from engine.recognition.video_warnings import LEAST_FPS

BLACK = 8.0  # mean gray value below which nothing can be seen
SILENT = (
    "No picture comes from the camera any more. See that it is plugged in and that no other program has taken it; then "
    "press Stop, and Start again."
)
_EVERY = 16  # pixels across and down: enough to tell black


def warnings_of(picture: np.ndarray, faces: int, clock: Clock) -> tuple[str, ...]:
    """Return sentences on a frame and on those before it.

    Parameters
    ----------
    picture
        (height, width, 3) uint8.
    faces
        How many were found in it.
    clock
        Of the frames.
    """
    said = []
    if not faces:
        if picture[::_EVERY, ::_EVERY].mean() < BLACK:
            said.append("The picture is black. Uncover the camera, or turn on a light.")
        else:
            said.append("No face is seen. Look towards the camera, with light on your face.")
    if clock.too_slow:
        said.append(
            f"Only {clock.fps:.3g} frames a second are looked at: too slow for micro-expressions, which last 1/25 to "
            f"1/2 s; it takes {LEAST_FPS + 1:.0f}. Use more light, a smaller picture or a machine with less to do; or "
            "upload a recording."
        )
    return tuple(said)
