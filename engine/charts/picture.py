"""A photo with its faces marked: boxes with numbers, landmarks on demand."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.charts import palette

LEAST, LONGEST = 800, 1400
"""Bounds of the longest side of a photo to draw on, in pixels: below, lines come out coarse; above, screens end."""

_BOX, _CHOSEN = palette.rgb(palette.BLACK), palette.rgb(palette.BLUE)
_LIGHT = palette.rgb(palette.WHITE)


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
    boxes: Sequence[tuple[float, float, float, float]],
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
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    line = max(2, round(max(image.size) / 400))
    size = max(14, round(max(image.size) / 45))
    font = ImageFont.load_default(size)
    for points in landmarks:
        _dots(draw, np.asarray(points)[:, :2] * scale, max(1.0, line / 3))
    # The chosen face comes last, so that no neighbour covers it.
    for index in sorted(range(len(boxes)), key=lambda at: at == chosen):
        left, top, width, height = (scale * float(value) for value in boxes[index])
        corners = (left, top, left + width, top + height)
        colour = _CHOSEN if index == chosen else _BOX
        thick = line * 2 if index == chosen else line
        _rectangle(draw, corners, _LIGHT, thick + 2, 1)
        _rectangle(draw, corners, colour, thick, 0)
        _caption(draw, captions[index], corners, font, size, colour)
    return np.asarray(image)


def _rectangle(
    draw: ImageDraw.ImageDraw, corners: tuple[float, ...], colour: tuple[int, ...], width: int, outset: int
) -> None:
    left, top, right, bottom = corners
    box = (left - outset, top - outset, max(right, left) + outset, max(bottom, top) + outset)
    draw.rounded_rectangle(box, radius=max(3, width), outline=colour, width=width)


def _caption(
    draw: ImageDraw.ImageDraw,
    caption: str,
    corners: tuple[float, ...],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    size: int,
    colour: tuple[int, ...],
) -> None:
    left, top, right, _ = corners
    pad = max(3, round(size / 4))
    if draw.textlength(caption, font) + 2 * pad > max(right - left, 4 * size):
        caption = caption.split()[0]
    wide, high = draw.textlength(caption, font) + 2 * pad, size + 2 * pad
    x = min(max(left, 0), max(0, draw.im.size[0] - wide))
    y = top - high if top >= high else max(top, 0)
    draw.rectangle((x, y, x + wide, y + high), fill=colour, outline=_LIGHT)
    draw.text((x + pad, y + high / 2), caption, font=font, fill=_LIGHT, anchor="lm")


def _dots(draw: ImageDraw.ImageDraw, points: np.ndarray, radius: float) -> None:
    for x, y in points.tolist():
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_LIGHT, outline=_CHOSEN)
