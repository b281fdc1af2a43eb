"""One self-contained HTML file about one recording: facts, warnings, events, timelines, limits, versions.

It asks for nothing outside, prints well, and holds no picture of anybody unless pictures are passed on purpose.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape

import numpy as np

from engine.charts.action_units import unit_timeline
from engine.charts.html_document import html_document, html_figure, html_list, html_table
from engine.charts.layout import percent
from engine.charts.picture import data_url
from engine.charts.recording import event_bars, recording_timeline
from engine.emotions import MICRO_LONGEST_S
from engine.features.action_units import in_words
from engine.images.lowlight import METHODS
from engine.models.card import FORBIDDEN_USE, LIMITS
from engine.recognition.analysis import Analysis
from engine.records.corrections import NONE, Corrections, corrected, reviewed
from engine.records.events import versions
from engine.records.review import ReviewedEvent

RECORDING_LIMITS = (
    "Times are as exact as the frames: at 30 frames a second a frame lasts 33 ms.",
    "Some expressions are missed, and some events are none: speech, blinks and turns of the head move a face too.",
    "What an event means depends on the person and the moment; watch it before you conclude anything.",
)

Pictures = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""An event's name to its pictures at onset and apex, each (height, width) or (height, width, 3) uint8, gray or RGB."""


def report_html(analysis: Analysis, corrections: Corrections = NONE, pictures: Pictures | None = None) -> str:
    """Write a report of the events as they stand after the corrections.

    Parameters
    ----------
    analysis, corrections
        What was found, and what a person changed.
    pictures
        Of the events to be shown, by their names as `engine.records.corrections.reviewed` gives them; only with the
        consent of who is on them. Names that do not stand are left out.

    Returns
    -------
    str
        A whole HTML document, plotly.js inside.
    """
    return html_document(f"{analysis.recording.file}: expressions shown", _parts(analysis, corrections, pictures or {}))


def _parts(analysis: Analysis, corrections: Corrections, pictures: Pictures) -> Iterator[str]:
    events, now = reviewed(analysis, corrections), corrected(analysis, corrections)
    standing = [each for each in events if not each.rejected]
    shown = [each for each in standing if each.id in pictures]
    yield f"<h1>{escape(analysis.recording.file)}</h1>"
    yield "<p>Expressions shown in a recording. They say what a face showed, never what a person feels.</p>"
    yield html_table("", ("what", "value"), list(_facts(analysis, events)))
    if analysis.warnings:
        yield f'<div class="warning">{html_list("What to know first", analysis.warnings)}</div>'
    yield "<h2>Events</h2>"
    if standing:
        yield html_table("", _HEAD, [_row(each) for each in standing], "numbers last-wraps")
        yield f"<p>{escape(_LEGEND)}</p>"
    else:
        yield f"<p>{'No event was found.' if analysis.tracks else 'Nobody was seen.'}</p>"
    if now.tracks:
        yield "<h2>Over time</h2>"
    if len(now.tracks) > 1:
        yield html_figure(event_bars(now))
    for track in now.tracks:
        yield html_figure(recording_timeline(now, track.person))
        if len(track.units):
            yield html_figure(unit_timeline(now, track.person))
    if shown:
        yield "<h2>Pictures</h2>"
        yield from (_pictures(each, *pictures[each.id]) for each in shown)
    yield html_list("Limits", (*RECORDING_LIMITS, *LIMITS))
    yield html_list("Not to be used for", FORBIDDEN_USE)
    yield "<h2>What it was made with</h2>"
    used = ", ".join(f"{name} {number}" for name, number in versions().items())
    kept = "the pictures above" if shown else "none; the charts hold numbers only"
    seen = "as they are"
    if analysis.enhanced != "none":
        seen = f"enhanced by {METHODS[analysis.enhanced]} before they were named; spotted as they are"
    made = [
        ("Analysed with", f"NeuroMER; {used}"),
        ("Faces in low light", seen),
        ("Pictures of people", kept),
        ("Report written", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
    ]
    yield html_table("", ("what", "which"), made, "long")


_HEAD = (
    "event",
    "onset (s)",
    "apex (s)",
    "offset (s)",
    "lasts (ms)",
    "kind",
    "expression",
    "certainty",
    "by",
    "what moved",
)

_LEGEND = (
    f"An event is named by its person and its place. Micro: at most {MICRO_LONGEST_S:g} s from onset to offset. Open: "
    "seen for no longer than that and not whole, neither short nor long yet. A time in brackets: the expression was "
    "there already, or still. "
    "Certainty is the machine's, and stands only beside its own word. By: the machine alone; a person who moved or "
    "named it (what the machine said in brackets); or a person who added it. What moved: action units (AU) that rise "
    "from onset to apex, from 0 to 5; left and right are the person's."
)


def _facts(analysis: Analysis, events: tuple[ReviewedEvent, ...]) -> Iterator[tuple[str, str]]:
    recording, standing = analysis.recording, [each.event for each in events if not each.rejected]
    yield "Length", f"{recording.duration_s:.2f} s, {recording.frames:,} frames read"
    distinct = f", {recording.distinct_fps:.2f} of them distinct" if recording.distinct_share < 1 else ""
    yield "Frame rate", f"{recording.fps:.2f} frames a second{distinct}"
    yield "Picture", f"{recording.width} × {recording.height} pixels"
    yield "People seen", str(len(analysis.tracks))
    micro = sum(event.kind == "micro" for event in standing)
    macro = sum(event.kind == "macro" for event in standing)
    cut = f", cut short: {len(standing) - micro - macro}" if micro + macro < len(standing) else ""
    yield "Events", f"micro-expressions: {micro}, macro-expressions: {macro}{cut}"
    changed = sum(event.origin == "corrected" for event in standing)
    added = sum(event.origin == "added" for event in standing)
    rejected = sum(each.rejected and each.spotted is not None for each in events)
    if changed or added or rejected:
        yield "Changed by a person", f"{changed} corrected, {added} added, {rejected} rejected"


def _row(each: ReviewedEvent) -> tuple[str, ...]:
    event, machine = each.event, each.spotted
    onset = f"{event.onset_s:.3f}" if event.onset_seen else f"({event.onset_s:.3f})"
    offset = f"{event.offset_s:.3f}" if event.end_seen else f"({event.offset_s:.3f})"
    times = (onset, f"{event.apex_s:.3f}", offset)
    sure = "" if each.named or event.certainty is None else percent(event.certainty)
    by = {"spotted": "machine", "corrected": "corrected", "added": "added"}[event.origin]
    if each.named and machine is not None:
        by += f" (machine: {machine.answer})"
    elif event.origin == "corrected":
        by += " (times)"
    length = f"{1000 * event.duration_s:.0f}"
    return (each.id, *times, length, event.kind, event.answer, sure, by, in_words(event.moved))


def _pictures(each: ReviewedEvent, onset: np.ndarray, apex: np.ndarray) -> str:
    event, words = each.event, []
    for name, time, picture in (("onset", event.onset_s, onset), ("apex", event.apex_s, apex)):
        said = escape(f"Event {each.id}, {event.answer}: {name} at {time:.3f} s")
        words.append(f'<figure><img alt="{said}" src="{data_url(picture)}"><figcaption>{said}</figcaption></figure>')
    return f'<div class="pictures">{"".join(words)}</div>'
