"""A 640×480 photo from bytes to result, beside the ``fer`` package from the same bytes."""

import tempfile

from engine.bench.measurement import Measurement
from engine.bench.peer import Alternative, compare
from engine.bench.pictures import portrait_jpeg
from engine.bench.timing import stopwatch
from engine.recognition.photo import recognise

PACKAGES = ("fer==25.10.3", "opencv-python-headless==4.14.0.94", "setuptools==80.10.2")
"""What the alternative needs besides our environment: OpenCV 5 has no Haar cascades, ``fer`` imports ``pkg_resources``.

Without dependencies: those that ``fer`` names for videos and for another detector are many and not used here.
"""
ALTERNATIVE = Alternative("fer 25.10.3", "engine.bench.peers.fer", PACKAGES)


def measure() -> list[Measurement]:
    """Time the default model's answer."""
    data = portrait_jpeg()
    faces = len(recognise(data).faces)
    ours = stopwatch(lambda: recognise(data))
    note = f"faces found by ours: {faces}"
    with tempfile.NamedTemporaryFile(suffix=".jpg") as photo:
        photo.write(data)
        photo.flush()
        timed = compare(ours, ALTERNATIVE, ["photo", photo.name], rounds=10, each=(10, 5))
    return [timed.measurement("photo, 640×480 JPEG, bytes to result", "ms", 1e3, times_as_fast=4, note=note)]
