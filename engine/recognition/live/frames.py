"""Between a camera's stream and what works on it: each frame is handed on, and goes back with words in it."""

import logging
import math
import threading
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from av import VideoFrame

from engine.errors import LiveError
from engine.recognition.live.runner import LiveRunner
from engine.recognition.live.state import LiveState
from engine.videos.picture import Layouts

_log = logging.getLogger(__name__)

Draw = Callable[[np.ndarray, LiveState, int | None], np.ndarray]
"""What draws a state into a picture, (height, width, 3) uint8 RGB, and returns it as a new one; a person is marked."""


class LiveFrames:
    """Takes the frames of one camera, from any thread, and never waits for what is worked out from them.

    Parameters
    ----------
    draw
        Draws what is known into each frame.

    Attributes
    ----------
    draw
        May be changed while frames come.
    runner
        Works on the frames; None before the camera is on and after it was stopped: then frames go back as they came.
    person
        Whom charts are about; None for nobody yet.
    skipped
        Frames that were left out before they came here, because they had come faster than they could be drawn.
    over
        Whether the stream has ended.
    """

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.runner: LiveRunner | None = None
        self.person: int | None = None
        self.skipped = 0
        self.over = False
        self._failed = False
        self._lock = threading.Lock()

    @property
    def live(self) -> LiveRunner | None:
        """The runner, as long as it has not ended."""
        runner = self.runner
        return None if runner is None or runner.ended else runner

    @property
    def working(self) -> LiveRunner:
        """The runner.

        Raises
        ------
        LiveError
            Where there is none, or it has ended.
        """
        if (runner := self.live) is None:
            raise LiveError("The camera has been stopped here.", "Start it again.")
        return runner

    def begin(self, make: Callable[[], LiveRunner]) -> LiveRunner:
        """Return the runner, made anew where there is none that works.

        Several may ask at once: one is made. Raises as ``make`` does.
        """
        with self._lock:
            if (runner := self.live) is None:
                self._let_go()
                runner = self.runner = make()
            return runner

    def callback(self, frame: VideoFrame) -> VideoFrame:
        """Hand a frame on, and return it with the latest of what is known drawn into it.

        Parameters
        ----------
        frame
            Of any pixel format; its own time and its rotation flag count.

        Returns
        -------
        av.VideoFrame
            A new frame at the same time; the same frame where nothing works on it or it cannot be drawn on.
        """
        runner = self.live
        if runner is None:
            return frame
        try:
            picture = Layouts(None).take(frame, 1.0).picture(frame)
            runner.offer(picture, math.nan if frame.time is None else frame.time)
            drawn = _as_frame(self.draw(picture, runner.state(), self.person))
        except Exception:  # whatever one frame meets, the stream goes on
            if not self._failed:
                self._failed = True
                _log.exception("live: a frame could not be drawn on")
            return frame
        drawn.pts, drawn.time_base = frame.pts, frame.time_base
        return drawn

    async def newest(self, frames: Sequence[VideoFrame]) -> list[VideoFrame]:
        """Do what `callback` does with the last of the frames that have come; count the others."""
        self.skipped += len(frames) - 1
        return [self.callback(frames[-1])]

    def ended(self) -> None:
        """Have the runner end: the stream has; returns at once."""
        self.over = True
        if (runner := self.runner) is not None:
            runner.end()

    def close(self) -> None:
        """Stop the runner, and let go of everything; another one may begin."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        runner, self.runner, self.person = self.runner, None, None
        self.skipped, self.over = 0, False
        if runner is not None:
            runner.stop()


def _as_frame(picture: np.ndarray) -> VideoFrame:
    height, width = (side - side % 2 for side in picture.shape[:2])
    # As a video is sent: an encoder need not convert it, for which it would start threads.
    planes: np.ndarray = cv2.cvtColor(np.ascontiguousarray(picture[:height, :width]), cv2.COLOR_RGB2YUV_I420)
    return VideoFrame.from_ndarray(planes, "yuv420p")
