"""How one of many lines is told from the others: by colour and by dashes, so that neither alone must do."""

from engine.charts import palette

_DASHES = ("solid", "dash", "dot")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon")


def line_style(index: int) -> dict[str, object]:
    """Return colour, dash and width of line ``index``, different for the first twelve."""
    colours = palette.QUALITATIVE
    return {"color": colours[index % len(colours)], "dash": _DASHES[index // len(colours) % len(_DASHES)], "width": 2}


def marker_style(index: int, size: int = 8) -> dict[str, object]:
    """Return colour, symbol and size of the marks on line ``index``."""
    colours = palette.QUALITATIVE
    return {"color": colours[index % len(colours)], "symbol": _SYMBOLS[index % len(_SYMBOLS)], "size": size}
