"""The pictures on the page Home, each answered for by the default model once in the life of a server."""

import base64
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from engine.charts.picture import fit_to_screen, marked_picture
from engine.recognition.photo import PhotoResult, recognise
from pages.views.common.answer_words import face_headline
from pages.views.common.picture_sources import EXAMPLES, read_example

_DRAWN = Path(__file__).parent / "drawn"
_STRIP_PX = 128


@dataclass(frozen=True)
class Sample:
    """A picture to try.

    Attributes
    ----------
    file
        In scikit-image's package, or beside this file in ``drawn``: pictures that ``engine.practice.face`` drew.
    words
        What stands below it.
    alt
        What a screen reader says of it.
    """

    file: str
    words: str
    alt: str

    def read(self) -> bytes:
        """Return the file's bytes; raises `engine.errors.ImageError` where it is missing."""
        return read_example(self.file) if self.file in EXAMPLES.values() else (_DRAWN / self.file).read_bytes()


SAMPLES = (
    Sample("astronaut.png", "photo", "Photo of an astronaut, Eileen Collins"),
    Sample("surprise_15.jpg", "drawn", "First drawn face"),
    Sample("angry_4.jpg", "drawn", "Second drawn face"),
    Sample("sad_5.jpg", "drawn", "Third drawn face"),
    Sample("disgust_12.jpg", "drawn", "Fourth drawn face"),
    Sample("neutral_2.jpg", "drawn", "Fifth drawn face"),
    Sample("chelsea.png", "photo", "Photo of a cat"),
)
"""Eileen Collins by NASA, public domain; people who do not exist, each file named after what was drawn and on whom,
saved as JPEG; Chelsea the cat, CC0."""


@dataclass(frozen=True)
class Answered:
    """A sample, what was found in it, and the picture with that drawn on it, (height, width, 3) uint8 RGB."""

    result: PhotoResult
    drawn: np.ndarray
    alt: str


@cache
def answered(sample: Sample) -> Answered:
    """Return what the default model says of a sample; raises as `engine.recognition.photo.recognise`."""
    result = recognise(sample.read())
    small, scale = fit_to_screen(result.picture)
    boxes = [face.face.detection.box for face in result.faces]
    drawn = marked_picture(small, boxes, [face.answer for face in result.faces], scale=scale, chosen=0)
    said = "; ".join(map(face_headline, result.faces)) or "no face was found"
    return Answered(result, drawn, f"{sample.alt}: {said}")


@cache
def thumbnail(sample: Sample) -> str:
    """Return the middle of a sample, in small, as an address that holds all of it."""
    stream = io.BytesIO()
    small = ImageOps.fit(Image.open(io.BytesIO(sample.read())).convert("RGB"), (_STRIP_PX, _STRIP_PX))
    small.save(stream, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"
