"""Events and recordings as plain values for a database or a file, and back, checked."""

import math
from dataclasses import asdict, fields
from typing import Any

from engine.errors import RecordsError
from engine.features.action_units import NUMBERS
from engine.recognition.analysis import Event, Recording

_KINDS = ("micro", "macro", "open", "photo")
_ORIGINS = ("spotted", "corrected", "added")
_MOST_LABELS = 100


def event_as_plain(event: Event) -> dict[str, Any]:
    """Return every value of an event, as JSON can hold it."""
    return asdict(event) | {"moved": {str(number): list(halves) for number, halves in event.moved.items()}}


def event_from_plain(plain: Any) -> Event:
    """Return the event that `event_as_plain` was given.

    Raises
    ------
    RecordsError
        For values that no event has.
    """
    try:
        values = dict(plain)
        if set(values) != {field.name for field in fields(Event)}:
            raise ValueError("other values than an event's")
        values["moved"] = {int(number): _halves(halves) for number, halves in values["moved"].items()}
        for name in ("probabilities", "plain"):
            values[name] = {_label(label): _number(share, 0, 1.001) for label, share in values[name].items()}
        event = Event(**values)
        for time in (event.onset_s, event.apex_s, event.offset_s, event.strength):
            _number(time, 0, 1e7)
        _label(event.expression)
        flags = (event.decided, event.onset_seen, event.end_seen)
        right = (
            event.onset_s <= event.apex_s <= event.offset_s
            and event.kind in _KINDS
            and event.origin in _ORIGINS
            and all(isinstance(flag, bool) for flag in flags)
            and (event.model is None or (isinstance(event.model, str) and len(event.model) <= 60))
            and set(event.moved) <= set(NUMBERS)
            and max(len(event.probabilities), len(event.plain)) <= _MOST_LABELS
        )
        if not right:
            raise ValueError("values that do not fit together")
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise RecordsError(
            f"{ascii(plain)[:60]} is no event ({error}).", "Use a file that NeuroMER wrote and nobody has changed."
        ) from error
    return event


def recording_from(row: Any) -> Recording:
    """Return the facts that a row of the recordings holds."""
    return Recording(row.name, row.width, row.height, row.fps, row.duration_s, row.frames, row.distinct_share)


def _halves(halves: Any) -> tuple[float, float]:
    right, left = halves
    return _number(right, -10, 10), _number(left, -10, 10)


def _number(value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{ascii(value)[:20]} is no number")
    if not least <= value <= most:
        raise ValueError(f"{value:g} is not between {least:g} and {most:g}")
    return float(value)


def _label(label: Any) -> str:
    if not isinstance(label, str) or len(label) > 40 or not label.isprintable():
        raise ValueError(f"{ascii(label)[:40]} is no name of an expression")
    return label
