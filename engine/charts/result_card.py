"""A photo and what a model said of a face in it as one picture, to be saved or shown elsewhere."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.charts import palette
from engine.charts.layout import percent

WIDTH = 1080
"""In pixels."""
_HIGHEST, _MARGIN, _ROW = 1080, 48, 46


def result_card(
    picture: np.ndarray, headline: str, shares: Mapping[str, float], lines: Sequence[str] = ()
) -> np.ndarray:
    """Draw a card: the picture, the answer, a bar an expression, and what else has to be said.

    Parameters
    ----------
    picture
        (height, width, 3) uint8 RGB, with its faces marked.
    headline
        The answer in a few words.
    shares
        A probability an expression.
    lines
        Small ones below, each broken where it is too long.

    Returns
    -------
    numpy.ndarray
        (height, `WIDTH`, 3) uint8 RGB.
    """
    shown = Image.fromarray(picture)
    scale = min(WIDTH / shown.width, _HIGHEST / shown.height)
    shown = shown.resize((max(1, round(scale * shown.width)), max(1, round(scale * shown.height))))
    small, body, large = _font(24), _font(30), _font(44)
    written = [each for line in lines for each in _broken(line, small, WIDTH - 2 * _MARGIN)]
    height = shown.height + 3 * _MARGIN + 60 + _ROW * len(shares) + 34 * len(written)
    card = Image.new("RGB", (WIDTH, height), palette.WHITE)
    card.paste(shown, ((WIDTH - shown.width) // 2, 0))
    draw, y = ImageDraw.Draw(card), shown.height + _MARGIN // 2
    draw.text((_MARGIN, y), headline, palette.BLACK, large)
    y += 60 + _MARGIN // 2
    best = max(shares, key=shares.__getitem__, default="")
    left, right = _MARGIN + 170, WIDTH - _MARGIN - 110
    for label, share in sorted(shares.items(), key=lambda item: -item[1]):
        draw.text((_MARGIN, y), label, palette.BLACK, body)
        end = left + share * (right - left)
        draw.rectangle((left, y + 8, max(end, left + 2), y + 34), palette.BLUE if label == best else palette.GRAY)
        draw.text((right + 16, y), percent(share), palette.BLACK, body)
        y += _ROW
    y += _MARGIN // 2
    for line in written:
        draw.text((_MARGIN, y), line, palette.mixed(0.75, palette.BLACK), small)
        y += 34
    return np.asarray(card)


def _broken(line: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    rows = [""]
    for word in line.split():
        longer = f"{rows[-1]} {word}".strip()
        if font.getlength(longer) <= width or not rows[-1]:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"), size)
