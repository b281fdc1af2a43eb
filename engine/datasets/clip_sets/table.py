"""The rows of a coding sheet by what their columns mean, wherever the heading stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.datasets.clip_sets.sheet import Sheet

COLUMNS = {
    "subject": ("subject", "subjectid", "subjectno", "sub"),
    "name": ("filename", "file", "clip", "video"),
    "onset": ("onset", "onsetframe", "onsetf"),
    "apex": ("apex", "apexframe", "apexf", "apexf1", "apexframe1"),
    "offset": ("offset", "offsetframe", "offsetf"),
    "action_units": ("actionunits", "actionunit", "aus", "au", "facs"),
    "emotion": ("estimatedemotion", "emotion", "emotions", "expression", "label"),
}
"""What a heading may be called, letters and digits only. Where a sheet has several, the first of these counts: CASME
has a second apex, of movements that reach it twice."""

MARKS = {"samm": "inducementcode", "casme": "onsetf", "casme2": "onsetframe"}
"""Headings that only one set has."""

_DEEPEST = 60
"""Rows in which the heading is looked for; SAMM has it in row 14."""

_NOT_CODED = {"", "/", "\\", "-", "--", "?", "n/a", "na", "nan", "none", "null"}


@dataclass(frozen=True)
class Row:
    """One row below the heading.

    Attributes
    ----------
    number
        Of the row in the sheet, from 1.
    values
        By the keys of `COLUMNS`; empty texts where the sheet has nothing.
    again
        Columns whose heading stands twice, and that have something in the second one.
    """

    number: int
    values: dict[str, str]
    again: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A sheet whose heading was found.

    Attributes
    ----------
    sheet
        Where it stands.
    first
        Index of the first row below the heading.
    columns
        Index of each column of `COLUMNS` that the sheet has, then of those that stand there again.
    headings
        All headings, letters and digits only.
    """

    sheet: Sheet
    first: int
    columns: dict[str, list[int]]
    headings: frozenset[str]

    def __iter__(self) -> Iterator[Row]:
        for index in range(self.first, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if not any(cells):
                continue
            values, again = dict.fromkeys(COLUMNS, ""), []
            for key, places in self.columns.items():
                texts = [cells[place] if place < len(cells) else "" for place in places]
                values[key] = texts[0]
                if any(text.casefold() not in _NOT_CODED for text in texts[1:]):
                    again.append(key)
            yield Row(index + 1, values, tuple(again))


def find_table(sheet: Sheet) -> Table | None:
    """Return a sheet as a table; None where no row holds headings for a subject and a file.

    A heading may stand in two rows, one of them merged over several columns (``Frame`` above ``Onset``, ``Apex``).
    """
    for index, row in enumerate(sheet.rows[:_DEEPEST]):
        below = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else ()
        one, two = _columns([(text,) for text in map(plain, row)]), _columns(_joined(row, below))
        if {"subject", "name"} <= one.keys() or {"subject", "name", "onset"} <= two.keys():
            merged = len(two) > len(one)
            texts = [*row, *below] if merged else row
            return Table(sheet, index + 1 + merged, two if merged else one, frozenset(map(plain, texts)))
    return None


def _joined(row: tuple[str, ...], below: tuple[str, ...]) -> list[tuple[str, ...]]:
    width = max(len(row), len(below))
    upper, lower = ([*map(plain, texts), *[""] * (width - len(texts))] for texts in (row, below))
    return [(second, first, first + second) for first, second in zip(upper, lower, strict=True)]


def _columns(headings: list[tuple[str, ...]]) -> dict[str, list[int]]:
    columns = {}
    for key, names in COLUMNS.items():
        for name in names:
            if places := [place for place, texts in enumerate(headings) if name in texts]:
                columns[key] = places
                break
    return columns


def plain(text: str) -> str:
    """Return the letters and digits of a text, lower case: ``Onset Frame`` and ``OnsetFrame`` are one."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def frame_number(text: str) -> int | None:
    """Return a frame's number from a cell such as ``46``, ``46.0`` or ``/``; None where nothing was coded.

    Raises
    ------
    ValueError
        For anything else.
    """
    if text.casefold() in _NOT_CODED:
        return None
    number = float(text)
    if not number.is_integer() or not 0 <= number < 1e7:
        raise ValueError(text)
    return int(number)
