"""Coding sheets, ``.xlsx`` and ``.csv``: as plain text, judged before it is believed, then by what columns mean."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.below import open_file, reason
from engine.datasets.archive import BROKEN, members_of_zip
from engine.errors import DataError
from engine.files import unpacked

SUFFIXES = {".xlsx", ".csv"}
OLD_SUFFIXES = {".xls", ".xlsm", ".xlsb", ".ods"}
"""What a sheet may also be kept in; refused with what to do."""

MAX_BYTES = 16 * 2**20
MAX_UNPACKED_BYTES = 64 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 200
"""A coding sheet has some hundred rows of a dozen columns in 50 kB: these leave room for a hundred times as much."""

_SAVE = "Open it in Excel or LibreOffice and save it as .xlsx (without a password or macros) or .csv."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How Excel's old files begin, and new ones that are encrypted."""

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
_WHOLE = re.compile(r"^(\d+)\.0+$")
"""A number that a program wrote as a fraction: subject 1.0."""
_LONGEST = 60
"""Letters of a formula that are shown."""
_DEEPEST = 60
"""Rows in which the heading is looked for; SAMM has it in row 14."""
_NOT_CODED = {"", "/", "\\", "-", "--", "?", "n/a", "na", "nan", "none", "null"}


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file.

    Attributes
    ----------
    name
        What the file is called, and the sheet where there are several.
    rows
        Each a tuple of texts without white space around them; ``rows[0]`` is row 1 of the sheet.
    formulas
        Formulas whose value is not in the file, by index of row and column; their texts in ``rows`` are empty.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)


def read_sheets(path: Path) -> list[Sheet]:
    """Return all sheets of a file.

    Parameters
    ----------
    path
        ``.xlsx``, or ``.csv`` with commas, semicolons or tabs, in UTF-8 (with or without its mark), UTF-16
        with its mark, or Windows' Latin.

    Raises
    ------
    DataError
        For a file that cannot be read, is of another kind, damaged, encrypted, too large, or that holds macros or links
        to other files.
    """
    try:
        with open_file(path) as file:
            if (size := file.seek(0, io.SEEK_END)) > MAX_BYTES:
                raise DataError(
                    f"{path.name} has {size / 2**20:,.0f} MB; a coding sheet of at most {MAX_BYTES / 2**20:.0f} MB is "
                    "read.",
                    "Save only the sheet with the codes.",
                )
            file.seek(0)
            data = file.read()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({reason(error)}).", "Check it and its permissions.") from error
    if data.startswith(_OLE):
        raise DataError(f"{path.name} is in Excel's old format (.xls) or has a password.", _SAVE)
    suffix = path.suffix.lower()
    if suffix in OLD_SUFFIXES:
        raise DataError(f"{path.name} is a {suffix} file, which is not read.", _SAVE)
    return _from_csv(path, data) if suffix == ".csv" else _from_xlsx(path)


def _from_csv(path: Path, data: bytes) -> list[Sheet]:
    try:
        two_bytes = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # as Excel's "Unicode text" is
        text = data.decode("utf-16" if two_bytes else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise DataError(f"{path.name} is no text.", "Save it anew as .csv in UTF-8.")
    head = text.splitlines()[:40]
    separator = max(",;\t", key=lambda mark: sum(line.count(mark) for line in head))
    try:
        rows = [tuple(cell.strip() for cell in row) for row in csv.reader(io.StringIO(text), delimiter=separator)]
    except csv.Error as error:
        raise DataError(f"{path.name} cannot be read as a table ({error}).", "Save it anew as .csv.") from error
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise _too_many(path)
    return [Sheet(path.name, tuple(rows))]


def _from_xlsx(path: Path) -> list[Sheet]:
    packed = _judged(path)
    # Needed for workbooks only.
    import openpyxl

    try:
        values, formulas = (
            openpyxl.load_workbook(packed, read_only=True, data_only=wanted, keep_links=False)
            for wanted in (True, False)
        )
        both = zip(values.worksheets, formulas.worksheets, strict=True)
        sheets = [(sheet.title, _rows(path, sheet, written)) for sheet, written in both]
    except DataError:
        raise
    except Exception as error:  # openpyxl documents none of what a damaged file makes it raise
        raise DataError(f"{path.name} is damaged ({type(error).__name__}).", _SAVE) from error
    return [Sheet(path.name if len(sheets) == 1 else f"{path.name}, {title}", *found) for title, found in sheets]


def _rows(path: Path, sheet: Any, written: Any) -> tuple[tuple[tuple[str, ...], ...], dict[tuple[int, int], str]]:
    """Return a sheet's texts, and its formulas whose value is not in the file."""
    # What the file says of its own size is often wrong, and would make openpyxl fill up rows that are not there.
    sheet.reset_dimensions()
    written.reset_dimensions()
    rows: list[tuple[str, ...]] = []
    unknown: dict[tuple[int, int], str] = {}
    for row, formulas in zip(sheet.iter_rows(values_only=True), written.iter_rows(values_only=True), strict=True):
        if len(rows) == MAX_ROWS or len(row) > MAX_COLUMNS:
            raise _too_many(path)
        for place, (value, formula) in enumerate(zip(row, formulas, strict=True)):
            if value is None and formula is not None:
                unknown[len(rows), place] = _text(formula)[:_LONGEST]
        rows.append(tuple(map(_text, row)))
    return tuple(rows), unknown


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _judged(path: Path) -> io.BytesIO:
    """Refuse what no coding sheet needs, before a byte of it is understood; return the file with true sizes."""
    members = members_of_zip(path)
    size = sum(member.size for member in members)
    if size > MAX_UNPACKED_BYTES:
        raise DataError(
            f"{path.name} would unpack to {size / 2**20:,.0f} MB; at most {MAX_UNPACKED_BYTES / 2**20:.0f} MB of a "
            "coding sheet are read.",
            "Save only the sheet with the codes.",
        )
    for member in members:
        name = str(member.path).lower()
        if "vbaproject" in name or "macrosheets/" in name or "/activex/" in name or "/embeddings/" in name:
            raise DataError(f"{path.name} holds a macro or an embedded file ({member.path}).", _SAVE)
        if "externallinks/" in name:
            raise DataError(f"{path.name} takes values from other files ({member.path}).", _SAVE)
    judged = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(judged, "w") as copy:
            for entry in packed.infolist():
                # openpyxl would unpack all that is there, whatever a file says of its size.
                data = unpacked(packed, entry)
                # Entities could grow without end where they are put in.
                if b"<!DOCTYPE" in data and entry.filename.endswith((".xml", ".rels")):
                    raise DataError(f"{path.name} declares entities of its own, as no sheet does.", _SAVE)
                copy.writestr(entry.filename, data)
    except BROKEN as error:
        raise DataError(f"{path.name} is damaged ({error}).", "Copy or download it again.") from error
    return judged


def _too_many(path: Path) -> DataError:
    return DataError(
        f"{path.name} has more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns.", "Save only the sheet with the codes."
    )


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
            if not any(cells) and not any((index, at) in self.sheet.formulas for at in range(len(cells))):
                continue
            values, again = dict.fromkeys(COLUMNS, ""), []
            for key, places in self.columns.items():
                # A formula without a value stands as it is written, so that whoever reads the row names it.
                unknown = self.sheet.formulas
                texts = [(cells[at] if at < len(cells) else "") or unknown.get((index, at), "") for at in places]
                values[key] = _WHOLE.sub(r"\1", texts[0]) if key in ("subject", "name") else texts[0]
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
