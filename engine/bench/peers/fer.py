"""The ``fer`` package: ``python -m engine.bench.peers.fer photo FILE``, or ``frames`` or ``recording`` for ``photo``.

The package as it is, with all that it does by default: OpenCV's Haar cascade (scale 1.1, 5 neighbours, faces from 50
pixels) and its int8 mini-Xception through TensorFlow Lite. A photo goes from its bytes to the answer. Of a recording, a
camera's ``frames`` are decoded beforehand, and the time is that which 95 % of them keep to; ``recording`` reads them
with OpenCV's ``VideoCapture`` within the time, which is that of a frame.
"""

import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from engine.bench.peers import serve

FRAMES = 150  # of the recording's; more would only take longer


def prepare() -> tuple[Callable[[], object], str]:
    """Load the recogniser, and the photo or the frames."""
    import cv2
    import fer
    from fer.fer import FER

    recognise = FER().detect_emotions
    kind, path = sys.argv[1:3]
    about = f"Haar, int8 mini-Xception; OpenCV {cv2.__version__}"

    def read_frames() -> Iterator[np.ndarray]:
        video = cv2.VideoCapture(path)
        while (read := video.read())[0]:
            yield read[1]

    if kind == "photo":
        data = np.frombuffer(Path(path).read_bytes(), np.uint8)

        def photo() -> list[dict]:
            return recognise(cv2.imdecode(data, cv2.IMREAD_COLOR))

        return photo, f"fer {fer.__version__} ({about}; faces found: {len(photo())})"

    decoded = list(islice(read_frames(), FRAMES)) if kind == "frames" else []

    def frames() -> float:
        taken = []
        for frame in decoded:
            start = time.perf_counter()
            recognise(frame)
            taken.append(time.perf_counter() - start)
        return float(np.percentile(taken, 95))

    def recording() -> float:
        start = time.perf_counter()
        answers = [recognise(frame) for frame in islice(read_frames(), FRAMES)]
        return (time.perf_counter() - start) / len(answers)

    return (frames if kind == "frames" else recording), f"fer {fer.__version__} on each frame ({about})"


if __name__ == "__main__":
    serve(prepare)
