"""Numbers in words, once for everything that speaks to people."""

from collections.abc import Sequence
from itertools import zip_longest


def counted(number: int, thing: str, things: str | None = None, *, spelt: bool = False) -> str:
    """Return a number and what it counts: ``"1 picture"``, ``"2,000 pictures"``.

    Parameters
    ----------
    number
        How many.
    thing, things
        What one of them is called, and several, where an "s" does not do.
    spelt
        Whether to write "no" and "one" for 0 and 1.
    """
    how_many = {0: "no", 1: "one"}.get(number) if spelt else None
    return f"{how_many or f'{number:,}'} {thing if number == 1 else things or thing + 's'}"


def columns(rows: Sequence[Sequence[str]], align: str = "<") -> list[str]:
    """Return rows of text with their columns below each other: the first to the left, the others to ``<`` or ``>``."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return [
        "  ".join(f"{cell:{align if at else '<'}{widths[at]}}" for at, cell in enumerate(row)).rstrip() for row in rows
    ]


def in_percent(share: float, decimals: int = 1) -> str:
    """Return a share of 0..1 in percent: ``"86.3 %"``; for a probability see `engine.charts.layout.percent`."""
    return f"{100 * share:.{decimals}f} %"


def shown(text: str, most: int = 40) -> str:
    """Return a text from outside in quotes, cut where it is long: for a sentence that names it."""
    text = str(text)
    return repr(text if len(text) <= most else f"{text[:most]}…")
