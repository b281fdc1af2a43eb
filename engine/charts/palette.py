"""The colours of every figure, and how one of many lines is told from the others.

Colours are distinct for colour-blind readers, and clear of both a white and a dark page:
Okabe and Ito's set (jfly.uni-koeln.de/color, 2008) without its yellow, orange and sky blue, which fade on white. No
figure tells things apart by colour alone: shapes, places or words say the same.
"""

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
GRAY = "#808080"
"""For what stands back: bars that are not the answer, lines, grids."""

QUALITATIVE = (BLUE, VERMILLION, GREEN, PURPLE)
"""In the order in which series take them."""

INK = "#000037"
"""For words: nearly black on paper. On a page Streamlit's theme puts its own text colour in the place of exactly this
one, light or dark; the text colour that it gives to charts unasked is too faint on white (3.8:1)."""

WHITE, BLACK = "#FFFFFF", "#000000"

_DASHES = ("solid", "dash", "dot")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon")


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0..255, of a colour written as ``#RRGGBB``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def rgba(colour: str, alpha: float) -> str:
    """Return a colour with an opacity of 0..1, as CSS writes it."""
    return f"rgba({', '.join(map(str, rgb(colour)))}, {alpha:g})"


def mixed(share: float, colour: str, ground: str = WHITE) -> str:
    """Return ``share`` (0..1) of a colour over a ground, as ``#RRGGBB``."""
    parts = (round(share * top + (1 - share) * below) for top, below in zip(rgb(colour), rgb(ground), strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1..21 (Web Content Accessibility Guidelines 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(ground: str) -> str:
    """Return black or white, whichever stands out more on a ground."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, ground))


def line_style(index: int) -> dict[str, object]:
    """Return colour, dash and width of line ``index``, different for the first twelve."""
    row, colour = divmod(index, len(QUALITATIVE))
    return {"color": QUALITATIVE[colour], "dash": _DASHES[row % len(_DASHES)], "width": 2}


def marker_style(index: int, size: int = 8) -> dict[str, object]:
    """Return colour, symbol and size of the marks on line ``index``."""
    return {"color": QUALITATIVE[index % len(QUALITATIVE)], "symbol": _SYMBOLS[index % len(_SYMBOLS)], "size": size}


def _luminance(colour: str) -> float:
    channels = (value / 255 for value in rgb(colour))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
