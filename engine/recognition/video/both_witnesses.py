"""What a model says of a person's frames and what the face's motion says, brought together into the person's events."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.emotions import NEUTRAL
from engine.features.face_regions import EYES, REGIONS
from engine.recognition.analysis import Event, Track
from engine.recognition.event_classification import with_rest_taken_out
from engine.recognition.prediction import Classifier
from engine.recognition.resting_face import RestingFace, find_rest, rest_at
from engine.recognition.spotting import Shown
from engine.recognition.spotting.baseline import runs
from engine.recognition.spotting.gaps import APART_S
from engine.recognition.spotting.joining import across_gaps
from engine.recognition.spotting.long_expressions import Answers, bring_together, long_expressions

_EXPRESSIVE = [index for index, name in enumerate(REGIONS) if name not in EYES]


def shown_by(row: NDArray, model: Classifier) -> Shown:
    """Return what a model says of a frame, (labels,) probabilities."""
    best = model.labels[int(row.argmax())]
    if best == NEUTRAL:
        return Shown.NEUTRAL
    return Shown.EXPRESSION if row.max() >= model.thresholds[best] else Shown.UNSURE


def with_long_expressions(
    track: Track,
    moved: list[Event],
    asked_s: NDArray,
    answers: NDArray,
    model: Classifier,
    own_rest: bool,
    covered: NDArray | None = None,
    named_rest_s: float | None = None,
) -> Track:
    """Return a track with its resting face, and with its events by both witnesses.

    Parameters
    ----------
    track
        Without events.
    moved
        By motion, named.
    asked_s
        (m,) times of the frames that the model was asked about.
    answers
        (m, labels) what it said.
    model
        What answered.
    own_rest
        Whether the person's own resting face is taken out of the answers.
    covered
        (m,) bool: where a hand or else covers the face. Nothing is answered for it then, and nothing decided.
    named_rest_s
        When the face rests, as a user says; None to find that out.
    """
    hidden = np.zeros(len(asked_s), bool) if covered is None else covered
    bare = ~hidden
    rest = find_rest(model.labels, answers[bare], _far(track, asked_s)[bare], _step(asked_s))
    if named_rest_s is not None and NEUTRAL in model.labels:
        named = rest_at(model.labels, asked_s[bare], answers[bare], named_rest_s)
        rest = replace(named, called_neutral=rest.called_neutral)
    seen, taken = answers, None
    if own_rest and rest.face is not None:
        seen, taken = rest.face.taken_out(answers), rest.face
        moved = [with_rest_taken_out(event, model, rest.face) for event in moved]
    moved = across_gaps(moved, track.gaps, asked_s, seen)
    moved = [replace(event, decided=event.decided and not _hidden(event, asked_s, hidden)) for event in moved]
    shown = [
        event
        for begin_s, end_s in _stretches(track, asked_s, hidden)
        for event in _shown(asked_s, seen, model, begin_s, end_s, taken)
    ]
    if taken is not None:
        at = [int(np.abs(asked_s - event.apex_s).argmin()) for event in shown]
        plain = [dict(zip(model.labels, map(float, answers[each]), strict=True)) for each in at]
        shown = [replace(event, plain=said) for event, said in zip(shown, plain, strict=True)]
    events = bring_together(moved, shown, rested=rest.called_neutral)
    return replace(track, rest=rest).with_events(tuple(events))


def _shown(
    asked_s: NDArray, rows: NDArray, model: Classifier, begin_s: float, end_s: float, rest: RestingFace | None
) -> list[Event]:
    here = (asked_s >= begin_s) & (asked_s <= end_s)
    return long_expressions(
        Answers(asked_s[here], rows[here], model.labels, model.thresholds, begin_s, end_s, model.name, rest)
    )


def _stretches(track: Track, asked_s: NDArray, hidden: NDArray) -> list[tuple[float, float]]:
    """Return from when to when the face was seen without a gap of more than a blink, and bare."""
    gaps = [(begin, end) for begin, end in track.gaps if end - begin > APART_S]
    begins = [float(track.time_s[0]), *(end for _, end in gaps)]
    ends = [*(begin for begin, _ in gaps), float(track.time_s[-1])]
    found = []
    for begin_s, end_s in zip(begins, ends, strict=True):
        here = np.flatnonzero((asked_s >= begin_s) & (asked_s <= end_s))
        for first, last in runs(~hidden[here]):
            from_s = begin_s if first == 0 else float(asked_s[here[first]])
            found.append((from_s, end_s if last == len(here) else float(asked_s[here[last - 1]])))
    return found


def _hidden(event: Event, asked_s: NDArray, hidden: NDArray) -> bool:
    """Tell whether a face is covered at an event's onset, apex or offset."""
    return any(hidden[np.abs(asked_s - at).argmin()] for at in (event.onset_s, event.apex_s, event.offset_s))


def _far(track: Track, asked_s: NDArray) -> NDArray[np.float64]:
    """Return how far from rest the furthest region is in the frames asked about."""
    return np.interp(asked_s, track.time_s, track.motion[:, _EXPRESSIVE].max(axis=1))


def _step(asked_s: NDArray) -> float:
    return float(np.median(np.diff(asked_s))) if len(asked_s) > 1 else 0.1
