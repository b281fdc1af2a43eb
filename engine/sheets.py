"""CSV files that spreadsheets open as what they are: text stays text, and nothing in it is run."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_SIGNS = "=+@\uff1d\uff0b\uff0d\uff20-"
_BEGIN_FORMULAS = f"{_SIGNS}\t\r\n"
_INSIDE = re.compile(f"([;\t\r\n]\\s*)(?=[{_SIGNS}])")


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> bytes:
    """Return a CSV file: UTF-8 with the mark by which spreadsheets know it.

    Parameters
    ----------
    columns
        The names in the first line.
    rows
        A value a column, or a mapping by column's name; what a mapping lacks stays empty.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_inert, columns))
    for row in rows:
        values = [row.get(column, "") for column in columns] if isinstance(row, Mapping) else row
        writer.writerow(map(_inert, values))
    return text.getvalue().encode("utf-8-sig", "replace")


def _inert(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula: an apostrophe stands before a text that would begin one.

    The characters are those that OWASP names ("CSV Injection", owasp.org/www-community/attacks/CSV_Injection), with
    their full-width forms. A spreadsheet set to semicolons begins a new cell at one, and at a line's end, inside a text
    too.
    """
    if not isinstance(value, str):
        return value
    try:
        float(value)
    except ValueError:
        return _INSIDE.sub(r"\1'", f"'{value}" if value[:1] in _BEGIN_FORMULAS and value else value)
    return value
