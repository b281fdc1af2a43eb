"""A 640×480 photo from bytes to result, beside the ``fer`` package from the same bytes."""

import tempfile
from pathlib import Path

from engine.bench.measurement import Measurement
from engine.bench.packages import install
from engine.bench.peer import Peer, PeerUnavailableError
from engine.bench.pictures import portrait_jpeg
from engine.bench.timing import alternate, stopwatch
from engine.recognition.photo import recognise

ALTERNATIVE = "fer 25.10.3"
PACKAGES = ("fer==25.10.3", "opencv-python-headless==4.14.0.94", "setuptools==80.10.2")
"""What the alternative needs besides our environment: OpenCV 5 has no Haar cascades, ``fer`` imports ``pkg_resources``.

Without dependencies: those that ``fer`` names for videos and for another detector are many and not used here.
"""


def measure() -> list[Measurement]:
    """Time the default model's answer."""
    data = portrait_jpeg()
    faces = len(recognise(data).faces)
    ours = stopwatch(lambda: recognise(data))
    note = f"faces found by ours: {faces}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photo = folder / "photo.jpg"
        photo.write_bytes(data)
        try:
            install(PACKAGES, folder / "packages")
            with Peer("engine.bench.peers.fer_photo", [str(photo)], [folder / "packages"]) as peer:
                times, alternative = alternate(ours, peer.times, rounds=10, each=(10, 5)), peer.description
        except PeerUnavailableError as error:
            times, alternative = alternate(ours, None, rounds=10, each=(10, 0)), ALTERNATIVE
            note += f"; alternative not available: {error}"
    our_time, their_time, repetitions = times
    return [
        Measurement.compare(
            "photo, 640×480 JPEG, bytes to result",
            "ms",
            our_time * 1e3,
            alternative,
            None if their_time is None else their_time * 1e3,
            repetitions=repetitions,
            times_as_fast=4,
            note=note,
        )
    ]
