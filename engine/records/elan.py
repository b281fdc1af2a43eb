"""The events of a recording for ELAN (archive.mpi.nl/tla/elan), the annotation tool for recordings of people.

A tier a person holds the events, ``happy (micro)``, and says so where a person corrected or added one. A second tier
marks the apex of each, for one frame. Each action unit that the person showed has a tier of its own, with its intensity
from 0 to 5 where it was strongest. ELAN allows no overlap within a tier, so what overlaps goes to a further tier.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import PurePosixPath

from pympi.Elan import Eaf, to_string

from engine.features import action_units
from engine.recognition.analysis import Analysis, Event
from engine.recognition.unit_track import Shown, shown_units
from engine.records.corrections import NONE, Corrections, corrected

MIME = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".ts": "video/mp2t",
    ".mts": "video/mp2t",
    ".m2ts": "video/mp2t",
}

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NAMES = {unit.number: unit.name for unit in action_units.UNITS}

Mark = tuple[int, int, str]
"""Begin and end in milliseconds, and what is written there."""


def events_eaf(analysis: Analysis, corrections: Corrections = NONE) -> bytes:
    """Return an ELAN annotation file with the events that stand after the corrections.

    The recording is linked by its name, as a file beside this one. Times are whole milliseconds, halves rounded up;
    ELAN knows no moment without a length, so nothing is shorter than 1 ms.
    """
    eaf = Eaf(author="NeuroMER")
    eaf.adocument["DATE"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    # pympi begins with a tier nobody asked for.
    eaf.remove_tier("default")
    eaf.header = {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"}
    name = media_name(analysis.recording.file)
    kind = MIME.get(PurePosixPath(name).suffix.lower(), "unknown")
    eaf.add_linked_file(f"file:///{name}", relpath=f"./{name}", mimetype=kind)
    frame = milliseconds(1 / analysis.recording.fps) if analysis.recording.fps > 0 else 1
    for track in corrected(analysis, corrections).tracks:
        who = f"person {track.person}"
        _add(eaf, who, who, (_event(event) for event in track.events))
        _add(eaf, f"{who}, apex", who, (_apex(event, frame) for event in track.events))
        for number, shown in groupby(shown_units(track), key=lambda unit: unit.number):
            _add(eaf, f"{who}, AU{number} {_NAMES[number]}", who, map(_unit, shown))
    # By this ELAN numbers what a person adds there.
    eaf.properties = [("lastUsedAnnotationId", len(eaf.annotations))]
    body = to_string(eaf)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def milliseconds(time_s: float) -> int:
    """Return whole milliseconds, halves rounded up as they are written in decimals: 0.0125 s is 13 ms."""
    return int((Decimal(repr(float(time_s))) * 1000).quantize(Decimal(1), ROUND_HALF_UP))


def media_name(file: str) -> str:
    """Return a file's name without folders, and without characters that XML cannot hold."""
    return _NOT_IN_XML.sub("_", re.split(r"[/\\]", file)[-1]) or "recording"


def _event(event: Event) -> Mark:
    begin = milliseconds(event.onset_s)
    told = event.kind if event.origin == "spotted" else f"{event.kind}, {event.origin}"
    return begin, max(milliseconds(event.offset_s), begin + 1), _NOT_IN_XML.sub("_", f"{event.answer} ({told})")


def _apex(event: Event, frame: int) -> Mark:
    begin = milliseconds(event.apex_s)
    return begin, begin + max(frame, 1), "apex"


def _unit(shown: Shown) -> Mark:
    begin = milliseconds(shown.begin_s)
    return begin, max(milliseconds(shown.end_s), begin + 1), action_units.strength_in_words(shown.right, shown.left)


def _add(eaf: Eaf, tier: str, person: str, marks: Iterable[Mark]) -> None:
    """Write marks into a tier, and into further ones of its name where they would overlap."""
    ends: list[int] = []
    eaf.add_tier(tier, part=person)
    for begin, end, words in sorted(marks):
        place = next((at for at, last in enumerate(ends) if last <= begin), len(ends))
        name = tier if place == 0 else f"{tier} ({place + 1})"
        if place == len(ends):
            ends.append(end)
            if place:
                eaf.add_tier(name, part=person)
        ends[place] = end
        eaf.add_annotation(name, begin, end, words)
