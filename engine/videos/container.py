"""Open a file of moving pictures, and nothing else: no address, no list of other files, no guessing.

FFmpeg can read well over three hundred formats, among them playlists that name other files and addresses on the
network. Here the format is told by the file's first bytes and FFmpeg is bound to it, reads from an open file and may
open no other.
"""

import io
import os
import re
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import av
from av import VideoFrame
from av.container import InputContainer
from av.video.stream import VideoStream

from engine import settings
from engine.below import open_file, reason
from engine.errors import VideoError

FORMATS = "MP4, MOV, AVI, WebM, MKV, MTS, MPG, WMV or animated GIF"
SUFFIXES = {
    *(".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".avi", ".divx", ".webm", ".mkv", ".mts", ".m2ts", ".m2t"),
    *(".mpg", ".mpeg", ".mpe", ".vob", ".mod", ".wmv", ".asf", ".flv", ".f4v", ".ogv"),
}
"""Of the recordings in a folder; the same files are read under any name."""

_HEAD = 400  # bytes by which a format is known
_BARE = {
    "H.264": rb"\0?\0\0\x01[\x06\x09\x27\x47\x67]",
    "H.265": rb"\0?\0\0\x01[\x40\x42\x44\x46\x4e]\x01",
    "MPEG": rb"\0\0\x01(?:[\xb0\xb3\xb5]|\0\0\0\x01\x20)",
    "AV1": rb"\x12\0\x0a",
}
"""How pictures begin that are in no container, so that nothing says when they are shown."""
_JPEG, _NEXT_JPEG, _JPEG_BYTES = b"\xff\xd8\xff", b"\xff\xd9\xff\xd8", 2**24
_ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")  # the first box of MP4 and of older QuickTime
_STILL = (b"heic", b"heix", b"mif1", b"avif", b"crx ")  # pictures that begin as MP4 does
_BEGINNINGS = {
    b"\x1a\x45\xdf\xa3": "matroska",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"\0\0\1\xba": "mpeg",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "asf",
    b"FLV\1": "flv",
    b"OggS": "ogg",
}
_BUFFER = 2**18  # bytes read at a time


def open_container(source: Path | bytes | BinaryIO) -> tuple[BinaryIO, InputContainer]:
    """Open a recording.

    Parameters
    ----------
    source
        Where it lies, its bytes, or an open file that can seek, which is left open.

    Returns
    -------
    tuple
        The file that is read from, and the container; both are the caller's to close.

    Raises
    ------
    VideoError
        Where the file cannot be read, is empty, too large or none of the formats.
    """
    file = _file(source)
    try:
        form = _format_of(file)
        # The limit holds already where FFmpeg looks at the first frames, to find out what they are.
        most = str(settings.VIDEO_MAX_PIXELS)
        options = {"protocol_whitelist": "none", "format_whitelist": form, "max_pixels": most}
        container = av.open(file, "r", format=form, options=options, buffer_size=_BUFFER, io_open=_refuse)
    except av.FFmpegError as error:
        _close(file, source)
        why = (error.strerror or type(error).__name__).rstrip(".")
        raise VideoError(
            f"The recording cannot be opened: its index is damaged or missing ({why}).",
            "Copy it again from where it was recorded; a file whose recording was cut off often lacks its end.",
        ) from error
    except BaseException:
        _close(file, source)
        raise
    return file, container


def video_stream(container: InputContainer) -> VideoStream:
    """Return the stream of pictures to read.

    Raises
    ------
    VideoError
        Where there is none, none that can be decoded, or its pictures are too large.
    """
    streams = _picture_tracks(container)
    if not streams:
        raise VideoError(
            "The file has no video track.", "Choose a recording that shows a face; sound alone is not read."
        )
    stream = next((stream for stream in streams if stream.codec_context is not None), None)
    if stream is None:
        raise VideoError(
            "The recording is coded in a way that is not known here.", "Save it as MP4 (H.264) and try again."
        )
    context = stream.codec_context
    check_size(context.width, context.height)
    context.thread_type = "AUTO"
    context.thread_count = settings.threads(4)
    context.options = {"max_pixels": str(settings.VIDEO_MAX_PIXELS)}  # also of a picture that comes later
    return stream


def further_tracks(container: InputContainer, stream: VideoStream) -> list[str]:
    """Return a sentence on the tracks of pictures beside the one that is read, none where that is the only one."""
    tracks = _picture_tracks(container)
    others = [(number, other) for number, other in enumerate(tracks, 1) if other.index != stream.index]
    if not others:
        return []
    read = next(number for number, other in enumerate(tracks, 1) if other.index == stream.index)
    named = ", ".join(f"track {number} ({_pixels(other)})" for number, other in others)
    return [
        f"The file has {len(tracks)} tracks of pictures: track {read} ({_pixels(stream)}) is read, {named} "
        f"{'is' if len(others) == 1 else 'are'} not. Save what else is to be looked at as a file of its own."
    ]


def clock_zero(container: InputContainer, stream: VideoStream, first: VideoFrame) -> Fraction:
    """Return the time stamp, in seconds, that a player shows as 0: where the first of all tracks begins.

    That is what ``ffprobe`` calls ``start_time`` of the whole; pictures that begin after the sound are later than 0.

    Parameters
    ----------
    container, stream
        Of the recording; the container stands at its beginning, and is read on from there.
    first
        Its first frame, by which a file without such a time begins.
    """
    if container.start_time is None:
        return _seconds(first.pts, first.time_base) or Fraction(0)
    zero = Fraction(container.start_time, av.time_base)
    if "matroska" in container.format.name:
        # A track of sound begins earlier there than FFmpeg says since its version 6: by what its decoder swallows.
        zero = min([zero, *_sound_begins(container)])
    begin = _seconds(stream.start_time, stream.time_base)
    # The whole's is rounded to millionths of a second, that of its tracks is not.
    return begin if begin is not None and abs(begin - zero) < Fraction(2, av.time_base) else zero


def _sound_begins(container: InputContainer) -> list[Fraction]:
    """Return the time stamps, in seconds, of the first packet of each track of sound."""
    begins: dict[int, Fraction] = {}
    with suppress(av.FFmpegError):
        for packet in islice(container.demux(container.streams.audio), 100) if container.streams.audio else ():
            if packet.pts is not None and packet.time_base is not None:
                begins.setdefault(packet.stream_index, packet.pts * packet.time_base)
            if len(begins) == len(container.streams.audio):
                break
    return list(begins.values())


def stated_end(container: InputContainer, stream: VideoStream, zero: Fraction) -> float | None:
    """Return until when a file says that its pictures last, in seconds after ``zero``; None where it does not."""
    length = _seconds(stream.duration, stream.time_base)
    if length is not None:
        return float((_seconds(stream.start_time, stream.time_base) or 0) + length - zero)
    matroska = "matroska" in container.format.name  # whose lengths are counted from a time stamp of 0
    # It keeps that of a track among the titles, as hours:minutes:seconds; that of the whole may be of a longer sound.
    with suppress(KeyError, ValueError):
        hours, minutes, seconds = map(float, stream.metadata["DURATION"].split(":"))
        return 3600 * hours + 60 * minutes + seconds - float(zero)
    if container.duration is not None and len(container.streams) == 1:
        return container.duration / av.time_base - float(zero) * matroska
    return None


def without_clock(why: str) -> VideoError:
    """Return the refusal of a recording that does not say when its pictures are shown."""
    return VideoError(
        f"This is a recording without a clock: {why}, and nothing says when each is shown.",
        "Save it as MP4 at the rate at which it was recorded, then try again.",
    )


def _seconds(stamp: int | None, base: Fraction | None) -> Fraction | None:
    return None if stamp is None or base is None else stamp * base


def check_size(width: int, height: int) -> None:
    """Refuse pictures that are too large.

    Raises
    ------
    VideoError
        When a limit of `engine.settings` is passed.
    """
    if width * height > settings.VIDEO_MAX_PIXELS or max(width, height) > settings.VIDEO_MAX_SIDE:
        raise VideoError(
            f"The recording's pictures are {width:,} × {height:,} pixels; at most {settings.VIDEO_MAX_SIDE:,} on a "
            f"side and {settings.VIDEO_MAX_PIXELS / 1e6:.0f} million in all are read.",
            "Save the recording smaller, then try again.",
        )


def _picture_tracks(container: InputContainer) -> list[VideoStream]:
    # A picture of an album, as music files carry one, is a stream of one frame.
    return [stream for stream in container.streams.video if "attached_pic" not in str(stream.disposition)]


def _pixels(stream: VideoStream) -> str:
    if stream.codec_context is None:
        return "coded in a way that is not known here"
    return f"{stream.codec_context.width} × {stream.codec_context.height} pixels"


def _file(source: Path | bytes | BinaryIO) -> BinaryIO:
    if isinstance(source, bytes | bytearray | memoryview):
        return io.BytesIO(source)
    if not isinstance(source, str | os.PathLike):
        source.seek(0)
        return source
    try:
        return open_file(Path(source))
    except (OSError, ValueError) as error:  # a name may hold a null character
        raise VideoError(f"The file cannot be read: {reason(error)}.", "Check its name and its permissions.") from error


def _format_of(file: BinaryIO) -> str:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise VideoError("The file is empty (0 bytes).", "Copy or download it again, then try once more.")
    if size > settings.VIDEO_MAX_BYTES:
        raise VideoError(
            f"The file has {size / 2**30:,.1f} GB; at most {settings.VIDEO_MAX_BYTES / 2**30:,.0f} GB are read.",
            "Cut the recording into parts or save it smaller.",
        )
    head = file.read(_HEAD)
    file.seek(0)
    if (form := _named(head)) is None:
        if (bare := _bare(file)) is not None:
            raise without_clock(f"it holds pictures as {bare} in no container")
        raise VideoError("The file is not a recording that is read here.", f"Choose a recording: {FORMATS}.")
    return form


def is_recording(path: Path, head: bytes | None) -> bool:
    """Tell whether a file in a folder is a recording: by its name, or by how it begins where that is given."""
    if head is None:
        return path.suffix.lower() in SUFFIXES
    return _named(head) not in (None, "gif") and head[8:12] not in _STILL


def _named(head: bytes) -> str | None:
    """Return what FFmpeg calls the format of a file that begins like this; None for none that is read."""
    if head[4:8] in _ATOMS:
        return "mov"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    # Packets of a transport stream have 188 bytes and begin with G; cameras put four bytes in front of each.
    # Some byte of their heads is small, as none is in a text.
    if (head[:1] == head[188:189] == b"G" or head[4:5] == head[196:197] == b"G") and min(head) < 9:
        return "mpegts"
    return next((form for beginning, form in _BEGINNINGS.items() if head.startswith(beginning)), None)


def _bare(file: BinaryIO) -> str | None:
    """Return as what pictures are coded that stand in a file one after the other, in no container; None if not so."""
    head = file.read(_HEAD)
    name = next((name for name, begin in _BARE.items() if re.match(begin, head)), None)
    # A photo ends where its first picture does.
    if name is None and head.startswith(_JPEG) and _NEXT_JPEG in head + file.read(_JPEG_BYTES):
        name = "Motion JPEG"
    file.seek(0)
    return name


def _close(file: BinaryIO, source: Any) -> None:
    if file is not source:
        file.close()


def _refuse(url: str, *_: object) -> NoReturn:
    raise PermissionError(f"a recording may not open {url!r}")
