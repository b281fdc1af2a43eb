"""Which expression a class number means: only where a file beside a table, or the table's own heading, says so."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from engine import emotions
from engine.datasets.members import Member
from engine.errors import DataError
from engine.words import shown

MAX_BYTES = 2**16
"""Of a file that names classes."""

REMEDY = (
    f"Write words, such as {', '.join(emotions.SEVEN)}, or lay a classes.txt beside it with lines such as "
    f"'0 {emotions.SEVEN[0]}'."
)

_CALLED = {
    *("classes", "class", "classnames", "classmap", "classmapping", "classtoidx", "idxtoclass", "classindices"),
    *("labels", "labelnames", "labelmap", "labelmapping", "labeltoid", "idtolabel", "mapping", "map", "names"),
    *("categories", "emotions", "emotionnames", "emotionmap", "expressions", "expressionnames", "legend", "codebook"),
}
_PAIR = re.compile(r"(?P<number>\d{1,3})\s*[=:]\s*[\"']?(?P<word>[^\W\d_]+)")


def of_heading(heading: str) -> dict[int, str]:
    """Return what a heading such as ``emotion (0=angry, 1=disgust)`` says of numbers; nothing where it says nothing."""
    return {int(found["number"]): emotions.canonical(found["word"]) for found in _PAIR.finditer(heading)}


def beside(table: Member, members: Sequence[Member]) -> tuple[Member, dict[int, str]] | None:
    """Return the file that names a table's class numbers, with what it says; None where there is none.

    Parameters
    ----------
    table
        Whose numbers are to be named.
    members
        All files of the source. One in the table's folder or above counts whose name says that it names classes, such
        as ``classes.txt`` or ``label_map.json``: lines of a number and a word in either order, lines of a word each
        (the first is number 0), or the same in JSON.

    Raises
    ------
    DataError
        Where such a file cannot be understood.
    """
    folders = {table.path.parent, *table.path.parents}
    for member in sorted(members, key=lambda each: -len(each.path.parts)):
        stem = re.sub("[^a-z]", "", member.path.stem.lower())
        asked = stem in _CALLED and member.path.parent in folders and member is not table
        if asked and (names := _read(member)) is not None:
            return member, names
    return None


def _read(member: Member) -> dict[int, str] | None:
    if member.path.suffix.lower() not in (".txt", ".json", ".csv", ".tsv") or member.size > MAX_BYTES:
        return None
    try:
        with member.open() as file:
            data = file.read(MAX_BYTES)
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        names = _of_json(json.loads(text)) if member.path.suffix.lower() == ".json" else _of_lines(text)
    except (OSError, ValueError, csv.Error, RecursionError):
        names = {}
    if not names or len(set(names.values())) < len(names):
        raise DataError(
            f"{member.path} does not say which number means which expression.",
            f"Give each number a line of its own, such as '0 {emotions.SEVEN[0]}'.",
        )
    return names


def _of_lines(text: str) -> dict[int, str]:
    rows = [[cell.strip(" \"'") for cell in re.split(r"[,;:=\s]+", line)] for line in text.splitlines()]
    pairs = [
        ([cell for cell in row if cell.isdecimal()], [cell for cell in row if not cell.isdecimal()]) for row in rows
    ]
    pairs = [(numbers, words) for numbers, words in pairs if numbers or any(words)]
    if not any(numbers for numbers, _ in pairs):
        return {number: emotions.canonical(" ".join(words)) for number, (_, words) in enumerate(pairs)}
    if not pairs[0][0]:
        pairs = pairs[1:]  # a heading
    if any(len(numbers) != 1 or not any(words) for numbers, words in pairs):
        return {}
    return {int(number): emotions.canonical(" ".join(words)) for (number,), words in pairs}


def _of_json(value: Any) -> dict[int, str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {number: emotions.canonical(str(word)) for number, word in enumerate(value)}
    names = {}
    for key, other in value.items() if isinstance(value, Mapping) else ():
        number, word = (key, other) if str(key).isdecimal() else (other, key)
        if not str(number).isdecimal():
            return {}
        names[int(number)] = emotions.canonical(str(word))
    return names


def named(table: PurePosixPath, number: str, names: Mapping[int, str], said_by: str) -> str:
    """Return the expression of a number as it stands in a cell.

    Raises
    ------
    DataError
        Where what names the numbers does not name this one.
    """
    if re.fullmatch(r"\d{1,3}(\.0*)?", number) and (word := names.get(int(float(number)))):
        return word
    known = ", ".join(f"{each} {word}" for each, word in sorted(names.items())[:10])
    raise DataError(f"{table} has the label {shown(number)}, and {said_by} names {known}.", "Add it there.")
