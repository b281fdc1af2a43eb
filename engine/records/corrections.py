"""What a person changes in the events of a recording: a log that only grows, and can be undone step by step.

Nothing of what the machine found is overwritten. The log is laid over an analysis as often as one likes, so that every
file can still say what was spotted, what was changed, and whose word an expression is.

An event is named by its person and its place among what was spotted, ``"2-1"`` for the second person's first event; one
that was added by the person and a count, ``"2-a1"``. These names stay as they are, whatever is corrected.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from engine.errors import UserError
from engine.recognition.analysis import Analysis, Event
from engine.records.review import ReviewedEvent, added, checked_label, checked_times, moved, named, spotted


@dataclass(frozen=True)
class Move:
    """Another onset, apex and offset, in seconds of the recording."""

    event: str
    onset_s: float
    apex_s: float
    offset_s: float


@dataclass(frozen=True)
class Name:
    """Another expression, by a person's own judgement."""

    event: str
    expression: str


@dataclass(frozen=True)
class Reject:
    """No event at all."""

    event: str


@dataclass(frozen=True)
class Add:
    """An event that the machine did not spot."""

    person: int
    onset_s: float
    apex_s: float
    offset_s: float
    expression: str


@dataclass(frozen=True)
class Revert:
    """Back to what was spotted: of one event, or of all where ``event`` is empty. Added ones go."""

    event: str = ""


Correction = Move | Name | Reject | Add | Revert
KINDS: dict[str, type] = {"move": Move, "name": Name, "reject": Reject, "add": Add, "revert": Revert}
"""Each kind of correction by the word that a file has for it."""


class CorrectionError(UserError):
    """A correction that cannot be made, or a file of corrections that is none of this recording."""


@dataclass(frozen=True)
class Corrections:
    """Corrections in the order in which they were made.

    Attributes
    ----------
    log
        Never changed in place: a further correction makes a longer log, undoing a shorter one.
    """

    log: tuple[Correction, ...] = ()

    def then(self, correction: Correction, analysis: Analysis) -> Self:
        """Return the log with one more correction.

        Raises
        ------
        CorrectionError
            Where it does not fit: onset, apex and offset not in this order or outside the recording, an expression
            without a name, an event that is not there or was rejected, a person who was not seen.
        """
        grown = replace(self, log=(*self.log, correction))
        reviewed(analysis, grown)
        return grown

    def undone(self) -> Self:
        """Return the log without its last correction; an empty one stays empty."""
        return replace(self, log=self.log[:-1])

    def __bool__(self) -> bool:
        return bool(self.log)

    def __len__(self) -> int:
        return len(self.log)

    def as_json(self) -> list[dict[str, Any]]:
        """Return a plain object a correction: ``{"do": "move", "event": "1-2", "onset_s": ...}``."""
        words = {kind: word for word, kind in KINDS.items()}
        return [{"do": words[type(each)], **asdict(each)} for each in self.log]


NONE = Corrections()
"""Nothing was changed."""


def reviewed(analysis: Analysis, corrections: Corrections = NONE) -> tuple[ReviewedEvent, ...]:
    """Return every event with its name, as it stands and as it was spotted, the rejected ones too.

    Returns
    -------
    tuple of ReviewedEvent
        By person, then by onset.

    Raises
    ------
    CorrectionError
        Where a correction does not fit, see `Corrections.then`.
    """
    events = {each.id: each for each in spotted(analysis)}
    count = dict.fromkeys((track.person for track in analysis.tracks), 0)
    for correction in corrections.log:
        try:
            _apply(correction, events, count, analysis)
        except UserError as error:
            raise CorrectionError(error.what, error.remedy) from error
    return tuple(sorted(events.values(), key=lambda each: (each.person, each.event.onset_s, each.id)))


def corrected(analysis: Analysis, corrections: Corrections) -> Analysis:
    """Return an analysis with the events that stand after all corrections.

    An event whose times differ from what was spotted, or whose expression a person named, has the origin
    ``"corrected"``, one that a person added ``"added"``. Moved ends decide anew whether it is micro or macro. An
    expression named by a person is decided; the machine's probabilities stay with the event for reference and say
    nothing of that name.

    Raises
    ------
    CorrectionError
        Where a correction does not fit, see `Corrections.then`.
    """
    standing: dict[int, list[Event]] = {track.person: [] for track in analysis.tracks}
    for each in reviewed(analysis, corrections):
        if not each.rejected:
            standing[each.person].append(each.event)
    tracks = tuple(track.with_events(tuple(standing[track.person])) for track in analysis.tracks)
    return replace(analysis, tracks=tracks)


def numbers(analysis: Analysis, corrections: Corrections = NONE) -> dict[int, tuple[str, ...]]:
    """Return what the events that stand are called, by person, in the order in which `corrected` has them.

    Raises
    ------
    CorrectionError
        Where a correction does not fit, see `Corrections.then`.
    """
    standing = [each for each in reviewed(analysis, corrections) if not each.rejected]
    return {
        track.person: tuple(each.id for each in standing if each.person == track.person) for track in analysis.tracks
    }


def _apply(correction: Correction, events: dict[str, ReviewedEvent], count: dict[int, int], analysis: Analysis) -> None:
    match correction:
        case Add(person, onset_s, apex_s, offset_s, expression):
            track = next((track for track in analysis.tracks if track.person == person), None)
            if track is None:
                seen = ", ".join(str(track.person) for track in analysis.tracks) or "nobody"
                raise UserError(f"There is no person {person} in this recording.", f"Choose one of: {seen}.")
            times = checked_times((onset_s, apex_s, offset_s), analysis.recording)
            count[person] += 1
            name = f"{person}-a{count[person]}"
            events[name] = added(name, track, times, checked_label(expression))
        case Revert(""):
            for name, each in list(events.items()):
                _revert(name, each, events)
        case Revert(name):
            _revert(name, _found(name, events), events)
        case Move(name, onset_s, apex_s, offset_s):
            times = checked_times((onset_s, apex_s, offset_s), analysis.recording)
            events[name] = moved(_standing(name, events), times, analysis)
        case Name(name, expression):
            events[name] = named(_standing(name, events), checked_label(expression))
        case Reject(name):
            events[name] = replace(_standing(name, events), rejected=True)


def _revert(name: str, each: ReviewedEvent, events: dict[str, ReviewedEvent]) -> None:
    if each.spotted is None:
        del events[name]
    else:
        events[name] = ReviewedEvent(name, each.person, each.spotted, each.spotted)


def _found(name: str, events: dict[str, ReviewedEvent]) -> ReviewedEvent:
    if name not in events:
        known = ", ".join(events) or "there are none"
        raise UserError(f"There is no event “{name}” in this recording.", f"The events are: {known}.")
    return events[name]


def _standing(name: str, events: dict[str, ReviewedEvent]) -> ReviewedEvent:
    found = _found(name, events)
    if found.rejected:
        raise UserError(f"The event {name} was rejected.", "Take it back first, then change it.")
    return found
