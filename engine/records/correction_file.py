"""Corrections as JSON and back, held to the recording that they were made for."""

import hashlib
import json
from typing import Any

from engine.recognition.analysis import Analysis
from engine.records.corrections import KINDS, Correction, CorrectionError, Corrections, reviewed

FORM = 1
"""Version of the file's form."""

_REMEDY = "Choose a file that was saved for this recording, or start without corrections."


def fingerprint(analysis: Analysis) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of what corrections refer to: the recording and what was spotted.

    The file's name is left out, so that it may be renamed.
    """
    recording = analysis.recording
    events = [
        [track.person, *(round(time, 4) for time in (event.onset_s, event.apex_s, event.offset_s))]
        for track in analysis.tracks
        for event in track.events
    ]
    people = [track.person for track in analysis.tracks]
    said = [recording.width, recording.height, recording.frames, round(recording.duration_s, 3), people, events]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def as_json(corrections: Corrections, analysis: Analysis) -> dict[str, Any]:
    """Return a plain object: ``form``, ``file``, ``fingerprint`` of the analysis, ``log``."""
    return {
        "form": FORM,
        "file": analysis.recording.file,
        "fingerprint": fingerprint(analysis),
        "log": corrections.as_json(),
    }


def as_text(corrections: Corrections, analysis: Analysis) -> str:
    """Return `as_json`'s object as a file's text, all of it ASCII."""
    return json.dumps(as_json(corrections, analysis), indent=1) + "\n"


def from_text(text: str | bytes, analysis: Analysis) -> Corrections:
    """Read what `as_text` wrote, for the same recording.

    Raises
    ------
    CorrectionError
        For a text that is no such file, or whose corrections were made for another recording or other events.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CorrectionError(f"The file of corrections cannot be read as JSON ({error}).", _REMEDY) from error
    return from_json(found, analysis)


def from_json(found: Any, analysis: Analysis) -> Corrections:
    """Read what `as_json` made, for the same recording.

    Raises
    ------
    CorrectionError
        As `from_text` does.
    """
    if not isinstance(found, dict) or found.get("form") != FORM or not isinstance(found.get("log"), list):
        raise CorrectionError("The file holds no corrections of a form that is known here.", _REMEDY)
    if found.get("fingerprint") != fingerprint(analysis):
        about = ascii(str(found.get("file")))[:80]
        raise CorrectionError(
            f"The corrections were made for {about}, in which other events were spotted than in "
            f"“{analysis.recording.file}”.",
            _REMEDY,
        )
    corrections = Corrections(tuple(read_correction(each) for each in found["log"]))
    reviewed(analysis, corrections)
    return corrections


def read_correction(plain: Any) -> Correction:
    """Return a correction from its plain object, as `engine.records.corrections.Corrections.as_json` has it.

    Raises
    ------
    CorrectionError
        For an object that is none.
    """
    try:
        values = dict(plain)
        kind = KINDS[values.pop("do")]
        made: Correction = kind(**values)
        for name, wanted in kind.__annotations__.items():
            value = getattr(made, name)
            right = isinstance(value, (int, float) if wanted is float else wanted) and not isinstance(value, bool)
            if not right:
                raise TypeError(f"{name} is {value!r}")
    except (KeyError, TypeError, ValueError) as error:
        said = ascii(plain)[:80]
        raise CorrectionError(f"{said} in the file of corrections is none ({error}).", _REMEDY) from error
    return made
