"""Write pictures as a recording."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, cast

import av
import numpy as np
from av.video.stream import VideoStream

from engine import settings

_CODECS = {
    **dict.fromkeys(("mp4", "mov", "matroska"), ("libx264", {"preset": "fast", "crf": "{quality}"})),
    "webm": ("libvpx-vp9", {"crf": "{quality}", "b": "0", "deadline": "realtime", "cpu-used": "6"}),
    "avi": ("mjpeg", {"qmin": "2", "qmax": "2"}),
}
_SUFFIXES = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm", ".avi": "avi"}
HIGH_QUALITY = 14
"""x264's constant rate factor: 0 loses nothing, 23 is its default, 18 already looks like the original."""


def write_video(
    frames: Iterable[np.ndarray],
    fps: float | Fraction,
    target: Path | BinaryIO,
    *,
    container: str | None = None,
    quality: int = HIGH_QUALITY,
    times_s: Iterable[float] | None = None,
    title: str = "",
) -> int:
    """Write pictures as a recording.

    Parameters
    ----------
    frames
        (height, width, 3) uint8 RGB, all of one size; an odd last row or column is left out: H.264 has colour
        for two by two pixels.
    fps
        Frames a second.
    target
        Where to; an open file must be able to seek.
    container
        ``"mp4"`` (H.264, the default for an open file), ``"mov"``, ``"matroska"``, ``"webm"`` (VP9) or ``"avi"``
        (Motion JPEG); by the suffix of a path.
    quality
        Constant rate factor of H.264 and VP9, smaller is better; `HIGH_QUALITY` keeps faint movement.
    times_s
        When each frame is shown, in seconds, rising: a recording of variable rate. Counted by ``fps`` without it.
    title
        Kept in the file, for whoever looks at its properties.

    Returns
    -------
    int
        How many frames were written.

    Raises
    ------
    ValueError
        For no frames, frames of another type or of differing sizes, or an unknown container.
    OSError
        Where the file cannot be written, for instance on a full disk.
    """
    form = container or (_SUFFIXES.get(Path(target).suffix.lower(), "mp4") if isinstance(target, str | Path) else "mp4")
    if form not in _CODECS:
        raise ValueError(f"Expected a container among {', '.join(_CODECS)}. Received {form!r}.")
    codec, options = _CODECS[form]
    rate = Fraction(fps).limit_denominator(100_000)
    base = Fraction(1, 90_000) if times_s is not None else 1 / rate
    times = None if times_s is None else iter(times_s)
    count = 0
    with av.open(target if not isinstance(target, Path) else str(target), "w", format=form) as output:
        if title:
            output.metadata["title"] = title
        stream: VideoStream | None = None
        for picture in frames:
            if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
                raise ValueError(f"Expected pictures (H, W, 3) uint8. Received {picture.shape} {picture.dtype}.")
            height, width = (side - side % 2 for side in picture.shape[:2])
            if stream is None:
                stream = cast(VideoStream, output.add_stream(codec, rate))
                stream.width, stream.height = width, height
                stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
                stream.codec_context.time_base = base
                stream.codec_context.thread_count = settings.threads(2)
                stream.codec_context.gop_size = max(1, round(rate))  # one can jump to any second
                stream.options = {name: value.format(quality=quality) for name, value in options.items()}
            elif (stream.width, stream.height) != (width, height):
                raise ValueError(f"Expected pictures of {stream.width} × {stream.height}. Received {width} × {height}.")
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), "rgb24")
            frame.time_base = base
            frame.pts = count if times is None else round(next(times) / base)
            output.mux(stream.encode(frame))
            count += 1
        if stream is None:
            raise ValueError("Expected at least one frame. Received none.")
        output.mux(stream.encode(None))
    return count
