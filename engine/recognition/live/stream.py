"""The stream as a whole: times of frames that rise, how fast they come, and what is wrong, in sentences."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from engine.recognition.spotting.gaps import RECENT, is_gap
from engine.recognition.video.warnings import LEAST_FPS

WINDOW_S = 2.0
"""The frame rate is that of so many latest seconds ..."""
LEAST_S = 0.5  # ... and is not told before there are so many
ANEW_S = 1.0
"""A time that lies so far before the latest one belongs to a stream that has begun anew."""


BLACK = 8.0  # mean gray value below which nothing can be seen
SILENT = (
    "No picture comes from the camera any more. See that it is plugged in and that no other program has taken it; then "
    "press Stop, and Start again."
)
UNREACHED = (
    "No picture has come from the browser yet. Where this machine has no network at all, a browser offers no way to "
    "send one: turn Wi-Fi on or plug a cable in, it need not lead anywhere; then press Stop, and Start again."
)
_EVERY = 16  # pixels across and down: enough to tell black


@dataclass(frozen=True)
class FrameTime:
    """A frame's time.

    Attributes
    ----------
    time_s
        In seconds from the first frame, rising.
    step_s
        Since the frame before; 0 for the first one.
    broke_off
        Whether that is too long to tell what happened meanwhile.
    """

    time_s: float
    step_s: float
    broke_off: bool


class StreamClock:
    """Takes the times that a camera gives its frames."""

    def __init__(self) -> None:
        self._zero_s: float | None = None
        self._times: deque[float] = deque(maxlen=RECENT + 1)
        self._window: deque[float] = deque(maxlen=1000)  # without a break

    def take(self, time_s: float) -> FrameTime | None:
        """Return a frame's place in time; None where it is not after the frame before, or no number.

        Where times begin anew, as after a camera was opened again, ours go on.
        """
        if not np.isfinite(time_s):
            return None
        if self._zero_s is None:
            self._zero_s = time_s
        last_s = self._times[-1] if self._times else -np.inf
        anew = time_s - self._zero_s < last_s - ANEW_S
        if anew:
            self._zero_s = time_s - (last_s + ANEW_S)
        now_s = float(time_s - self._zero_s)
        if now_s <= last_s:
            return None
        broke_off = anew or is_gap(self._times, now_s)
        if broke_off:
            self._window.clear()
        step_s = now_s - last_s if self._times else 0.0
        self._times.append(now_s)
        self._window.append(now_s)
        while now_s - self._window[0] > WINDOW_S:
            self._window.popleft()
        return FrameTime(now_s, step_s, broke_off)

    @property
    def fps(self) -> float | None:
        """Frames a second by their times, None before that can be told."""
        length = self._window[-1] - self._window[0] if self._window else 0.0
        return (len(self._window) - 1) / length if length >= LEAST_S else None

    @property
    def too_slow(self) -> bool:
        """Whether expressions of 1/25 to 1/2 s are missed at this rate."""
        return self.fps is not None and self.fps < LEAST_FPS


def stream_warnings(picture: np.ndarray, faces: int, clock: StreamClock) -> tuple[str, ...]:
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
