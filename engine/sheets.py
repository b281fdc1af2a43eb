"""CSV files that spreadsheets open as what they are: text stays text, and nothing in it is run."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.

    The characters are those that OWASP names ("CSV Injection", owasp.org/www-community/attacks/CSV_Injection).
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> bytes:
    """Return a CSV file: UTF-8 with the mark by which spreadsheets know it.

    Parameters
    ----------
    columns
        The names in the first line.
    rows
        A value a column, or a mapping by column's name; what a mapping lacks stays empty. Texts that come from
        outside go through `inert` first.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] if isinstance(row, Mapping) else row for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")
