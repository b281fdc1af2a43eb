"""The ``fer`` package on a camera's frames, decoded beforehand: ``python -m engine.bench.peers.fer_live RECORDING``.

The package as it is, with all that it does by default: OpenCV's Haar cascade (scale 1.1, 5 neighbours, faces from 50
pixels) and its int8 mini-Xception through TensorFlow Lite. Its time is that which 95 % of the frames keep to.
"""

import sys
import time
from collections.abc import Callable

from engine.bench.peers import serve

FRAMES = 150  # of the recording's; more would only take longer


def prepare() -> tuple[Callable[[], object], str]:
    """Load the recogniser and the frames."""
    import cv2
    import fer
    import numpy as np
    from fer.fer import FER

    recogniser, video = FER(), cv2.VideoCapture(sys.argv[1])
    frames: list[np.ndarray] = []
    while len(frames) < FRAMES:
        read, frame = video.read()
        if not read:
            break
        frames.append(frame)
    video.release()

    def once() -> float:
        taken = []
        for frame in frames:
            start = time.perf_counter()
            recogniser.detect_emotions(frame)
            taken.append(time.perf_counter() - start)
        return float(np.percentile(taken, 95))

    return once, f"fer {fer.__version__} on each frame (Haar, int8 mini-Xception; OpenCV {cv2.__version__})"


if __name__ == "__main__":
    serve(prepare)
