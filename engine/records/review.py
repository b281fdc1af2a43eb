"""One event under review: as it was spotted, as it stands now, and the steps that lead from one to the other."""

import math
from dataclasses import dataclass, replace

import numpy as np

from engine.emotions import kind_of
from engine.errors import UserError
from engine.features.action_units import Moved
from engine.recognition.analysis import Analysis, Event, Recording, Track
from engine.recognition.unit_track import moved_in

LONGEST_LABEL = 40
"""Characters of an expression's name."""

_SLACK_S = 1e-6
"""Rounding in a file or a widget is no reason to refuse a time at the recording's end."""

Times = tuple[float, float, float]


@dataclass(frozen=True)
class ReviewedEvent:
    """An event and what became of it.

    Attributes
    ----------
    id
        ``"person-place"`` or ``"person-a1"``; see `engine.records.corrections`.
    person
        Whose it is.
    event
        As it stands.
    spotted
        As the machine spotted it; None where a person added it.
    named
        Whether the expression is a person's word, not the machine's.
    rejected
        Whether a person said that it is none.
    """

    id: str
    person: int
    event: Event
    spotted: Event | None
    named: bool = False
    rejected: bool = False

    @property
    def said_by(self) -> str:
        """Whose word the expression is: ``"user"`` or ``"machine"``."""
        return "user" if self.named else "machine"


def spotted(analysis: Analysis) -> tuple[ReviewedEvent, ...]:
    """Return every event of an analysis with its name, as it was spotted."""
    return tuple(
        ReviewedEvent(f"{track.person}-{place}", track.person, event, event)
        for track in analysis.tracks
        for place, event in enumerate(track.events, 1)
    )


def moved(each: ReviewedEvent, times: Times, analysis: Analysis) -> ReviewedEvent:
    """Return an event with other times; its kind and its strength follow them."""
    onset, apex, offset = times
    event, track = each.event, next(track for track in analysis.tracks if track.person == each.person)
    # Who moves an end has seen it.
    begun, over = event.onset_seen or onset != event.onset_s, event.end_seen or offset != event.offset_s
    kind = kind_of(onset, offset, whole=begun and over)
    strength = event.strength if apex == event.apex_s else strength_at(track, apex)
    event = replace(
        event,
        onset_s=onset,
        apex_s=apex,
        offset_s=offset,
        kind=kind,
        strength=strength,
        onset_seen=begun,
        end_seen=over,
    )
    return _judged(replace(each, event=replace(event, moved=_moved_in(track, event))))


def named(each: ReviewedEvent, expression: str) -> ReviewedEvent:
    """Return an event whose expression a person has named."""
    return _judged(replace(each, event=replace(each.event, expression=expression, decided=True), named=True))


def added(name: str, track: Track, times: Times, expression: str) -> ReviewedEvent:
    """Return an event that a person has added."""
    onset, apex, offset = times
    event = Event(onset, apex, offset, kind_of(onset, offset), expression, True, {}, strength_at(track, apex), "added")
    event = replace(event, moved=_moved_in(track, event))
    return ReviewedEvent(name, track.person, event, None, named=True)


def _moved_in(track: Track, event: Event) -> Moved:
    # A camera's track has no frames: what was spotted stays.
    return moved_in(track, event) if len(track.units) else event.moved


def strength_at(track: Track, time_s: float) -> float:
    """Return the largest motion of a region at a moment, in percent of the distance between the eyes.

    0 where the face was not seen then.
    """
    if not len(track.time_s) or any(begin < time_s < end for begin, end in track.gaps):
        return 0.0
    if not track.time_s[0] <= time_s <= track.time_s[-1]:
        return 0.0
    return float(track.motion[int(np.argmin(np.abs(track.time_s - time_s)))].max())


def checked_times(times: Times, recording: Recording) -> Times:
    """Return onset, apex and offset in seconds, inside the recording.

    Raises
    ------
    UserError
        Where they are not in this order, or not inside the recording.
    """
    onset, apex, offset = (float(time) for time in times)
    said = f"onset {onset:g} s, apex {apex:g} s, offset {offset:g} s"
    if not all(map(math.isfinite, (onset, apex, offset))):
        raise UserError(f"An event needs three times in seconds; given were {said}.", "Give all three as numbers.")
    if not onset <= apex <= offset:
        raise UserError(
            f"An event begins, is strongest, then is over; given were {said}.",
            "Give an onset before the apex and an offset after it.",
        )
    end = recording.duration_s
    if onset < -_SLACK_S or offset > end + _SLACK_S:
        raise UserError(f"The recording lasts from 0 to {end:g} s; given were {said}.", "Keep the event inside it.")
    onset, apex, offset = (min(max(time, 0.0), end) for time in (onset, apex, offset))
    return onset, apex, offset


def checked_label(expression: str) -> str:
    """Return an expression's name without blanks around it.

    Raises
    ------
    UserError
        For none, one of more than `LONGEST_LABEL` characters, or one with characters that cannot be printed.
    """
    label = str(expression).strip()
    if not label:
        raise UserError("The expression has no name.", "Name the expression shown, in a word or two.")
    if len(label) > LONGEST_LABEL or not label.isprintable():
        shown = ascii(label[:LONGEST_LABEL])
        raise UserError(
            f"{shown} is no name of an expression ({len(label)} characters).",
            f"Name it in at most {LONGEST_LABEL} letters, digits and blanks.",
        )
    return label


def _judged(each: ReviewedEvent) -> ReviewedEvent:
    """Give an event its origin: one that stands as it was spotted, in nobody else's words, was not corrected."""
    if each.spotted is None:
        return each
    same = not each.named and replace(each.event, origin=each.spotted.origin) == each.spotted
    return replace(each, event=replace(each.event, origin=each.spotted.origin if same else "corrected"))
