"""What browsers play of a recording, and a small copy on the same clock of what they do not."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from engine.tasks import SILENT, Progress
from engine.videos.container import open_container, video_stream
from engine.videos.reading import SAME_S, open_video
from engine.videos.writing import write_video

MP4 = "video/mp4"
COPY_SIDE, COPY_QUALITY = 640, 26
"""The longer side of a copy's pictures in pixels, and its constant rate factor: see `engine.videos.write_video`."""
_PLAYED = {"mov": (MP4, ("h264", "vp9", "av1")), "matroska": ("video/webm", ("vp8", "vp9", "av1"))}
"""By the first name that FFmpeg has for a container: how browsers call it, and the codecs that they play in it."""
_EIGHT_BITS = ("yuv420p", "yuvj420p")
_DECODERS = {"libdav1d": "av1", "libaom-av1": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9"}
"""What FFmpeg calls decoders that are not named as their codecs."""


def played_as(source: Path | bytes | BinaryIO) -> str | None:
    """Return the MIME type under which Chromium and Firefox play a recording, None where one of them does not.

    Raises
    ------
    VideoError
        Where it cannot be opened.
    """
    file, container = open_container(source)
    try:
        mime, codecs = _PLAYED.get(container.format.name.split(",")[0], ("", ()))
        context = video_stream(container).codec_context
        codec = _DECODERS.get(context.name, context.name)
        return mime if codec in codecs and context.pix_fmt in _EIGHT_BITS else None
    finally:
        container.close()
        if file is not source:
            file.close()


def playable_copy(data: bytes, name: str, progress: Progress = SILENT) -> bytes:
    """Return a recording as a small MP4 (H.264) without sound, each picture upright and at its own time.

    Parameters
    ----------
    data, name
        The recording, and what it is called.
    progress
        Told how many frames of about how many are done, and asked before each whether to go on.

    Raises
    ------
    VideoError
        Where no frame can be read.
    Cancelled
        Where ``progress`` says so.
    """
    target = io.BytesIO()
    with open_video(data, name, long_side=COPY_SIDE) as video:
        times: list[float] = []

        def pictures() -> Iterator[np.ndarray]:
            size = None
            for frame in video.frames(progress=progress):
                picture = frame.picture
                size = size or (picture.shape[1], picture.shape[0])
                if (picture.shape[1], picture.shape[0]) != size:
                    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
                if not times and frame.time_s > SAME_S:
                    # A player counts from the first picture: there has to be one at 0.
                    times.append(0.0)
                    yield picture
                times.append(frame.time_s)
                yield picture

        def shown() -> Iterator[float]:
            at = 0
            while True:
                yield times[at]
                at += 1

        write_video(pictures(), video.rate, target, container="mp4", quality=COPY_QUALITY, times_s=shown())
    return target.getvalue()
