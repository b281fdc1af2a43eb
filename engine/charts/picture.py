"""A picture with its faces marked: boxes with captions, landmarks on demand; fast enough for a camera."""

import base64
import threading
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from engine.charts import palette

LEAST, LONGEST = 800, 1400
"""Bounds of the longest side of a photo to draw on, in pixels: below, lines come out coarse; above, screens end."""

PAD = 0.35
"""Between words and the border of what they stand on, as a share of the letters' height."""

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels; may pass the picture's border."""

_LIGHT, _DARK, _CHOSEN = (palette.rgb(colour) for colour in (palette.WHITE, palette.BLACK, palette.BLUE))
_WEIGHT = 600  # of the letters
_fonts = threading.local()  # a font remembers the letters that it has drawn


def fit_to_screen(picture: np.ndarray) -> tuple[np.ndarray, float]:
    """Return a picture of a size to draw on, and its pixels for one of the original.

    Parameters
    ----------
    picture
        (height, width, 3) uint8 RGB.

    Returns
    -------
    tuple
        (height, width, 3) uint8, the longest side `LEAST` to `LONGEST`; the scale.
    """
    longest = max(picture.shape[:2])
    scale = min(max(longest, LEAST), LONGEST) / longest
    if scale == 1:
        return picture, 1.0
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    method = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(picture).resize((width, height), method)), scale


def marked_picture(
    picture: np.ndarray,
    boxes: Sequence[Box],
    captions: Sequence[str],
    landmarks: Sequence[np.ndarray] = (),
    chosen: int | None = None,
    scale: float = 1.0,
) -> np.ndarray:
    """Draw boxes with captions on a photo.

    Every line is white beside black or blue, so that it stands out on any photo.

    Parameters
    ----------
    picture
        (height, width, 3) uint8 RGB; not changed.
    boxes
        x, y, width, height of each face.
    captions
        What stands at each box; shortened to its first word where the box is too narrow.
    landmarks
        For each face to be dotted, (points, 2 or more): x, y and what else.
    chosen
        Index of the face whose box is blue and thicker, None for none.
    scale
        Pixels of ``picture`` for one of the boxes' and landmarks' coordinates, as `fit_to_screen` gives it.

    Returns
    -------
    numpy.ndarray
        (height, width, 3) uint8 RGB.
    """
    drawn = picture.copy()
    line, size = max(2, round(max(picture.shape) / 400)), max(14, round(max(picture.shape) / 45))
    for points in landmarks:
        radius = max(1, round(line / 3))
        for x, y in np.round(np.asarray(points)[:, :2] * scale).astype(int).tolist():
            cv2.circle(drawn, (x, y), radius, _LIGHT, -1)
            cv2.circle(drawn, (x, y), radius, _CHOSEN)
    # The chosen face comes last, so that no neighbour covers it.
    for index in sorted(range(len(boxes)), key=lambda at: at == chosen):
        left, top, width, height = (scale * float(value) for value in boxes[index])
        caption = captions[index]
        if text_width(caption, size) + 2 * round(PAD * size) > max(width, 4 * size):
            caption = caption.split()[0]
        draw_box(drawn, (left, top, width, height), caption, size, line, index == chosen)
    return drawn


def draw_box(drawn: np.ndarray, box: Box, caption: str, size: int, line: int, chosen: bool) -> None:
    """Draw a box with a caption into a picture, which is changed; where it is chosen it is blue and thicker.

    Parameters
    ----------
    drawn
        (height, width, 3) uint8 RGB.
    box
        In its pixels.
    caption
        Stands at the box, inside the picture.
    size
        Height of the letters, in pixels.
    line
        Thickness of the box, in pixels.
    """
    colour, thick = (_CHOSEN, 2 * line) if chosen else (_DARK, line)
    left, top, width, height = map(round, box)
    # White beside dark stands out on any picture.
    cv2.rectangle(drawn, (left - 1, top - 1), (left + width + 1, top + height + 1), _LIGHT, thick + 2)
    cv2.rectangle(drawn, (left, top), (left + width, top + height), colour, thick)
    pad = round(PAD * size)
    wide, high = text_width(caption, size) + 2 * pad, size + 2 * pad
    left = min(max(left, 0), max(0, drawn.shape[1] - wide))
    top = top - high if top >= high else max(top, 0)
    cv2.rectangle(drawn, (left, top), (left + wide, top + high), colour, -1)
    write_text(drawn, caption, left + pad, top + pad, size)


def text_width(text: str, size: int) -> int:
    """Return how wide words of a height are, in pixels."""
    return cv2.getTextSize((1, 1), text, (0, 0), _font(), size, _WEIGHT)[2]


def write_text(drawn: np.ndarray, text: str, left: int, top: int, size: int) -> None:
    """Write white words into a picture, (height, width, 3) uint8 RGB, which is changed."""
    cv2.putText(drawn, text, (left, top + round(0.82 * size)), _LIGHT, _font(), size, _WEIGHT)


def _font() -> cv2.FontFace:
    if not hasattr(_fonts, "sans"):
        _fonts.sans = cv2.FontFace("sans")
    return _fonts.sans


def data_url(picture: np.ndarray) -> str:
    """Return a picture as an address that holds all of it, so that nobody has to be asked for a file.

    One that changes many times a second would else be asked for after it has gone.

    Parameters
    ----------
    picture
        (height, width) gray, (height, width, 3) RGB or (height, width, 4) RGBA, uint8.
    """
    order = [2, 1, 0, 3][: picture.shape[-1]]
    encoded = cv2.imencode(".png", picture if picture.ndim == 2 else picture[..., order])[1].tobytes()
    return f"data:image/png;base64,{base64.b64encode(encoded).decode()}"
