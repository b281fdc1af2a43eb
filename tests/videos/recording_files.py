"""Recordings made for the tests: each frame says its own number, and files of every sort are made of them."""

import io
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT = 96, 64
COLOURS = np.array([[(240, 20, 20), (20, 20, 240)], [(20, 240, 20), (235, 235, 235)]], np.uint8)
"""Of the corners: red and blue above, green and white below."""


def numbered(number):
    """(64, 96, 3) uint8: ten bits as dark and bright squares."""
    picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for bit in range(10):
        top, left = (8, 40)[bit // 5], 8 + 16 * (bit % 5)
        picture[top : top + 16, left : left + 12] = 235 if number >> bit & 1 else 20
    return picture


def number_of(picture):
    """The number that a frame shows, whatever its size."""
    down, across = picture.shape[0] / HEIGHT, picture.shape[1] / WIDTH
    number = 0
    for bit in range(10):
        y, x = ((8, 40)[bit // 5] + 8) * down, (8 + 16 * (bit % 5) + 6) * across
        number |= int(picture[int(y), int(x)].mean() > 128) << bit
    return number


def corners(picture):
    """Which of `COLOURS` the four corners show, as (2, 2) numbers: 0 red, 1 blue, 2 green, 3 white."""
    height, width = picture.shape[:2]
    return [
        [
            int(np.abs(COLOURS.reshape(-1, 3).astype(int) - picture[int(y * height), int(x * width)]).sum(1).argmin())
            for x in (0.1, 0.9)
        ]
        for y in (0.1, 0.9)
    ]


def coloured():
    """(64, 96, 3) uint8 with its corners in `COLOURS`."""
    return COLOURS.repeat(HEIGHT // 2, 0).repeat(WIDTH // 2, 1)


def encode(
    pictures,
    stamps=None,
    *,
    rate=25,
    container="mp4",
    codec="libx264",
    rotation=0,
    mirrored=False,
    aspect=None,
    options=None,
    muxing=None,
    sound_s=0,
):
    """The bytes of a recording.

    ``stamps`` are times in thousandths of a second; ``options`` the encoder's, ``muxing`` the container's.
    """
    with (
        tempfile.NamedTemporaryFile() as file,
        av.open(file.name, "w", format=container, options=muxing or {}) as output,
    ):
        stream = output.add_stream(codec, rate, options=options or {})
        stream.pix_fmt = {"mjpeg": "yuvj420p", "gif": "rgb8"}.get(codec, "yuv420p")
        if sound_s:
            audio = output.add_stream("aac", 16000)
        if stamps is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if rotation or mirrored:
            stream.set_display_rotation(rotation, mirrored)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for number, picture in enumerate(pictures):
            if not number:
                stream.width, stream.height = picture.shape[1], picture.shape[0]
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            if stamps is not None:
                frame.time_base, frame.pts = Fraction(1, 1000), stamps[number]
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound_s:
            output.mux([*audio.encode(silence(sound_s)), *audio.encode(None)])
        output.close()
        return Path(file.name).read_bytes()


def sound():
    """The bytes of an MP4 file with a second of sound and no pictures."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        stream = output.add_stream("aac", 16000)
        output.mux(stream.encode(silence(1)))
        output.mux(stream.encode(None))
    return file.getvalue()


def silence(seconds):
    """A stretch without a sound."""
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000 * seconds), np.float32), "fltp", "mono")
    frame.sample_rate = 16000
    return frame


def wiped(data, start, length):
    """The same file with some bytes set to zero."""
    return data[:start] + bytes(length) + data[start + length :]
