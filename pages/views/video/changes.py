"""Changing a recording's events: every change goes through here, and can be undone."""

from engine.recognition.analysis import Analysis, Track
from engine.recognition.recordings import Kept
from engine.records.corrections import NONE, Correction, Corrections, corrected, reviewed
from engine.records.review import ReviewedEvent

THREE = ("negative", "positive", "surprise")
"""What micro-expressions are answered by."""


def corrections_of(kept: Kept) -> Corrections:
    """Return what was changed in a recording."""
    return kept.corrections or NONE


def change(kept: Kept, *changes: Correction) -> None:
    """Make changes, all of them or none.

    Raises
    ------
    CorrectionError
        Where one does not fit.
    """
    log = corrections_of(kept)
    for each in changes:
        log = log.then(each, kept.analysis)
    kept.corrections = log


def undo(kept: Kept) -> None:
    """Take the last change back."""
    kept.corrections = corrections_of(kept).undone()


def as_it_stands(kept: Kept) -> Analysis:
    """Return what was found, with all changes."""
    return corrected(kept.analysis, corrections_of(kept))


def events_of(kept: Kept, track: Track) -> list[ReviewedEvent]:
    """Return a person's events in order, the rejected ones too."""
    return [each for each in reviewed(kept.analysis, corrections_of(kept)) if each.person == track.person]


def expressions(track: Track, each: ReviewedEvent | None = None) -> list[str]:
    """Return the names that an event may be given without typing."""
    own = [] if each is None else [each.event.expression, *each.event.probabilities]
    return list(dict.fromkeys([*own, *track.labels, *THREE]))
