"""Answers in words: of a face in a photo, and of an event in a recording."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from engine import settings
from engine.charts.layout import percent
from engine.emotions import MICRO_LONGEST_S, NEUTRAL, SEVEN
from engine.errors import ModelError
from engine.features import action_units
from engine.features.action_units import Moved
from engine.images.lowlight import METHODS
from engine.models import card as cards
from engine.recognition.analysis import Analysis, Event
from engine.recognition.photo import FaceResult
from engine.records.review import ReviewedEvent
from engine.words import counted
from pages.views.common.text import duration

NO_FACE = (
    "No face found. Try a picture in which a face is at least 40 pixels wide, turned towards the camera, evenly "
    "lit, and not cut off or covered."
)
EVENT_KINDS = {
    "micro": "micro-expression",
    "macro": "macro-expression",
    "open": "expression cut short",
    "photo": "photo",
}
"""``open``: seen for so short a time that nobody can tell which of the two it is."""
_CHANCE = 1 / len(SEVEN)
_SEVERAL = {"open": "expressions cut short"}
_LIMITS = (
    f"A micro-expression lasts {MICRO_LONGEST_S:g} s at most, a macro-expression longer. What is spotted is motion "
    "that comes and goes: speaking, chewing and a hand at the face move it too. How often that is right was measured "
    "on drawn faces and on bent photos; of people who move by themselves more is missed. Look at each event before you "
    "rely on it."
)


def face_headline(face: FaceResult) -> str:
    """Return the answer in a few words: ``happy, 93 %`` or ``undecided: most probable sad, 41 %``."""
    undecided = "" if face.decided else "undecided: most probable "
    return f"{undecided}{face.expression}, {percent_in_words(face.certainty)}"


def face_certainty(face: FaceResult) -> str:
    """Say what the certainty is worth: against the model's threshold, and how often it is right above it."""
    told: dict[str, Any] = face.model.card["threshold"]
    least = least_in_words(face.model.thresholds[face.expression])
    others = [label for label in face.probabilities if label != face.expression]
    second = max(others, key=face.probabilities.__getitem__)
    next_best = f"Next is {second} with {percent_in_words(face.probabilities[second])}."
    if face.face.quality.unreadable:
        why = " ".join(check.sentence for check in face.face.quality.unreadable)
        return f"Undecided, however probable one expression seems. {why}"
    if not face.decided:
        return (
            f"Not sure enough to say: for {face.expression} it takes {least}, below which this model is wrong too "
            f"often. {next_best}"
        )
    decided = f"Sure enough to say ({least}). {next_best}"
    if told.get("accuracy_decided") is None:
        return decided
    right = 100 * told["accuracy_decided"]
    return f"{decided} When this sure on test pictures, it was right {right:.0f} times in 100."


def spotting_limits() -> str:
    """Say what spotting and naming are worth; what naming is worth stands in the clip model's card."""
    with suppress(ModelError, LookupError):
        (evaluation,) = cards.read(settings.WEIGHTS_FOLDER / "neuromer-flow")["evaluations"]
        right, low, high = (
            percent_in_words(each) for each in (evaluation["whole"]["uar"], *evaluation["whole"]["uar_interval"])
        )
        return (
            f"{_LIMITS} Micro-expressions are named negative, positive or surprise: of {evaluation['clips']} real ones "
            f"of {evaluation['subjects']} people whom the model had not seen, {right} were named right, as a mean of "
            f"the three kinds ({low} to {high})."
        )
    return _LIMITS


def recording_headline(analysis: Analysis) -> str:
    """Return how many events stand, in how long: ``2 micro-expressions and 1 macro-expression in 12.0 s``."""
    lasts = duration(analysis.recording.duration_s, 1)
    if not analysis.tracks:
        return f"No face in {lasts}"
    events = [event for track in analysis.tracks for event in track.events]
    found = [
        counted(number, word, _SEVERAL.get(kind))
        for kind, word in EVENT_KINDS.items()
        if (number := sum(event.kind == kind for event in events))
    ]
    return f"{' and '.join(found)} in {lasts}" if found else f"No expression stands out in {lasts}"


def recording_facts(analysis: Analysis, example: bool) -> str:
    """Return whom and what the recording shows, and what its faces went through, in a line."""
    recording = analysis.recording
    people = counted(len(analysis.tracks), "drawn face" if example else "face") if analysis.tracks else "nobody"
    said = [people, f"{recording.frames:,} frames", f"{recording.fps:.4g} frames a second"]
    if recording.distinct_share < 1:
        said.append(f"{recording.distinct_fps:.4g} of them distinct")
    said.append(f"{recording.width} × {recording.height} pixels")
    if analysis.enhanced != "none":
        said.append(f"named from faces enhanced by {METHODS[analysis.enhanced]}")
    return ", ".join(said)


def event_answer(each: ReviewedEvent) -> str:
    """Return what an event shows, in a few words: ``happy, 83 %``, ``undecided, most probable sad, 41 %``."""
    event = each.event
    if each.rejected:
        return f"rejected (was {event.answer})"
    if each.named:
        return f"{event.expression}, your correction"
    if event.certainty is None:
        return event.answer
    return answer_with_share(event.expression, event.decided, event.certainty)


def answer_with_share(expression: str, decided: bool, certainty: float) -> str:
    """Return an answer and how probable it is: ``happy, 83 %``, ``undecided, most probable sad, 41 %``.

    What is undecided and less probable than by chance is not named.
    """
    share = percent_in_words(certainty)
    if decided:
        return f"{expression}, {share}"
    if expression == NEUTRAL:
        return f"undecided, most probably nothing but neutral, {share}"
    return f"undecided, most probable {expression}, {share}" if certainty >= _CHANCE else "undecided"


def event_times(event: Event) -> dict[str, str]:
    """Return onset, apex and offset in words, by their names."""
    onset = f"{event.onset_s:.3f} s" if event.onset_seen else f"not seen; there from {event.onset_s:.3f} s on"
    offset = f"{event.offset_s:.3f} s" if event.end_seen else f"end not seen; still there at {event.offset_s:.3f} s"
    return {"Onset": onset, "Apex": f"{event.apex_s:.3f} s", "Offset": offset}


def event_length(event: Event) -> str:
    """Return how long an event lasts: ``lasts 1,840 ms``, ``lasts at least 1,840 ms``."""
    least = "" if event.onset_seen and event.end_seen else "at least "
    return f"lasts {least}{1000 * event.duration_s:,.0f} ms"


def moved_words(moved: Moved) -> str:
    """Say what moved in an event, and that nothing did that could be told."""
    return action_units.in_words(moved) or "no action unit that can be told"


def event_title(each: ReviewedEvent) -> str:
    """Return an event as one line of a list: ``1-2 · 3.42 s · micro-expression · happy, 83 %``."""
    answer = "rejected" if each.rejected else event_answer(each)
    return f"{each.id} · {each.event.onset_s:.2f} s · {EVENT_KINDS[each.event.kind]} · {answer}"


def event_certainty(each: ReviewedEvent, thresholds: Mapping[str, float] | None) -> str:
    """Say what the answer is worth, and whose word it is."""
    event = each.event
    if each.rejected:
        return "You rejected it: it is counted nowhere, and stands in the JSON file only."
    if each.spotted is None:
        return "You added it; nothing has answered for it."
    if each.named:
        machine = each.spotted
        return f"The name is yours. The model said {machine.answer}{_share(machine)}."
    others = sorted(event.probabilities, key=event.probabilities.__getitem__, reverse=True)[1:2]
    second = f" Next is {others[0]} with {percent_in_words(event.probabilities[others[0]])}." if others else ""
    second += _without_rest(event)
    if thresholds is None:
        return second.strip()
    least = least_in_words(thresholds[event.expression])
    if event.expression == NEUTRAL:
        return f"Undecided: something moved, but this model sees nothing but a neutral face.{second}"
    if not event.decided:
        return f"Not sure enough to say: for {event.expression} it takes {least}.{second}"
    return f"Sure enough to say ({least}).{second}"


def _without_rest(event: Event) -> str:
    """Say what the answer were without regard to how this face rests; nothing where that is the answer."""
    if not event.plain:
        return ""
    best = max(event.plain, key=event.plain.__getitem__)
    return (
        f" How this face rests is taken out; as it is, the model says {best}, {percent_in_words(event.plain[best])}, "
        f"and {percent_in_words(event.plain[event.expression])} for {event.expression}."
    )


def least_in_words(threshold: float) -> str:
    """Return the probability from which an expression counts as decided: ``64 % or more``."""
    return f"{percent_in_words(threshold)} or more" if threshold <= 1 else "more than there is"


def percent_in_words(share: float) -> str:
    """Return a share in whole percent, in words where it is near 0 or 1."""
    return percent(share).replace(">", "over").replace("<", "under")


def event_rows(events: Sequence[ReviewedEvent]) -> list[dict[str, object]]:
    """Return a row an event for a table."""
    return [
        {
            "event": each.id,
            "start": each.event.onset_s,
            "expression": event_answer(each),
            "kind": each.event.kind,
            "lasts": each.event.duration_s,
            "what moved": action_units.in_words(each.event.moved),
            "seen": _seen(each.event),
            "peak": each.event.apex_s,
            "end": each.event.offset_s,
            "changed": "rejected" if each.rejected else "" if each.event.origin == "spotted" else each.event.origin,
        }
        for each in events
    ]


def _seen(event: Event) -> str:
    """Say which end of an event was not seen; nothing where both were."""
    missed = [name for name, seen in (("onset", event.onset_seen), ("end", event.end_seen)) if not seen]
    return f"{' and '.join(missed)} not seen" if missed else ""


def _share(event: Event) -> str:
    return "" if event.certainty is None else f" ({percent_in_words(event.certainty)} for {event.expression})"
