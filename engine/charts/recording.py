"""A recording over time: events alone, or with motion by region and expressions on one time axis.

A recording may be long. Each line has at most about `engine.charts.recording_panels.MOST_POINTS` points, peaks kept;
where more is to be seen, ask for a ``window``, which is drawn from all of its frames.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts import recording_panels as panels
from engine.charts.layout import finish, note
from engine.charts.recording_panels import NO_NUMBERS, Numbers, TimeSpan
from engine.recognition.analysis import REGIONS, Analysis, Track
from engine.words import counted, in_percent

_MOST_EVENTS, _MOST_GAPS = 12, 6  # that are told in words
# From the bottom of a timeline to its top: events, largest motion, regions, expressions; and change from rest.
_WITHOUT_REST = ([0.9, 1], [0.73, 0.87], [0.36, 0.7], [0, 0.33])
_WITH_REST = ([0.91, 1], [0.77, 0.88], [0.32, 0.59], [0, 0.29])
_CHANGE = [0.62, 0.74]


def event_bars(analysis: Analysis, window: TimeSpan | None = None, numbers: Numbers = NO_NUMBERS) -> go.Figure:
    """Draw events as bars, a person a row: micro-expressions hatched with a triangle at the apex, macro with a disc.

    Parameters
    ----------
    analysis
        May have no people or no events; then the figure says so.
    window
        Begin and end in seconds of what is shown; None for all.
    numbers
        What events are called.
    """
    # The first person stands on top.
    figure, rows = go.Figure(), analysis.tracks[::-1]
    span = window or (0.0, analysis.recording.duration_s)
    panels.draw_events(figure, rows, "y", span, numbers)
    names = [f"person {track.person}" for track in rows]
    # Room for a name above each bar.
    figure.update_yaxes(_named_rows(names, range(len(rows)), (-0.5, max(len(rows), 1) - 0.25)))
    if not any(track.events for track in rows):
        words = "No event was found." if rows else "Nobody was seen."
        note(figure, words, 0.5, 0.5, xref="paper", yref="paper")
    return _finished(figure, "Events", _events_in_words(analysis), 170 + 54 * max(1, len(rows)), "y", span)


def recording_timeline(
    analysis: Analysis, person: int, window: TimeSpan | None = None, numbers: Numbers = NO_NUMBERS
) -> go.Figure:
    """Draw all that is known of a person over one time axis: events, motion, regions, expressions.

    Parameters
    ----------
    analysis
        With a track of that person.
    person
        Whose.
    window
        Begin and end in seconds of what is shown; None for all.
    numbers
        What events are called.

    Raises
    ------
    ValueError
        For a person who was not seen.
    """
    track = next((track for track in analysis.tracks if track.person == person), None)
    if track is None:
        raise ValueError(f"Expected one of the persons seen. Received: {person}")
    figure, span = go.Figure(), window or (0.0, analysis.recording.duration_s)
    panels.draw_events(figure, [track], "y", span, numbers)
    top = panels.draw_strongest(figure, track, "y2", window)
    panels.draw_marks(figure, track.events, 0, 1.1 * top, "y2", span)
    panels.draw_regions(figure, track, "y3", window)
    panels.draw_expressions(figure, track, "y4", window)
    known = track.rest.face is not None and len(track.time_s) > 0
    heights = _WITH_REST if known else _WITHOUT_REST
    if known:
        figure.update_layout(yaxis5=_change_axis(panels.draw_change(figure, track, "y5", window)))
    count = len(track.labels)
    figure.update_layout(
        yaxis={"domain": heights[0], "range": [-0.5, 0.75], "tickvals": [0], "ticktext": ["events"]},
        yaxis2={
            "domain": heights[1],
            "range": [0, 1.1 * top],
            "ticksuffix": " %",
            "nticks": 4,
            "title": "largest",
            "gridcolor": palette.rgba(palette.GRAY, 0.3),
            "zeroline": False,
        },
        # Brows on top, as in the face.
        yaxis3=_named_rows(REGIONS, range(len(REGIONS)), (len(REGIONS) - 0.5, -0.5)) | {"domain": heights[2]},
        yaxis4=_named_rows(
            track.labels[::-1], [row + panels.ROW_HEIGHT / 2 for row in range(count)], (0, max(count, 1))
        )
        | {"domain": heights[3]},
    )
    told = (_events_in_words(analysis, person), _motion_in_words(track), _change_in_words(track))
    alt = " ".join(filter(None, (*told, _shares_in_words(track))))
    below = f"motion in % of the distance between the eyes,<br>darkest blue = {panels.fullest(track):.1f} %"
    return _finished(figure, f"Person {person} over time", alt, 920 if known else 820, "y4", span, below)


def _change_axis(top: float) -> dict[str, object]:
    """Return an axis of logarithms that says how many times as probable."""
    times = [times for times in (1, 10, 100, 1000) if np.log(times) <= 1.1 * top]
    return {
        "domain": _CHANGE,
        "range": [0, 1.1 * top],
        "tickvals": [float(np.log(each)) for each in times],
        "ticktext": [f"×{each}" for each in times],
        "title": "from rest",
        "gridcolor": palette.rgba(palette.GRAY, 0.3),
        "zeroline": False,
    }


def _finished(
    figure: go.Figure, title: str, alt: str, height: int, lowest: str, span: TimeSpan, below: str = ""
) -> go.Figure:
    figure.update_xaxes(title="time (s)", range=list(span), anchor=lowest, showgrid=False, zeroline=False)
    # Below the time axis, where it may take as many lines as a narrow screen needs.
    legend = {"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False}
    figure.update_layout(legend=legend | {"title": None}, barmode="overlay", hovermode="closest")
    return finish(figure, title, alt, height, zoom=True, below=below)


def _named_rows(names: Sequence[str], at: Iterable[float], span: TimeSpan) -> dict[str, object]:
    """Return an axis with a name at each row and nothing else."""
    return {"range": list(span), "tickvals": list(at), "ticktext": list(names), "showgrid": False, "zeroline": False}


def _events_in_words(analysis: Analysis, person: int | None = None) -> str:
    """Say who showed what when; of one person or of all."""
    tracks = [track for track in analysis.tracks if person in (None, track.person)]
    if not tracks:
        return "Nobody was seen in the recording."
    told = []
    for track in tracks:
        micro = sum(event.kind == "micro" for event in track.events)
        macro = sum(event.kind == "macro" for event in track.events)
        head = f"Person {track.person}: {_count(micro, 'micro-expression')} and {_count(macro, 'macro-expression')}"
        if cut := len(track.events) - micro - macro:
            head += f", and {counted(cut, 'expression cut short', 'expressions cut short')}"
        events = [
            f"{each.answer} ({each.kind}) from {each.onset_s:.2f} to {each.offset_s:.2f} s, apex {each.apex_s:.2f} s"
            for each in track.events[:_MOST_EVENTS]
        ]
        if len(track.events) > _MOST_EVENTS:
            events.append(f"and {len(track.events) - _MOST_EVENTS} more")
        told.append(f"{head}{': ' if events else ''}{'; '.join(events)}. {_gaps_in_words(track)}".strip())
    return " ".join(told)


def _motion_in_words(track: Track) -> str:
    """Say how far a face moves at most, where and when, and how far the regions do that move furthest."""
    if not len(track.time_s):
        return f"Person {track.person} was seen in no frame."
    row, column = np.unravel_index(int(np.argmax(track.motion)), track.motion.shape)
    first = (
        f"Motion of person {track.person} from {track.time_s[0]:.1f} to {track.time_s[-1]:.1f} s: largest "
        f"{track.motion[row, column]:.1f} % of the distance between the eyes, {REGIONS[column]}, at "
        f"{track.time_s[row]:.2f} s."
    )
    most = track.motion.max(axis=0)
    by_region = ", ".join(f"{REGIONS[at]} {most[at]:.1f} %" for at in np.argsort(-most, kind="stable")[:5])
    return f"{first} The regions that move furthest: {by_region}."


def _change_in_words(track: Track) -> str:
    """Say what rises most above this person's rest, how much and when; nothing where that rest is not known."""
    if track.rest.face is None or not len(track.time_s):
        return ""
    change, which = track.rest.face.largest_change(track.probabilities)
    at = int(change.argmax())
    return (
        f"Change from this person’s rest: at most {track.labels[which[at]]}, {np.exp(change[at]):.0f} times as "
        f"probable as at rest, at {track.time_s[at]:.2f} s."
    )


def _shares_in_words(track: Track) -> str:
    """Say which expressions a face shows for how much of the time, and when each is most probable."""
    if not len(track.time_s):
        return f"Person {track.person} was seen in no frame."
    top = np.bincount(track.probabilities.argmax(axis=1), minlength=len(track.labels)) / len(track.time_s)
    told = []
    for at in np.argsort(-top, kind="stable"):
        best = int(track.probabilities[:, at].argmax())
        told.append(
            f"{track.labels[at]} most probable in {in_percent(top[at], 0)} of the frames, at most "
            f"{in_percent(track.probabilities[best, at], 0)} at {track.time_s[best]:.2f} s"
        )
    return f"Probability of each expression of person {track.person}: {'; '.join(told)}."


def _gaps_in_words(track: Track) -> str:
    if not track.gaps:
        return ""
    told = [f"{begin:.1f} to {end:.1f} s" for begin, end in track.gaps[:_MOST_GAPS]]
    if len(track.gaps) > _MOST_GAPS:
        told.append(f"and {len(track.gaps) - _MOST_GAPS} more times")
    return f"The face was not seen from {', '.join(told)}."


def _count(number: int, what: str) -> str:
    return counted(number, what) if number else f"no {what}s"
