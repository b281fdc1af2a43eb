"""The parts of a recording's timeline; each draws onto a figure whose time axis they share.

Long recordings take few points: what a screen cannot show is left out, but no peak is.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import as_text
from engine.emotions import NEUTRAL
from engine.recognition.analysis import REGIONS, Event, Track
from engine.words import in_percent

MOST_POINTS = 2000
"""Of one line, or columns of one map: more than a wide screen has pixels across."""

TimeSpan = tuple[float, float]

KIND_STYLES = {
    "macro": ("macro-expression", palette.BLUE, "", "circle"),
    "micro": ("micro-expression", palette.VERMILLION, "/", "triangle-up"),
    "open": ("cut short", palette.GRAY, ".", "diamond"),
}
"""Name, colour, pattern of the bar and symbol of the apex of each kind."""
ROW_HEIGHT = 0.9
"""Of an expression's row: the height that stands for certainty."""
_LEAST_TOP = 2.0
"""Percent of the distance between the eyes: a face at rest must not fill the panel with its noise."""
_LEAST_CHANGE = float(np.log(10))
"""A face that hardly changes must not fill the panel with how it wanders."""
_MOST_MARKED = 40
"""Events marked over a panel; more would hide what they mark."""
_NAMED_APART, _NUMBERED_APART = 0.22, 0.1
"""Of the axis: the room that an event's name takes on a narrow screen, and that its number alone takes."""

Numbers = Mapping[int, Sequence[str]]
"""What the events of a person are called, in their order: ``{1: ("1-1", "1-2")}``."""
NO_NUMBERS: Numbers = {}


def runs_without_gap(time_s: np.ndarray, gaps: tuple[TimeSpan, ...], window: TimeSpan | None = None) -> list[slice]:
    """Return the runs of frames without a gap between them.

    Parameters
    ----------
    time_s
        (n,) seconds, rising.
    gaps
        Begin and end of each gap, in seconds.
    window
        Only what is shown between these two moments, and one frame on either side; None for all.
    """
    first, last = 0, len(time_s)
    if window is not None:
        first = max(0, int(np.searchsorted(time_s, window[0])) - 1)
        last = min(last, int(np.searchsorted(time_s, window[1], "right")) + 1)
    middles = [(begin + end) / 2 for begin, end in gaps]
    cuts = [int(at) for at in np.searchsorted(time_s, middles) if first < at < last]
    ends = [first, *sorted(set(cuts)), last]
    return [slice(begin, end) for begin, end in pairwise(ends) if end > begin]


def group_size(runs: list[slice], most: int) -> int:
    """Return how many frames have to share one place so that at most ``most`` places are filled, but for the cuts."""
    return max(1, -(-sum(run.stop - run.start for run in runs) // most))


def envelope(time_s: np.ndarray, values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a line that looks the same with two points a group: the lowest and the highest, in order of time.

    Parameters
    ----------
    time_s, values
        (n,) each.
    size
        Frames of a group; the line is returned as it is where a group has no more than two.

    Returns
    -------
    tuple of numpy.ndarray
        Times and values, at most 2 ⌈n / size⌉ each.
    """
    if size <= 2:
        return time_s, values
    count = -(-len(values) // size)
    padded = np.concatenate([values, np.full(count * size - len(values), values[-1])]).reshape(count, size)
    at = np.sort(np.stack([padded.argmin(axis=1), padded.argmax(axis=1)], axis=1), axis=1)
    at = np.minimum(at + size * np.arange(count)[:, None], len(values) - 1).ravel()
    return time_s[at], values[at]


def group_max(values: np.ndarray, size: int) -> np.ndarray:
    """Return the highest of each group: (⌈n / size⌉, columns) of (n, columns)."""
    return np.maximum.reduceat(values, np.arange(0, len(values), size), axis=0)


def draw_events(
    figure: go.Figure, rows: Sequence[Track], yaxis: str, window: TimeSpan, numbers: Numbers = NO_NUMBERS
) -> None:
    """Draw a bar an event, a person a row; the apex has a mark that is seen even where the bar is thin as a hair."""
    number = {
        id(event): f"{name} "
        for track in rows
        for event, name in zip(track.events, numbers.get(track.person, ()), strict=False)
    }
    for kind, (name, colour, pattern, symbol) in KIND_STYLES.items():
        found = [
            (row, track.person, event) for row, track in enumerate(rows) for event in track.events if event.kind == kind
        ]
        if not found:
            continue
        at, events = [row for row, _, _ in found], [event for _, _, event in found]
        told = {
            "yaxis": yaxis,
            "legendgroup": kind,
            "customdata": [[number.get(id(event), "") + _in_words(event)] for event in events],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
        }
        figure.add_bar(
            orientation="h",
            y=at,
            base=[event.onset_s for event in events],
            x=[event.duration_s for event in events],
            width=0.5,
            name=name,
            **told,
            marker={
                # What is undecided is hollow.
                "color": [palette.rgba(colour, 0.75 if event.decided else 0.15) for event in events],
                "line": {"color": colour, "width": 1.5},
                "pattern": {"shape": pattern, "size": 6, "fgcolor": palette.WHITE, "solidity": 0.3},
            },
        )
        figure.add_scatter(
            x=[event.apex_s for event in events],
            y=at,
            mode="markers",
            name=f"its apex ({kind})",
            **told,
            showlegend=False,
            marker={"symbol": symbol, "size": 11, "color": colour, "line": {"color": palette.WHITE, "width": 1.5}},
        )
    draw_gaps(figure, [(row - 0.35, row + 0.35, gap) for row, track in enumerate(rows) for gap in track.gaps], yaxis)
    _names(figure, rows, yaxis, window, number)


def draw_strongest(figure: go.Figure, track: Track, yaxis: str, window: TimeSpan | None) -> float:
    """Draw the largest motion of a region as a line; return how high it goes."""
    runs = runs_without_gap(track.time_s, track.gaps, window)
    size = 2 * group_size(runs, MOST_POINTS)
    strongest = track.motion.max(axis=1)
    x, y = _joined([envelope(track.time_s[run], strongest[run], size) for run in runs])
    figure.add_scatter(
        x=x,
        y=y,
        yaxis=yaxis,
        mode="lines",
        name="largest motion",
        showlegend=False,
        line={"color": palette.BLUE, "width": 1.5},
        hovertemplate="%{x:.2f} s: %{y:.1f} %<extra>largest motion of a region</extra>",
    )
    top = max([_LEAST_TOP, *(float(strongest[run].max()) for run in runs)])
    draw_gaps(figure, [(0, 1.1 * top, gap) for gap in track.gaps], yaxis)
    return top


def draw_change(figure: go.Figure, track: Track, yaxis: str, window: TimeSpan | None) -> float:
    """Draw how many times as probable as at rest the expression is that rose most, and how much that wanders at rest.

    Return how high it goes, as a natural logarithm; only for a person whose rest is known.
    """
    rest = track.rest.face
    assert rest is not None
    change, which = rest.largest_change(track.probabilities)
    runs = runs_without_gap(track.time_s, track.gaps, window)
    size = 2 * group_size(runs, MOST_POINTS)
    x, y = _joined([envelope(track.time_s[run], change[run], size) for run in runs])
    at = np.rint(np.interp(np.nan_to_num(x), track.time_s, np.arange(len(which)))).astype(int)
    wander = float(np.delete(rest.wander, rest.labels.index(NEUTRAL)).mean())
    top = max([_LEAST_CHANGE, *(float(change[run].max()) for run in runs)])
    figure.add_scatter(
        x=x,
        y=y,
        yaxis=yaxis,
        mode="lines",
        name="change from this person’s rest",
        showlegend=False,
        line={"color": palette.BLUE, "width": 1.5},
        customdata=[[rest.labels[which[row]], float(np.exp(value))] for row, value in zip(at, y, strict=True)],
        hovertemplate="%{x:.2f} s: %{customdata[0]}, %{customdata[1]:.1f} times as probable as at rest<extra></extra>",
    )
    if len(x):
        figure.add_scatter(
            x=[float(np.nanmin(x)), float(np.nanmax(x))],
            y=[wander, wander],
            yaxis=yaxis,
            mode="lines",
            name="wanders so much at rest",
            line={"color": palette.GRAY, "width": 1, "dash": "dash"},
            hoverinfo="skip",
        )
    draw_gaps(figure, [(0, 1.1 * top, gap) for gap in track.gaps], yaxis)
    return top


def draw_regions(figure: go.Figure, track: Track, yaxis: str, window: TimeSpan | None) -> None:
    """Draw a map of motion: a row a region from brows to chin, a column as many frames as a pixel would hold.

    The fullest colour stands for `fullest`, whatever the window, so that rest looks like rest.
    """
    draw_gaps(figure, [(-0.5, len(REGIONS) - 0.5, gap) for gap in track.gaps], yaxis)
    runs = runs_without_gap(track.time_s, track.gaps, window)
    if not runs:
        return
    size = group_size(runs, MOST_POINTS)
    columns: list[np.ndarray] = []
    edges: list[float] = []
    usual = float(np.median(np.diff(track.time_s))) if len(track.time_s) > 1 else 1 / 30
    for run in runs:
        time = track.time_s[run]
        if edges:
            columns.append(np.full((1, len(REGIONS)), np.nan))
        columns.append(group_max(track.motion[run], size))
        edges += [*time[::size].tolist(), float(time[-1] + usual)]
    figure.add_heatmap(
        x=np.asarray(edges),
        y=np.arange(len(REGIONS)),
        z=np.round(np.concatenate(columns).T, 2).astype(np.float32),
        yaxis=yaxis,
        zmin=0,
        zmax=fullest(track),
        # Rises fast at first: a micro-expression moves a tenth of what a laugh does, and must be seen beside it.
        colorscale=[
            (share, palette.rgba(palette.BLUE, alpha)) for share, alpha in ((0, 0), (0.1, 0.15), (0.35, 0.6), (1, 1))
        ],
        showscale=False,
        hoverongaps=False,
        hovertemplate="%{y}, %{x:.2f} s: %{z:.1f} %<extra></extra>",
    )


def fullest(track: Track) -> float:
    """Return the motion that has the fullest colour in the map of regions, in percent of the eyes' distance."""
    return max(_LEAST_TOP, float(track.motion.max(initial=0.0)))


def draw_expressions(figure: go.Figure, track: Track, yaxis: str, window: TimeSpan | None) -> None:
    """Draw a row an expression, as high as its probability; rows from the top in the order of the labels."""
    runs = runs_without_gap(track.time_s, track.gaps, window)
    size = 2 * group_size(runs, MOST_POINTS)
    draw_gaps(figure, [(0, len(track.labels), gap) for gap in track.gaps], yaxis)
    for row, (label, shares) in enumerate(zip(track.labels, track.probabilities.T, strict=True)):
        base = len(track.labels) - 1 - row
        parts = []
        for run in runs:
            time, share = envelope(track.time_s[run], shares[run], size)
            parts.append((np.r_[time[0], time, time[-1]], np.r_[0.0, share, 0.0]))
        x, share = _joined(parts)
        figure.add_scatter(
            x=x,
            y=(base + ROW_HEIGHT * share).astype(np.float32),
            yaxis=yaxis,
            mode="lines",
            fill="toself",
            fillcolor=palette.rgba(palette.BLUE, 0.35),
            line={"color": palette.BLUE, "width": 1},
            name=label,
            showlegend=False,
            hoveron="points",
            customdata=np.round(100 * share, 1).astype(np.float32),
            hovertemplate=f"{as_text(label)}, %{{x:.2f}} s: %{{customdata:.0f}} %<extra></extra>",
        )


def draw_gaps(figure: go.Figure, places: Sequence[tuple[float, float, TimeSpan]], yaxis: str) -> None:
    """Hatch in gray where the face was not seen: lower and upper end on the axis, and the gap."""
    if not places:
        return
    shown = any(trace.legendgroup == "gap" for trace in figure.data)
    figure.add_bar(
        x=[(begin + end) / 2 for _, _, (begin, end) in places],
        width=[end - begin for _, _, (begin, end) in places],
        base=[low for low, _, _ in places],
        y=[high - low for low, high, _ in places],
        yaxis=yaxis,
        name="face not seen",
        legendgroup="gap",
        showlegend=not shown,
        customdata=[[f"{begin:.2f} to {end:.2f} s"] for _, _, (begin, end) in places],
        hovertemplate="face not seen, %{customdata[0]}<extra></extra>",
        marker={
            "color": palette.rgba(palette.GRAY, 0.2),
            "line": {"width": 0},
            "pattern": {"shape": "x", "size": 7, "fgcolor": palette.GRAY, "solidity": 0.2},
        },
    )


def draw_marks(figure: go.Figure, events: Sequence[Event], low: float, high: float, yaxis: str, span: TimeSpan) -> None:
    """Mark events over a panel, where they are few: a gray band from onset to offset and a dotted line at the apex."""
    events = [event for event in events if event.offset_s >= span[0] and event.onset_s <= span[1]]
    if not 0 < len(events) <= _MOST_MARKED:
        return
    bands = [
        (np.array([each.onset_s, each.onset_s, each.offset_s, each.offset_s]), np.array([low, high, high, low]))
        for each in events
    ]
    x, y = _joined(bands)
    figure.add_scatter(
        x=x,
        y=y,
        yaxis=yaxis,
        mode="none",
        fill="toself",
        fillcolor=palette.rgba(palette.GRAY, 0.25),
        name="event, onset to offset",
        legendgroup="band",
        showlegend=not any(trace.legendgroup == "band" for trace in figure.data),
        hoverinfo="skip",
    )
    x, y = _joined([(np.array([each.apex_s] * 2), np.array([low, high])) for each in events])
    figure.add_scatter(
        x=x,
        y=y,
        yaxis=yaxis,
        mode="lines",
        line={"color": palette.VERMILLION, "width": 1.5, "dash": "dot"},
        name="apex",
        legendgroup="apex",
        showlegend=not any(trace.legendgroup == "apex" for trace in figure.data),
        hoverinfo="skip",
    )


def _names(figure: go.Figure, rows: Sequence[Track], yaxis: str, window: TimeSpan, number: Mapping[int, str]) -> None:
    """Name events over their bars: with number and answer where there is room, else by the number alone, or not."""
    length, named = window[1] - window[0], []
    for row, track in enumerate(rows):
        free = -np.inf
        for event in track.events:
            if not window[0] <= event.apex_s <= window[1]:
                continue
            short = number.get(id(event), "")
            for words, width in ((short + event.answer, _NAMED_APART * length), (short, _NUMBERED_APART * length)):
                if words and event.apex_s - width / 2 >= free:
                    free = event.apex_s + width / 2
                    named.append((event.apex_s, row + 0.42, words.strip()))
                    break
    if named:
        x, y, text = zip(*named, strict=True)
        figure.add_scatter(
            x=x, y=y, text=text, yaxis=yaxis, mode="text", textfont={"color": palette.INK}, cliponaxis=False,
            showlegend=False, hoverinfo="skip",
        )  # fmt: skip


def _in_words(event: Event) -> str:
    sure = "" if event.certainty is None or event.origin != "spotted" else f", {in_percent(event.certainty, 0)}"
    origin = "" if event.origin == "spotted" else f", {event.origin}"
    return (
        f"{as_text(event.answer)}{sure} ({event.kind}{origin})<br>onset {event.onset_s:.2f} s, "
        f"apex {event.apex_s:.2f} s, offset {event.offset_s:.2f} s"
    )


def _joined(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Join lines into one with a break between each two."""
    if not parts:
        return np.empty(0, np.float32), np.empty(0, np.float32)
    joined = [np.concatenate([np.append(part[axis], np.nan) for part in parts])[:-1] for axis in (0, 1)]
    # 24 bits hold a tenth of a millisecond over a quarter of an hour, half a millisecond over an hour.
    return joined[0].astype(np.float32), joined[1].astype(np.float32)
