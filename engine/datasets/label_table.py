"""Face sets whose labels stand in a table beside the pictures: ``labels.csv`` with a file's name and an expression."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from engine import emotions
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
    """Return the one table that names files and expressions; None where there is none, or several."""
    tables = [
        member for member in members if member.path.suffix.lower() in (".csv", ".tsv") and _places(_rows(member, 1))
    ]
    return tables[0] if len(tables) == 1 else None


def read_label_table(name: str, table: Member, members: Sequence[Member], left_out: Sequence[LeftOut] = ()) -> FaceSet:
    """Read pictures with the labels of a table; what it does not name, and what is not there, is left out.

    Parameters
    ----------
    name
        Of the source, for people.
    table
        What `find_label_table` found. A file is named by its path below the table's folder or the source, or by its
        name alone where only one has it; an expression by a word.
    members
        The files of the source.
    left_out
        What cannot be read there.

    Raises
    ------
    DataError
        Where the labels are numbers, whose meaning no table tells, or where no named picture is there.
    """
    rows = _rows(table)
    places = _places(rows)
    by_path = {str(member.path): member for member in members if is_picture(member)}
    by_name: defaultdict[str, list[Member]] = defaultdict(list)
    for member in by_path.values():
        by_name[member.path.name].append(member)
    found: list[tuple[Member, dict[str, str]]] = []
    missing: list[LeftOut] = []
    seen: set[str] = set()
    for row in rows[1:]:
        cells = {thing: row[place].strip() if place < len(row) else "" for thing, place in places.items()}
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
    if number := next((cells["emotion"] for _, cells in found if re.fullmatch(r"-?[\d.]+", cells["emotion"])), None):
        raise DataError(
            f"{table.path} has numbers for expressions, such as {shown(number)}, and each data set numbers them anew.",
            f"Write words, such as {', '.join(emotions.SEVEN)}.",
        )
    labels = np.array([emotions.canonical(cells["emotion"]) for _, cells in found])
    columns = {key: [cells.get(key, "") for _, cells in found] for key in ("split", "subject")}
    if any(columns["subject"]) and not all(columns["subject"]):
        raise DataError(f"{table.path} names no subject for some pictures.", "Fill the column in, or remove it.")
    split, subject = (np.array(column) if any(column) else None for column in columns.values())
    rest = [(path, f"No row of {table.path.name} names it.") for path in by_path if path not in seen]
    others = [
        (str(each.path), "It is no picture.") for each in members if not (str(each.path) in by_path or each is table)
    ]
    return FaceSet(
        name,
        PictureFiles([member for member, _ in found]),
        labels,
        split,
        subject=subject,
        files=np.array([str(member.path) for member, _ in found]),
        left_out=(*left_out, *missing, *rest, *others),
        notes=(f"The labels are those of {table.path}.", *unknown_classes(labels)),
    )


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
    """Return where each thing of `_COLUMNS` stands; nothing where files or expressions have no column."""
    plain = [re.sub("[^a-z]", "", heading.lower()) for heading in (rows[0] if rows else ())]
    places = {
        thing: plain.index(found)
        for thing, names in _COLUMNS.items()
        if (found := next((n for n in names if n in plain), ""))
    }
    return places if {"file", "emotion"} <= places.keys() else {}
