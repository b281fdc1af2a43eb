"""CASME, CASME II, SAMM and SMIC by sheet: one row a clip, and a folder or an avi of the clip below its subject's.

- CASME: Yan et al. 2013, doi 10.1109/FG.2013.6553799. ``sub01/EP01_5/EP01_5-113.jpg``, 60 frames a second.
- CASME II: Yan et al. 2014, doi 10.1371/journal.pone.0086041. ``sub01/EP02_01f/img46.jpg`` or ``reg_img46.jpg``, 200.
- SAMM: Davison et al. 2018, doi 10.1109/TAFFC.2016.2573832. ``006/006_1_2/006_05562.jpg``, 200.
- SMIC: Li et al. 2013, doi 10.1109/FG.2013.6553717; see `engine.datasets.clip_sets.smic`.
"""

import re
from collections.abc import Callable

from engine.datasets.clip_sets import smic
from engine.datasets.clip_sets.assemble import Assembly, Coded
from engine.datasets.clip_sets.clip import ClipSet
from engine.datasets.clip_sets.footage import Footage, Tree
from engine.datasets.clip_sets.table import Table

NAMES = {"casme": "CASME", "casme2": "CASME II", "samm": "SAMM", "smic": "SMIC"}
FPS = {"casme": 60.0, "casme2": 200.0, "samm": 200.0}

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
