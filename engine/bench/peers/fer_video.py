"""The ``fer`` package on the frames of a recording: ``python -m engine.bench.peers.fer_video RECORDING``.

The package as it is, with all that it does by default: OpenCV's Haar cascade (scale 1.1, 5 neighbours, faces from 50
pixels) and its int8 mini-Xception through TensorFlow Lite, on each frame that OpenCV's ``VideoCapture`` reads.
"""

import sys
import time
from collections.abc import Callable

from engine.bench.peers import serve

FRAMES = 150  # of the recording's; more would only take longer


def prepare() -> tuple[Callable[[], object], str]:
    """Load the recogniser."""
    import cv2
    import fer
    from fer.fer import FER

    recogniser = FER()

    def once() -> float:
        start, frames = time.perf_counter(), 0
        video = cv2.VideoCapture(sys.argv[1])
        while frames < FRAMES:
            read, frame = video.read()
            if not read:
                break
            recogniser.detect_emotions(frame)
            frames += 1
        video.release()
        return (time.perf_counter() - start) / frames

    return once, f"fer {fer.__version__} on each frame (Haar, int8 mini-Xception; OpenCV {cv2.__version__})"


if __name__ == "__main__":
    serve(prepare)
