"""The report of one session, recording or photo: as a self-contained page of HTML, and as a PDF.

Facts, warnings, events, timelines, what the models that answered reached, notes, room for somebody's own words, limits.
It asks for nothing outside, prints on A4 and Letter, and holds no picture of anybody unless pictures are passed on
purpose.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from engine import settings
from engine.charts.action_units import unit_timeline
from engine.charts.document import Block, Chart, Heading, Paragraph, Pictures, Points, Room, Table
from engine.charts.html_document import html_blocks, html_document
from engine.charts.layout import percent
from engine.charts.recording import event_bars, recording_timeline
from engine.charts.recording_drawing import recording_drawing
from engine.charts.recording_panels import Numbers
from engine.emotions import MICRO_LONGEST_S
from engine.errors import ModelError
from engine.features.action_units import in_words
from engine.images.lowlight import METHODS
from engine.models import card as cards
from engine.models import shipped
from engine.models.card import FORBIDDEN_USE, LIMITS
from engine.recognition.analysis import Analysis
from engine.records import photo
from engine.records.corrections import NONE, Corrections, corrected, numbers, reviewed
from engine.records.events import versions
from engine.records.review import ReviewedEvent

RECORDING_LIMITS = (
    "Times are as exact as the frames: at 30 frames a second a frame lasts 33 ms.",
    "Some expressions are missed, and some events are none: speech, blinks and turns of the head move a face too.",
    "What an event means depends on the person and the moment; watch it before you conclude anything.",
)
LEAD = "What a face showed, never what a person feels. This is no diagnosis, and no ground for one."

EventPictures = Mapping[str, Sequence[tuple[str, np.ndarray]]]
"""An event's name to its pictures, each a moment in words and (height, width) gray or (height, width, 3) RGB, uint8."""


@dataclass(frozen=True)
class Reported:
    """One recording, Live run or photo of a report.

    Attributes
    ----------
    analysis, corrections
        What was found, and what a person changed.
    pictures
        Of the events to be shown, by their names as `engine.records.corrections.reviewed` gives them, and under the
        empty name the whole; only with the consent of who is on them. Names that do not stand are left out.
    made_with
        Packages and versions that it was analysed with.
    """

    analysis: Analysis
    corrections: Corrections = NONE
    pictures: EventPictures = field(default_factory=dict, repr=False)
    made_with: Mapping[str, Any] = field(default_factory=versions)

    @property
    def is_photo(self) -> bool:
        """Whether it is a photo, which has no time."""
        tracks = self.analysis.tracks
        return not self.analysis.recording.duration_s and all(
            event.kind == photo.KIND for track in tracks for event in track.events
        )


@dataclass(frozen=True)
class Report:
    """What a report is to say.

    Attributes
    ----------
    title
        Its heading.
    recordings
        In order.
    facts
        What is told first: names and values, such as the person's code.
    notes
        When and where each was made, and what it says.
    words
        What somebody has written for it; empty leaves room, None leaves none.
    """

    title: str
    recordings: Sequence[Reported]
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[tuple[str, str]] = ()
    words: str | None = None


def of_recording(reported: Reported, person: str = "", notes: str = "") -> Report:
    """Return the report of a single recording or photo.

    Parameters
    ----------
    reported
        Which.
    person
        A code for the person, without a name; empty for none.
    notes
        Somebody's own words.
    """
    facts = (("Person", person),) if person else ()
    return Report(reported.analysis.recording.file, (reported,), facts, words=notes)


def report_html(report: Report) -> str:
    """Return a report as a whole HTML document, plotly.js inside."""
    return html_document(f"{report.title}: expressions shown", html_blocks(_blocks(report)))


def report_pdf(report: Report) -> bytes:
    """Return a report as a PDF."""
    # Not above: letters and lines for paper are needed by whoever asks for a PDF only.
    from engine.charts.pdf_document import pdf_document

    return pdf_document(f"{report.title}: expressions shown", _blocks(report), f"NeuroMER  ·  {LEAD}")


def _blocks(report: Report) -> Iterator[Block]:
    yield Heading(report.title, 1)
    yield Paragraph(LEAD)
    if report.facts:
        yield Table(("what", "value"), report.facts, "facts")
    for reported in report.recordings:
        if len(report.recordings) > 1 or report.facts:
            yield Heading(reported.analysis.recording.file)
        yield from _recording(reported)
    if report.notes:
        yield Heading("Notes")
        yield Table(("when", "note"), report.notes, "numbers last-wraps")
    if report.words is not None:
        yield Room("In your own words", report.words)
    yield from _models(report.recordings)
    photos_only = all(reported.is_photo for reported in report.recordings)
    yield Points("Limits", LIMITS if photos_only else (*RECORDING_LIMITS, *LIMITS))
    yield Points("Not to be used for", FORBIDDEN_USE)
    yield Heading("What it was made with")
    yield Table(("what", "which"), list(_made_with(report)), "facts")


def _recording(reported: Reported) -> Iterator[Block]:
    analysis = reported.analysis
    events, now = reviewed(analysis, reported.corrections), corrected(analysis, reported.corrections)
    standing = [each for each in events if not each.rejected]
    yield Table(("what", "value"), list(_facts(reported, events)), "facts")
    if analysis.warnings:
        yield Points("What to know first", analysis.warnings, warning=True)
    if "" in reported.pictures:
        yield Pictures(reported.pictures[""])
    yield Heading("Faces" if reported.is_photo else "Events", 3)
    if standing:
        yield _events(reported, standing)
    else:
        yield Paragraph("No event was found." if analysis.tracks else "Nobody was seen.")
    # What is kept without its curves, as a photo is, has no line to draw.
    curves = [track for track in now.tracks if len(track.time_s)]
    if curves:
        yield Chart(
            lambda: list(_figures(now, numbers(analysis, reported.corrections))), lambda: list(_drawings(now, standing))
        )
    shown = [
        (f"Event {each.id}, {each.event.answer}: {_moment(each, moment)}", picture)
        for each in standing
        for moment, picture in reported.pictures.get(each.id, ())
    ]
    if shown:
        yield Heading("Pictures", 3)
        yield Pictures(shown)


def _moment(each: ReviewedEvent, moment: str) -> str:
    times = {"onset": each.event.onset_s, "apex": each.event.apex_s}
    return f"{moment} at {times[moment]:.3f} s" if moment in times else moment


def _figures(now: Analysis, named: Numbers) -> Iterator[Any]:
    if len(now.tracks) > 1:
        yield event_bars(now, numbers=named)
    for track in now.tracks:
        yield recording_timeline(now, track.person, numbers=named)
        if len(track.units):
            yield unit_timeline(now, track.person)


def _drawings(now: Analysis, standing: Sequence[ReviewedEvent]) -> Iterator[Any]:
    for track in now.tracks:
        if len(track.time_s):
            named = [(each.id, each.event) for each in standing if each.person == track.person]
            yield recording_drawing(track, now.recording.duration_s, named)


_HEAD = ("event", "onset (s)", "apex (s)", "offset (s)", "lasts (ms)", "kind")
_ANSWER = ("expression", "certainty", "asked", "by", "what moved")

_LEGEND = (
    f"An event is named by its person and its place. Micro: at most {MICRO_LONGEST_S:g} s from onset to offset. Open: "
    "seen for no longer than that and not whole, neither short nor long yet. A time in brackets: the expression was "
    "there already, or still. "
)
_ANSWER_LEGEND = (
    "Certainty is the machine's, and stands only beside its own word; asked: the least at which it says that "
    "expression, below which it is undecided. By: the machine alone; a person who moved or named it (what the machine "
    "said in brackets); or a person who added it. What moved: action units (AU), from 0 to 5; left and right are the "
    "person's."
)


def _events(reported: Reported, standing: Sequence[ReviewedEvent]) -> Block:
    asked = {name: cards.thresholds(card) for name, card in _cards([reported]).items() if card is not None}
    rows = [
        ((each.id,) if reported.is_photo else _times(each)) + _answer(each, asked.get(str(each.event.model), {}))
        for each in standing
    ]
    head = (*(("face",) if reported.is_photo else _HEAD), *_ANSWER)
    return Table(head, rows, "numbers last-wraps")


def _facts(reported: Reported, events: tuple[ReviewedEvent, ...]) -> Iterator[tuple[str, str]]:
    recording, standing = reported.analysis.recording, [each.event for each in events if not each.rejected]
    if not reported.is_photo:
        yield "Length", f"{recording.duration_s:.2f} s, {recording.frames:,} frames read"
        distinct = f", {recording.distinct_fps:.2f} of them distinct" if recording.distinct_share < 1 else ""
        yield "Frame rate", f"{recording.fps:.2f} frames a second{distinct}"
    yield "Picture", f"{recording.width} × {recording.height} pixels"
    yield "Faces" if reported.is_photo else "People seen", str(len(reported.analysis.tracks))
    if not reported.is_photo:
        micro = sum(event.kind == "micro" for event in standing)
        macro = sum(event.kind == "macro" for event in standing)
        cut = f", cut short: {len(standing) - micro - macro}" if micro + macro < len(standing) else ""
        yield "Events", f"micro-expressions: {micro}, macro-expressions: {macro}{cut}"
    changed = sum(event.origin == "corrected" for event in standing)
    added = sum(event.origin == "added" for event in standing)
    rejected = sum(each.rejected and each.spotted is not None for each in events)
    if changed or added or rejected:
        yield "Changed by a person", f"{changed} corrected, {added} added, {rejected} rejected"
    enhanced = reported.analysis.enhanced
    if enhanced != "none":
        yield "Faces in low light", f"enhanced by {METHODS[enhanced]} before they were named; spotted as they are"


def _times(each: ReviewedEvent) -> tuple[str, ...]:
    event = each.event
    onset = f"{event.onset_s:.3f}" if event.onset_seen else f"({event.onset_s:.3f})"
    offset = f"{event.offset_s:.3f}" if event.end_seen else f"({event.offset_s:.3f})"
    return (each.id, onset, f"{event.apex_s:.3f}", offset, f"{1000 * event.duration_s:.0f}", event.kind)


def _answer(each: ReviewedEvent, asked: Mapping[str, float]) -> tuple[str, ...]:
    event, machine = each.event, each.spotted
    own = each.named or event.certainty is None
    sure = "" if own else percent(event.certainty or 0.0)
    least = "" if own or event.expression not in asked else percent(asked[event.expression])
    by = {"spotted": "machine", "corrected": "corrected", "added": "added"}[event.origin]
    if each.named and machine is not None:
        by += f" (machine: {machine.answer})"
    elif event.origin == "corrected":
        by += " (times)"
    return (event.answer, sure, least, by, in_words(event.moved))


def _cards(recordings: Sequence[Reported]) -> dict[str, dict[str, Any] | None]:
    """Return the card of each model that named an event, by its name; None where it is damaged or no longer there."""
    found: dict[str, dict[str, Any] | None] = {}
    for reported in recordings:
        for track in reported.analysis.tracks:
            for name in {event.model for event in track.events if event.model} - set(found):
                found[name] = None
                with suppress(ModelError):
                    folder = settings.WEIGHTS_FOLDER / name
                    # Any other is a training run's, whose card has the run's name.
                    found[name] = cards.read(folder if folder.is_dir() else shipped.folder(shipped.RUN + name))
    return found


def _models(recordings: Sequence[Reported]) -> Iterator[Block]:
    found = _cards(recordings)
    if found:
        rows = [
            (name, "", "its card is no longer here") if card is None else (card["title"], _version(card), _right(card))
            for name, card in found.items()
        ]
        yield Heading("What named the expressions")
        yield Table(("model", "version", "how often it was right"), rows, "numbers last-wraps")
    photos_only = all(reported.is_photo for reported in recordings)
    yield Paragraph(_ANSWER_LEGEND if photos_only else _LEGEND + _ANSWER_LEGEND, small=True)


def _version(card: Mapping[str, Any]) -> str:
    told = card.get("files")
    return str(told.get("model.onnx", ""))[:12] if isinstance(told, Mapping) else ""


def _right(card: Mapping[str, Any]) -> str:
    """Say what a model reached, as its card has it."""
    with suppress(KeyError, TypeError, ValueError, IndexError, AttributeError):
        first = card["evaluations"][0]
        if "whole" in first:
            whole = first["whole"]
            return (
                f"{_interval(whole['uar'], whole['uar_interval'])} of {first['clips']:,} micro-expressions of "
                f"{first['subjects']:,} people whom it had not seen, as a mean of its kinds"
            )
        right = _interval(first["accuracy"], first["accuracy_interval"])
        return f"{right} of {first['n']:,} photos: {first['data']}, judged by {first['judged_by']}"
    return "its card does not tell"


def _interval(share: float, ends: Sequence[float]) -> str:
    low, high = ends
    return f"{percent(share, 1)} (95 % interval {percent(low, 1)} to {percent(high, 1)})"


def _made_with(report: Report) -> Iterator[tuple[str, str]]:
    used = dict.fromkeys(
        ", ".join(f"{name} {number}" for name, number in reported.made_with.items()) for reported in report.recordings
    )
    yield "Analysed with", f"NeuroMER; {'; '.join(used)}"
    if all(reported.analysis.enhanced == "none" for reported in report.recordings):
        yield "Faces in low light", "as they are"
    shown = any(reported.pictures for reported in report.recordings)
    yield "Pictures of people", "the pictures above" if shown else "none; the charts hold numbers only"
    yield "Report written", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
