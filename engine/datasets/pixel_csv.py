"""Face sets in a table of pixels, as ``fer2013.csv`` is one, and FERPlus' votes for it."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from engine import emotions
from engine.datasets.archive import BROKEN
from engine.datasets.face_set import FaceSet
from engine.datasets.folders import unknown_classes
from engine.datasets.members import Member
from engine.errors import DataError
from engine.tasks import SILENT, Progress
from engine.words import counted, shown

_WHOLE = re.compile("-?[0-9]+")
_SAVE = "Save it anew as text in UTF-8."
_MEND = "Mend the file or take the original fer2013.csv."
_COLUMNS = {
    "emotion": ("emotion", "label", "expression", "class"),
    "pixels": ("pixels", "pixel"),
    "split": ("usage", "split", "set", "partition", "subset"),
    "subject": ("subject", "person", "subjectid", "personid"),
}
"""What a column may be called, letters only. Where a table has several for one thing, it is refused."""
_VOTES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "nf")
"""FERPlus' columns, in the order of `engine.emotions.FERPLUS_COLUMNS`."""


@dataclass(frozen=True)
class _Table:
    """A table that is being read: its headings, and its rows with the number of the line each ends in."""

    headings: Sequence[str]
    rows: Iterator[tuple[int, list[str]]]


def _table(name: str, text: io.TextIOBase) -> _Table:
    try:
        first = text.readline()
    except (*BROKEN, UnicodeError) as error:
        raise DataError(f"{name} cannot be read as text ({shown(str(error), 80)}).", _SAVE) from error
    # Where a comma stands in numbers, programs write tables with semicolons.
    separator = max(",;\t", key=first.count)
    reader = csv.reader(chain([first], text), delimiter=separator, skipinitialspace=True)

    def rows() -> Iterator[tuple[int, list[str]]]:
        try:
            for row in reader:
                if row:
                    yield reader.line_num, row
        except (*BROKEN, UnicodeError, csv.Error) as error:
            raise DataError(
                f"{name} cannot be read as text after line {reader.line_num} ({shown(str(error), 80)}).", _SAVE
            ) from error

    found = rows()
    _, headings = next(found, (0, []))
    if not headings:
        raise DataError(f"{name} is empty.", "Copy or download it again.")
    return _Table([heading.strip() for heading in headings], found)


def _text(stream: Any) -> io.TextIOWrapper:
    """Return a stream as text: UTF-8 with or without its mark, or UTF-16 by its mark."""
    start = stream.read(2)
    stream.seek(0)
    return io.TextIOWrapper(stream, "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", newline="")


def _plain(heading: str) -> str:
    return re.sub("[^a-z]", "", heading.lower())


def _places(name: str, headings: Sequence[str]) -> dict[str, int]:
    """Return where each thing of `_COLUMNS` stands."""
    plain = list(map(_plain, headings))
    if plain.count("pixel") > 1 and any(re.search(r"\d", heading) for heading in headings):
        raise DataError(
            f"{name} has a column for each pixel.", "Write a picture's pixels into one column 'pixels', spaces between."
        )
    places = {}
    for thing, names in _COLUMNS.items():
        found = [place for place, heading in enumerate(plain) if heading in names]
        if len(found) > 1:
            both = " and ".join(shown(headings[place]) for place in found[:3])
            raise DataError(f"{name} has two columns for the {thing}: {both}.", "Remove or rename one of them.")
        if found:
            places[thing] = found[0]
    if missing := [thing for thing in ("emotion", "pixels") if thing not in places]:
        # Not what is there instead: a path may lead to any file, and its first line to a secret.
        raise DataError(
            f"{name} has {counted(len(headings), 'column')}, none named {' or '.join(missing)}.",
            "Its first line must name emotion and pixels.",
        )
    return places


def read_csv(file: Member, progress: Progress = SILENT) -> FaceSet:
    """Read a ``fer2013.csv``: ``emotion`` (0..6 or a word), ``pixels`` (numbers 0..255 with spaces), maybe ``Usage``.

    Parameters
    ----------
    file
        Every row's pixels form a square. The part may also be called ``split``, ``set`` or ``partition``, and there may
        be a ``subject``; the case of headings does not matter, and other columns are left out.
    progress
        Is told how many of the file's bytes are read.

    Raises
    ------
    DataError
        With the line concerned, for a missing column, a number out of range or a picture that is not square.
    """
    name = file.path.name
    pictures: list[np.ndarray] = []
    labels: list[str] = []
    cells: dict[str, list[str]] = {"split": [], "subject": []}
    try:
        with file.open() as stream:
            table = _table(name, _text(stream))
            places = _places(name, table.headings)
            for line, row in table.rows:
                where = f"{name}, line {line}"
                of = {thing: row[place] if place < len(row) else "" for thing, place in places.items()}
                pictures.append(_picture(of["pixels"], where, pictures[0].size if pictures else None))
                labels.append(_label(of["emotion"].strip(), where))
                for thing, column in cells.items():
                    column.append(of.get(thing, "").strip())
                if len(pictures) % 256 == 0:
                    progress.step(stream.tell(), file.size, "reading the csv")
    except (*BROKEN, UnicodeError) as error:
        raise DataError(f"{name} cannot be read as text ({shown(str(error), 80)}).", _SAVE) from error
    if not pictures:
        raise DataError(f"{name} holds no pictures.", _MEND)
    split, subject = (np.array(column) if any(column) else None for column in cells.values())
    if subject is not None and not all(cells["subject"]):
        raise DataError(
            f"{name} names no subject for {counted(cells['subject'].count(''), 'picture')}.",
            "Fill the column in, so that splits can be made by subject, or remove it.",
        )
    others = [heading for place, heading in enumerate(table.headings) if place not in places.values()]
    words = np.array(labels)
    return FaceSet(
        name,
        np.stack(pictures),
        words,
        split,
        subject=subject,
        left_out=tuple((f"column {shown(heading)}", "It has no name that is read.") for heading in others),
        notes=tuple(unknown_classes(words)),
    )


def _label(text: str, where: str) -> str:
    if text.isdecimal() and text in "0123456":
        return emotions.SEVEN[int(text)]
    if re.fullmatch(r"[^\W\d][^\d]{0,39}", text):
        return emotions.canonical(text)
    raise DataError(f"{where}: the emotion is {shown(text)}.", "It must be 0 to 6.")


def _picture(text: str, where: str, size: int | None) -> np.ndarray:
    """Return a row's picture; ``size`` is the number of pixels of the pictures before it."""
    values = _pixels(text, where)
    side = int(np.sqrt(values.size))
    if size is not None and values.size != size:
        raise DataError(f"{where}: {values.size} pixels, {size} in the lines before.", _MEND)
    if side == 0 or side * side != values.size:
        raise DataError(f"{where}: {values.size} pixels do not form a square.", _MEND)
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{where}: pixels reach from {values.min()} to {values.max()}.", "They must be 0 to 255.")
    return values.astype(np.uint8).reshape(side, side)


def _pixels(text: str, where: str) -> np.ndarray:
    try:
        # Eight times as fast as splitting the text; it takes numbers and white space only.
        return np.fromstring(text, dtype=np.int64, sep=" ")
    except ValueError:
        words = enumerate(text.split(), 1)
        number, odd = next(((number, word) for number, word in words if not _WHOLE.fullmatch(word)), (1, text))
        raise DataError(f"{where}: pixel {number} is {shown(odd, 20)}, no whole number.", _MEND) from None


def are_ferplus_votes(file: Member) -> bool:
    """Tell by its headings whether a table is FERPlus' ``fer2013new.csv``; False where it cannot be read."""
    try:
        with file.open() as stream:
            return set(_VOTES) <= set(map(_plain, _table(file.path.name, _text(stream)).headings))
    except (*BROKEN, UnicodeError, DataError):
        return False


def with_votes(faces: FaceSet, file: Member) -> FaceSet:
    """Return a set with FERPlus' votes (Barsoum et al. 2016, doi 10.1145/2993148.2993165), a row a picture in order.

    Raises
    ------
    DataError
        For a table without the ten columns, with another number of rows or other parts than the set has, or with
        something that is no number of votes.
    """
    name = file.path.name
    votes: list[list[int]] = []
    try:
        with file.open() as stream:
            table = _table(name, _text(stream))
            plain = list(map(_plain, table.headings))
            if missing := [column for column in _VOTES if column not in plain]:
                raise DataError(f"{name} lacks the columns {', '.join(missing)}.", "Take FERPlus' fer2013new.csv.")
            usage = plain.index("usage") if "usage" in plain and faces.split is not None else None
            places = [plain.index(column) for column in _VOTES]
            for line, row in table.rows:
                cells = [row[place].strip() if place < len(row) else "" for place in places]
                if odd := next((cell for cell in cells if not re.fullmatch("[0-9]{1,3}", cell)), None):
                    raise DataError(f"{name}, line {line}: {shown(odd)} is no number of votes.", "Mend the file.")
                if "" in cells:
                    raise DataError(f"{name}, line {line}: the votes end early.", "Mend the file.")
                at = len(votes)
                part = "" if usage is None else row[usage].strip()
                if usage is not None and faces.split is not None and at < len(faces) and part != faces.split[at]:
                    raise DataError(
                        f"{name}, line {line} is of the part {shown(part)}, the picture of {shown(faces.split[at])}.",
                        "Both files must have the same rows in the same order.",
                    )
                votes.append(list(map(int, cells)))
    except (*BROKEN, UnicodeError) as error:
        raise DataError(f"{name} cannot be read as text ({shown(str(error), 80)}).", "Mend the file.") from error
    if len(votes) != len(faces):
        raise DataError(
            f"{name} has votes for {counted(len(votes), 'picture')}, {faces.name} has {len(faces):,}.",
            "Both files must have the same rows in the same order.",
        )
    note = f"The votes are those of {name}."
    return replace(faces, votes=np.array(votes), notes=(*faces.notes, note))
