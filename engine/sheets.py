"""CSV files that spreadsheets open as what they are: text stays text, and nothing in it is run."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


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

    The characters are those that OWASP names ("CSV Injection", owasp.org/www-community/attacks/CSV_Injection).
    """
    if not isinstance(value, str) or value[:1] not in _BEGIN_FORMULAS or not value:
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value
