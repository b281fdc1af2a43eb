"""Face sets whose labels stand in a table beside the pictures: ``labels.csv`` with a file's name and an expression.

The expression is a word, a number whose meaning something there tells, or a 1 in a column that is named after it.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from engine import emotions
from engine.datasets import class_numbers
from engine.datasets.face_set import FaceSet
from engine.datasets.folders import unknown_classes
from engine.datasets.members import LeftOut, Member, PictureFiles, is_picture
from engine.errors import DataError
from engine.words import shown

MAX_BYTES = 256 * 2**20
"""Of a table: half a million rows of long paths have a fifth of it."""

_COLUMNS = {
    "file": ("file", "filename", "image", "imagename", "path", "filepath", "imagepath", "img", "picture", "pth"),
    "emotion": ("emotion", "label", "expression", "class", "labels"),
    "split": ("usage", "split", "set", "partition", "subset"),
    "subject": ("subject", "person", "subjectid", "personid"),
}


def find_label_table(members: Sequence[Member]) -> Member | None:
    """Return the table that names files and expressions, None where there is none; raises `DataError` for several."""
    tables = [
        member for member in members if member.path.suffix.lower() in (".csv", ".tsv") and _places(_rows(member, 1))
    ]
    if len(tables) > 1:
        names = " and ".join(str(table.path) for table in tables[:3])
        raise DataError(
            f"Several tables name pictures and expressions: {names}.",
            "Join them to one; a column 'split' can tell the parts.",
        )
    return tables[0] if tables else None


def read_label_table(name: str, table: Member, members: Sequence[Member], left_out: Sequence[LeftOut] = ()) -> FaceSet:
    """Read pictures with the labels of a table; what it does not name, and what is not there, is left out.

    Parameters
    ----------
    name
        Of the source, for people.
    table
        What `find_label_table` found. A file is named by its path below the table's folder or the source, or by its
        name alone, also without its ending, where only one has it; an expression by a word, by a number where a file
        beside the table or its heading says what it means (`engine.datasets.class_numbers`), or by a 1 in one of
        several columns of 0 and 1.
    members
        The files of the source.
    left_out
        What cannot be read there.

    Raises
    ------
    DataError
        Where the labels are numbers whose meaning nothing tells, or where no named picture is there.
    """
    rows = _rows(table)
    places = _places(rows)
    columns = [places["emotion"]] if "emotion" in places else _columns_of_expressions(rows[0])
    by_path = {str(member.path): member for member in members if is_picture(member)}
    by_name: defaultdict[str, list[Member]] = defaultdict(list)
    for member in by_path.values():
        for called in {member.path.name, member.path.stem}:
            by_name[called].append(member)
    found: list[tuple[Member, dict[str, str]]] = []
    missing: list[LeftOut] = []
    seen: set[str] = set()
    for row in rows[1:]:
        cells = {thing: row[place].strip() if place < len(row) else "" for thing, place in places.items()}
        if len(columns) > 1:
            cells["emotion"] = _marked(table, rows[0], row, columns)
        path = PurePosixPath(cells["file"].replace("\\", "/"))
        alike = by_name[path.name]
        picture = by_path.get(str(table.path.parent / path)) or by_path.get(str(path))
        picture = picture or (alike[0] if len(alike) == 1 else None)
        if picture is None or not cells["emotion"] or str(picture.path) in seen:
            why = "no picture of that name is there" if picture is None else "it has no label, or a second row"
            missing.append((f"{table.path.name}: {shown(cells['file'])}", f"Of this row {why}."))
            continue
        seen.add(str(picture.path))
        found.append((picture, cells))
    if not found:
        raise DataError(f"{table.path} names no picture that is in {name}.", "Lay the pictures beside it.")
    labels, key = _labels(table, rows[0][columns[0]], [cells["emotion"] for _, cells in found], members)
    told = {thing: [cells.get(thing, "") for _, cells in found] for thing in ("split", "subject")}
    if any(told["subject"]) and not all(told["subject"]):
        raise DataError(f"{table.path} names no subject for some pictures.", "Fill the column in, or remove it.")
    split, subject = (np.array(column) if any(column) else None for column in told.values())
    rest = [(path, f"No row of {table.path.name} names it.") for path in by_path if path not in seen]
    others = [
        (str(each.path), "It is no picture.")
        for each in members
        if not (str(each.path) in by_path or each is table or each is key)
    ]
    return FaceSet(
        name,
        PictureFiles([member for member, _ in found]),
        labels,
        split,
        subject=subject,
        files=np.array([str(member.path) for member, _ in found]),
        left_out=(*left_out, *missing, *rest, *others),
        notes=(
            f"The labels are those of {table.path}{f', its numbers those of {key.path}' if key else ''}.",
            *unknown_classes(labels),
        ),
    )


def _labels(
    table: Member, heading: str, given: Sequence[str], members: Sequence[Member]
) -> tuple[np.ndarray, Member | None]:
    """Return each picture's expression, and the file that says what numbers mean where one was asked."""
    number = next(filter(_is_number, given), None)
    if number is None:
        return np.array([emotions.canonical(word) for word in given]), None
    names, key, said_by = class_numbers.of_heading(heading), None, "its heading"
    if not names and (found := class_numbers.beside(table, members)) is not None:
        key, names = found
        said_by = str(key.path)
    if not names:
        raise DataError(
            f"{table.path} has numbers for expressions, such as {shown(number)}, and each data set numbers them anew.",
            class_numbers.REMEDY,
        )
    words = {each: class_numbers.named(table.path, each, names, said_by) for each in set(given)}
    return np.array([words[each] for each in given]), key


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d[\d.]*", text) is not None


def _marked(table: Member, headings: Sequence[str], row: Sequence[str], columns: Sequence[int]) -> str:
    """Return the one heading of several under which a row has a 1, "" where there is none or several."""
    cells = {headings[place]: row[place].strip() if place < len(row) else "" for place in columns}
    if odd := next((cell for cell in cells.values() if cell not in ("", "0", "1", "0.0", "1.0")), None):
        raise DataError(
            f"{table.path} has {shown(odd)} in a column named after an expression.",
            "Write 1 for the expression that is shown and 0 for the others; shares and votes are not read here.",
        )
    marked = [heading for heading, cell in cells.items() if cell.startswith("1")]
    return marked[0] if len(marked) == 1 else ""


def _rows(table: Member, most: int | None = None) -> list[list[str]]:
    """Return the first rows of a table, or all; none where it is no text."""
    try:
        with table.open() as file:
            data = file.readline(2**16) if most else file.read(MAX_BYTES + 1)
        marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = data.decode("utf-16" if marked else "utf-8-sig", "replace")
        separator = max(",;\t", key=text.partition("\n")[0].count)
        return [row for row in csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True) if row][:most]
    except (OSError, csv.Error):
        return []


def _places(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return where each thing of `_COLUMNS` stands; nothing where files or expressions have no column.

    Of several columns for one thing the first kind in `_COLUMNS` counts, but one of words before one of numbers.
    """
    headings = rows[0] if rows else ()
    plain = [re.sub("[^a-z]", "", re.split(r"[(\[]", heading.lower())[0]) for heading in headings]
    places = {}
    for thing, names in _COLUMNS.items():
        found = [plain.index(each) for each in names if each in plain]
        if thing == "emotion":
            found.sort(key=lambda place: any(_is_number(row[place].strip()) for row in rows[1:] if place < len(row)))
        if found:
            places[thing] = found[0]
    shows = "emotion" in places or len(_columns_of_expressions(headings)) > 1
    return places if "file" in places and shows else {}


def _columns_of_expressions(headings: Sequence[str]) -> list[int]:
    """Return the columns that are named after an expression."""
    return [place for place, heading in enumerate(headings) if emotions.known(heading)]
