"""The ``fer`` package from a photo's bytes to its answer: ``python -m engine.bench.peers.fer_photo PHOTO``.

The package as it is, with all that it does by default: OpenCV's Haar cascade (scale 1.1, 5 neighbours, faces from 50
pixels) and its int8 mini-Xception through TensorFlow Lite.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from engine.bench.peers import serve


def prepare() -> tuple[Callable[[], object], str]:
    """Load the recogniser and the photo."""
    import cv2
    import fer
    import numpy as np
    from fer.fer import FER

    recogniser = FER()
    data = Path(sys.argv[1]).read_bytes()

    def once() -> list[dict]:
        return recogniser.detect_emotions(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))

    found = len(once())
    return once, f"fer {fer.__version__} (Haar, int8 mini-Xception; OpenCV {cv2.__version__}; faces found: {found})"


if __name__ == "__main__":
    serve(prepare)
