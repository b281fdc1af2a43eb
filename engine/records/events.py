"""The events of a recording as files for other programs: CSV, an event a row, and JSON."""

import json
import platform
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.features.action_units import in_words
from engine.recognition.analysis import Analysis
from engine.records import correction_file
from engine.records.corrections import NONE, Corrections, corrected, reviewed
from engine.records.review import ReviewedEvent
from engine.sheets import csv_file

COLUMNS = (
    *("file", "event", "person", "onset_s", "apex_s", "offset_s", "duration_s", "kind"),
    *("expression", "decided", "said_by", "origin"),
    *("machine_expression", "machine_decided", "machine_certainty"),
    *("spotted_onset_s", "spotted_apex_s", "spotted_offset_s", "strength_percent", "moved"),
    *("onset_seen", "end_seen"),
)
"""Of the CSV file, before the machine's probabilities, ``p_EXPRESSION`` each, and ``plain_EXPRESSION`` each where how a
face rests is taken out of those.

``origin`` is ``spotted``, ``corrected`` or ``added``; ``said_by`` tells whose word ``expression`` is, ``machine`` or
``user``. What the machine said and spotted stands beside it whatever was corrected, and is empty for an added event.
``strength_percent`` is the largest motion of a region at the apex, in percent of the distance between the eyes. Where
``onset_seen`` is false the expression was there when the face came into sight at ``onset_s``; where ``end_seen`` is
false it still was when the face left sight at ``offset_s``. Times are in seconds on the recording's clock, as a player
shows it. Rejected events have no row; the JSON file holds them.
"""

PACKAGES = ("numpy", "onnxruntime", "opencv-python-headless", "av", "plotly")
"""What a result is made with, so that it can be made again."""


def events_csv(analysis: Analysis, corrections: Corrections = NONE) -> bytes:
    """Return a row an event that stands after the corrections, in `COLUMNS`; UTF-8, safe to open in a spreadsheet.

    Examples
    --------
    >>> from engine.recognition.video.analysing import analyse_frames
    >>> from engine.records.corrections import Name
    >>> from engine.synthetic import synthetic_clip, true_event
    >>> smile = true_event("happy", 0.6, rise_s=0.15, fall_s=0.15)
    >>> clip = synthetic_clip(3, duration_s=2.0, fps=30, size=(320, 240), events=[smile])
    >>> found = analyse_frames(clip.frames(), "smile.mp4")
    >>> corrections = NONE.then(Name("1-1", "happy"), found)
    >>> head, row = events_csv(found, corrections).decode("utf-8-sig").splitlines()
    >>> cells = dict(zip(head.split(","), row.split(",")))
    >>> cells["event"], cells["expression"], cells["said_by"], cells["machine_expression"]
    ('1-1', 'happy', 'user', 'positive')
    """
    return all_events_csv([(analysis, corrections)])


def all_events_csv(found: Iterable[tuple[Analysis, Corrections]]) -> bytes:
    """Return `events_csv` of several recordings in one table, one after the other."""
    standing = [
        (analysis.recording.file, each)
        for analysis, corrections in found
        for each in reviewed(analysis, corrections)
        if not each.rejected
    ]
    labels = dict.fromkeys(label for _, each in standing for label in each.event.probabilities)
    plain = dict.fromkeys(label for _, each in standing for label in each.event.plain)
    columns = (*COLUMNS, *(f"p_{label}" for label in labels), *(f"plain_{label}" for label in plain))
    return csv_file(columns, [{"file": file} | dict(_cells(each)) for file, each in standing])


def analysis_json(analysis: Analysis, corrections: Corrections = NONE) -> str:
    """Return the form of ``python -m engine spot --json`` as it stands after the corrections, and what led there.

    Two keys are added: ``corrections``, None where nothing was changed, otherwise what `correction_file.as_json` gives
    (it can be read back) with ``spotted``, the faces before any correction, and ``events``, the name, origin and fate
    of each; and ``versions`` of what it was made with.
    """
    found = corrected(analysis, corrections).as_json()
    found["corrections"] = None
    if corrections:
        found["corrections"] = correction_file.as_json(corrections, analysis) | {
            "spotted": analysis.as_json()["faces"],
            "events": [
                {
                    "event": each.id,
                    "person": each.person,
                    "origin": each.event.origin,
                    "said_by": each.said_by,
                    "rejected": each.rejected,
                }
                for each in reviewed(analysis, corrections)
            ],
        }
    found["versions"] = versions()
    return json.dumps(found, indent=1, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def versions() -> dict[str, str]:
    """Return the version of Python and of each of `PACKAGES` that is installed, by name."""
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _cells(each: ReviewedEvent) -> Iterator[tuple[str, Any]]:
    event, machine = each.event, each.spotted
    yield from (("event", each.id), ("person", each.person), ("kind", event.kind), ("origin", event.origin))
    yield from (("expression", event.expression), ("decided", event.decided), ("said_by", each.said_by))
    yield from (("strength_percent", round(event.strength, 4)), ("duration_s", round(event.duration_s, 4)))
    yield "moved", in_words(event.moved)
    for name in ("onset_s", "apex_s", "offset_s"):
        yield name, round(getattr(event, name), 4)
        if machine is not None:
            yield f"spotted_{name}", round(getattr(machine, name), 4)
    if machine is not None:
        yield from (("machine_expression", machine.expression), ("machine_decided", machine.decided))
        if machine.certainty is not None:
            yield "machine_certainty", round(machine.certainty, 4)
    yield from (("onset_seen", event.onset_seen), ("end_seen", event.end_seen))
    for name, shares in (("p", event.probabilities), ("plain", event.plain)):
        for label, value in shares.items():
            yield f"{name}_{label}", round(value, 4)
