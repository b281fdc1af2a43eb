"""A set of clips from its folder, recognised by looking.

CASME, CASME II, SAMM and SMIC have one row a clip, and a folder or an avi of the clip below its subject's:

- CASME: Yan et al. 2013, doi 10.1109/FG.2013.6553799. ``sub01/EP01_5/EP01_5-113.jpg``, 60 frames a second.
- CASME II: Yan et al. 2014, doi 10.1371/journal.pone.0086041. ``sub01/EP02_01f/img46.jpg`` or ``reg_img46.jpg``, 200.
- SAMM: Davison et al. 2018, doi 10.1109/TAFFC.2016.2573832. ``006/006_1_2/006_05562.jpg``, 200.
- SMIC: Li et al. 2013, doi 10.1109/FG.2013.6553717; see `engine.datasets.clip_sets.smic`.
"""

import re
from collections.abc import Callable
from pathlib import Path

from engine.datasets.clip_sets import casme_squared, smic
from engine.datasets.clip_sets.assemble import Assembly, Coded
from engine.datasets.clip_sets.clip import ClipSet
from engine.datasets.clip_sets.footage import Footage, Tree
from engine.datasets.clip_sets.sheet import MARKS, OLD_SUFFIXES, SUFFIXES, Sheet, Table, find_table, read_sheets
from engine.errors import DataError
from engine.tasks import SILENT, Progress
from engine.words import counted

NAMES = {"casme": "CASME", "casme2": "CASME II", "samm": "SAMM", "smic": "SMIC"}
FPS = {"casme": 60.0, "casme2": 200.0, "samm": 200.0}
KINDS = ("casme", "casme2", "casme-squared", "samm", "smic", "smic-hs", "smic-vis", "smic-nir")
FORMS = (
    "Give the folder of CASME, CASME II, CAS(ME)^2, SAMM or SMIC: pictures in folders by subject, or avi files, and "
    "the coding sheet (.xlsx or .csv) beside them."
)

_SUBJECT = {"casme": "sub{:02d}", "casme2": "sub{:02d}", "samm": "{:03d}", "smic": "s{:02d}"}
_WORDS = re.compile(r"(?:subject|sub|s)?[ _-]*0*(\d{1,4})", re.IGNORECASE)


def read_coded(kind: str, table: Table, tree: Tree, name: str | None = None, fps: float | None = None) -> ClipSet:
    """Read a set that has one row a clip.

    Parameters
    ----------
    kind
        One of `NAMES`.
    table
        The coding sheet.
    tree
        What lies below the set's folder.
    name, fps
        Where the kind alone does not tell.
    """
    made = Assembly(kind, FPS[kind] if fps is None else fps)
    find = _finder(kind, tree)
    before: tuple[str, int] | None = None
    for row in table:
        values = row.values
        if not values["name"]:
            told = next(text for text in (*values.values(), *table.sheet.rows[row.number - 1]) if text)
            made.problems.append(f"Row {row.number} names no clip ({told[:40]!r}): it is left out.")
            continue
        if not values["subject"] and before is not None:
            made.problems.append(f"Row {row.number} names no subject: that of row {before[1]}, {before[0]}, is taken.")
            values["subject"] = before[0]
        number = _WORDS.fullmatch(values["subject"])
        subject = _SUBJECT[kind].format(int(number[1])) if number else values["subject"]
        if not subject:
            made.problems.append(f"Row {row.number} ({values['name']}) names no subject: it is left out.")
            continue
        before = (subject, row.number)
        if "onset" in row.again:
            made.problems.append(
                f"Row {row.number} ({subject}, {values['name']}) codes a second expression in the clip: only the first "
                "one is read."
            )
        frames = (values["onset"], values["apex"], values["offset"])
        emotion = values["emotion"] or (smic.emotion_of(values["name"]) if kind == "smic" else "")
        coded = Coded(row.number, subject, values["name"], frames, values["action_units"], emotion)
        made.add(coded, find(int(number[1]) if number else None, values["name"]))
    made.finish(tree.footage)
    return ClipSet(kind, name or NAMES[kind], made.fps, tuple(made.clips), tuple(made.problems))


def _finder(kind: str, tree: Tree) -> Callable[[int | None, str], list[Footage]]:
    if kind == "smic":
        by_name = smic.by_name(tree.footage)
        return lambda _, name: by_name.get(known, []) if (known := smic.key(name)) else []
    return tree.find


def read_clips(path: Path, kind: str | None = None, progress: Progress = SILENT) -> ClipSet:
    """Read a set of micro-expressions as it is handed out.

    Parameters
    ----------
    path
        Its folder, or the coding sheet in it, where there are several.
    kind
        One of `KINDS`; without it the headings of the sheet and the names of the folders tell.
    progress
        Is told what is being done.

    Raises
    ------
    DataError
        For a path without such a set, with several, or with a sheet that cannot be read.
    """
    if kind is not None and kind not in KINDS:
        raise DataError(f"{kind} is no set of clips that can be read.", f"Choose one of {', '.join(KINDS)}.")
    path = Path(path)
    if not path.exists():
        raise DataError(f"{path} does not exist.", FORMS)
    given = path if path.is_file() else None
    if given is not None and given.suffix.lower() not in SUFFIXES | OLD_SUFFIXES:
        raise DataError(f"{given.name} is no coding sheet.", FORMS)
    tree = Tree((path.parent if given else path).resolve(), progress)
    found, problems = _recognised([given] if given else tree.sheets, kind)
    if not found:
        return _without_sheet(tree, kind, problems)
    kinds = sorted({each for _, each, _ in found})
    if len(kinds) > 1:
        raise DataError(f"{path} holds several sets ({', '.join(kinds)}).", "Give the folder or the sheet of one.")
    file, what, table = found[-1]
    if len(found) > 1:
        names = ", ".join(each.name for each, _, _ in found[:-1])
        problems.append(f"There are several coding sheets ({names}, {file.name}): the last one is read.")
    read = _read(what, file, table, tree, kind)
    if not read.clips:
        raise DataError(
            f"None of the clips that {file.name} names is below {tree.root}"
            + (f": {read.problems[0]}" if read.problems else "."),
            "Lay the pictures beside the sheet as they are handed out.",
        )
    return ClipSet(read.kind, read.name, read.fps, read.clips, (*tree.unreadable, *problems, *read.problems))


def _recognised(sheets: list[Path], kind: str | None) -> tuple[list[tuple[Path, str, Table | None]], list[str]]:
    """Return the coding sheets, by name, and what is wrong with other files that might be some."""
    found: list[tuple[Path, str, Table | None]] = []
    problems: list[str] = []
    unknown: list[str] = []
    asked = "smic" if _camera(kind) else kind
    for file in sorted(sheets, key=lambda each: each.name):
        try:
            inside = read_sheets(file)
        except DataError as error:
            problems.append(str(error))
            continue
        unknown += map(_formulas, filter(lambda sheet: sheet.formulas, inside))
        if any(map(casme_squared.is_code, inside)):
            found.append((file, "casme-squared", None))
            continue
        for table in filter(None, map(find_table, inside)):
            if what := _kind_of(table) or asked:
                found.append((file, what, table))
                break
    found = [each for each in found if asked in (None, each[1])]
    return found, problems + unknown if found else problems


def _formulas(sheet: Sheet) -> str:
    (row, _), formula = next(iter(sheet.formulas.items()))
    count = counted(len(sheet.formulas), "formula")
    return (
        f"{sheet.name}: {count} without a value, such as {formula!r} in row {row + 1}. "
        "Open the sheet in Excel or LibreOffice and save it."
    )


def _kind_of(table: Table) -> str | None:
    if any(smic.key(row.values["name"]) for row in table):
        return "smic"
    return next((kind for kind, mark in MARKS.items() if mark in table.headings), None)


def _read(what: str, file: Path, table: Table | None, tree: Tree, kind: str | None) -> ClipSet:
    if what == "casme-squared" or table is None:
        return casme_squared.read_casme_squared(file, tree)
    if what == "smic":
        camera, tree.footage = smic.of_camera(tree.footage, _camera(kind))
        return read_coded("smic", table, tree, f"SMIC {camera}", smic.FPS[camera])
    return read_coded(what, table, tree)


def _without_sheet(tree: Tree, kind: str | None, problems: list[str]) -> ClipSet:
    looks_like_smic = any(smic.key(each.name) for each in tree.footage)
    if looks_like_smic and (kind is None or kind.startswith("smic")):
        if kind is None and not smic.handed_out_as_clips(tree.footage):
            if tree.old_sheets:
                read_sheets(tree.old_sheets[0])  # says what to do about it
            raise DataError(
                f"{tree.root.name} looks like SMIC's longer recordings (SMIC-E), but has no sheet that tells where in "
                "them the expressions are.",
                "Lay the sheet (.xlsx or .csv) beside them; where each folder is a clip from onset to offset, give the "
                "kind, such as smic-hs.",
            )
        camera, footage = smic.of_camera(tree.footage, _camera(kind))
        read = smic.read_without_sheet(footage, camera)
        return ClipSet(read.kind, read.name, read.fps, read.clips, (*tree.unreadable, *problems, *read.problems))
    if problems:
        raise DataError(f"No coding sheet in {tree.root.name} can be read: {problems[0]}", FORMS)
    if tree.old_sheets:
        read_sheets(tree.old_sheets[0])  # says what to do about it
    if tree.sheets:
        asked = "" if kind is None else f" of {NAMES.get(kind, kind)}"
        raise DataError(
            f"No sheet in {tree.root.name} is a coding sheet{asked} ({tree.sheets[0].name} is none).", FORMS
        )
    raise DataError(f"There is no coding sheet in {tree.root.name}.", FORMS)


def _camera(kind: str | None) -> str | None:
    return kind.partition("-")[2].upper() or None if kind and kind.startswith("smic") else None
