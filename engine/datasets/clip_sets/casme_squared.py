"""CAS(ME)^2: micro- and macro-expressions within long recordings, the truth that spotting is measured by.

Qu et al. 2018, doi 10.1109/TAFFC.2017.2654440. ``rawpic/s15/15_0101disgustingteeth/img001.jpg``, 30 frames a second.
Its sheet has no heading. The columns are participant (1 to 22), recording and number (``anger1_1``), onset, apex,
offset (0 where not coded), action units, the expression as negative, positive, surprise or others, micro- or
macro-expression, and what the participant reported. Two further sheets say which folder that is: ``15, s15, 1`` (the
participant is the last of the three) and ``0101, disgust1``.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.datasets.clip_sets.assemble import Assembly, Coded
from engine.datasets.clip_sets.clip import ClipSet
from engine.datasets.clip_sets.footage import Footage, Tree
from engine.datasets.clip_sets.sheet import Sheet, plain, read_sheets
from engine.errors import DataError

FPS = 30.0
NAME = "CAS(ME)^2"

_KINDS = {"microexpression": "micro", "macroexpression": "macro"}
_KIND_COLUMN = 7
_RECORDING = re.compile(r"(?:casme_)?0*(\d{1,3})_0*(\d{3,4})(?!\d)", re.IGNORECASE)

Rows = tuple[tuple[str, ...], ...]


def is_code(sheet: Sheet) -> bool:
    """Tell whether a sheet codes expressions as this set does."""
    return any(len(row) > _KIND_COLUMN and plain(row[_KIND_COLUMN]) in _KINDS for row in sheet.rows[:20])


def read_casme_squared(file: Path, tree: Tree) -> ClipSet:
    """Read the set.

    Parameters
    ----------
    file
        The workbook with its three sheets; or a csv of the first one, beside csv files of the two others.
    tree
        What lies below the set's folder.

    Raises
    ------
    DataError
        Where one of the three sheets is missing.
    """
    sheets = read_sheets(file)
    if file.suffix.lower() == ".csv":
        sheets += [sheet for other in tree.sheets if other != file for sheet in read_sheets(other)]
    code = next((sheet for sheet in sheets if is_code(sheet)), None)
    subjects = _first(sheets, _subjects)
    recordings = _first(sheets, _recordings)
    if code is None or not subjects or not recordings:
        raise DataError(
            f"{file.name} lacks one of the three sheets of CAS(ME)^2: codes, participants (15, s15, 1), recordings "
            "(0101, disgust1).",
            "Give the workbook as it is handed out, or a csv of each sheet in one folder.",
        )
    footage = defaultdict(list)
    for each in tree.footage:
        if found := _RECORDING.match(each.name):
            footage[int(found[1]), int(found[2])].append(each)
    made = Assembly("casme-squared", FPS, zero_is_nothing=True)
    for number, row in enumerate(code.rows, 1):
        if any(row):
            _add(made, number, row, subjects, recordings, footage)
    made.finish(tree.footage)
    return ClipSet("casme-squared", NAME, FPS, tuple(made.clips), tuple(made.problems))


def _add(
    made: Assembly,
    number: int,
    row: tuple[str, ...],
    subjects: dict[str, int],
    recordings: dict[str, int],
    footage: dict[tuple[int, int], list[Footage]],
) -> None:
    participant, name, onset, apex, offset, units, emotion, kind = (*row, *[""] * 8)[:8]
    if plain(kind) not in _KINDS:
        told = next(text for text in row if text)
        made.problems.append(f"Row {number} is no micro- or macro-expression ({told[:40]!r}): it is left out.")
        return
    subject, recording = subjects.get(participant), recordings.get(name.rpartition("_")[0].lower())
    if subject is None or recording is None:
        what = f"participant {participant!r}" if subject is None else f"recording {name!r}"
        made.problems.append(f"Row {number} names the unknown {what}: it is left out.")
        return
    coded = Coded(number, f"s{subject:02d}", name, (onset, apex, offset), units, emotion, _KINDS[plain(kind)])
    made.add(coded, footage.get((subject, recording), []))


def _subjects(rows: Rows) -> dict[str, int]:
    """Return the number of each participant's folder."""
    found = [row for row in rows if len(row) > 2 and re.fullmatch(r"s\d+", row[1], re.IGNORECASE) and row[2]]
    return {row[2]: int(row[1][1:]) for row in found}


def _recordings(rows: Rows) -> dict[str, int]:
    """Return the number of each recording's folder by the recording's name."""
    found = [row for row in rows if len(row) > 1 and row[0].isdecimal() and re.fullmatch(r"[a-z]+\d+", row[1], re.I)]
    return {row[1].lower(): int(row[0]) for row in found if not re.fullmatch(r"s\d+", row[1], re.I)}


def _first(sheets: Sequence[Sheet], read: Callable[[Rows], dict[str, int]]) -> dict[str, int]:
    return next((found for sheet in sheets if not is_code(sheet) and (found := read(sheet.rows))), {})
