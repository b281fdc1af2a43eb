"""Action units of one person over time: a row a unit, the fuller its colour, the stronger it shows."""

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts import recording_panels as panels
from engine.charts.layout import finish, note
from engine.charts.recording_panels import TimeSpan
from engine.features.action_units import STRONGEST, UNITS, is_present, told
from engine.recognition.analysis import Analysis, Track

_ROW_PX, _AROUND_PX = 24, 190
_NAMED = 5  # units that are told in words


def unit_timeline(analysis: Analysis, person: int, window: TimeSpan | None = None) -> go.Figure:
    """Draw the action units that are measured well enough to be told.

    Parameters
    ----------
    analysis
        With a track of that person.
    person
        Whose.
    window
        Begin and end in seconds of what is shown; None for all.

    Raises
    ------
    ValueError
        For a person who was not seen.
    """
    track = next((track for track in analysis.tracks if track.person == person), None)
    if track is None:
        raise ValueError(f"Expected one of the persons seen. Received: {person}")
    figure, span = go.Figure(), window or (0.0, analysis.recording.duration_s)
    rows = np.flatnonzero(told(track.units_rested))
    names = [f"{UNITS[row].words} (AU{UNITS[row].number})" for row in rows]
    strength = np.clip(track.units[:, rows].max(axis=2, initial=-np.inf), 0, STRONGEST)
    panels.draw_gaps(figure, [(-0.5, len(rows) - 0.5, gap) for gap in track.gaps], "y")
    _draw(figure, track, strength, names, window)
    panels.draw_marks(figure, track.events, -0.5, len(rows) - 0.5, "y", span)
    if not len(track.units) or np.isnan(track.units).all():
        note(figure, "No action unit could be read.", 0.5, 0.5, xref="paper", yref="paper")
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=names,
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(title="time (s)", range=list(span), showgrid=False, zeroline=False)
    figure.update_layout(legend={"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom"})
    against = "this person's own rest" if track.units_rested else "an average face, since no rest is known"
    below = f"intensity beside {against},<br>in the stronger half; darkest blue = {STRONGEST:.0f}"
    title = f"Action units of person {person}"
    alt = _in_words(track, strength, rows)
    return finish(figure, title, alt, _AROUND_PX + _ROW_PX * len(rows), zoom=True, below=below)


def _draw(figure: go.Figure, track: Track, strength: np.ndarray, names: list[str], window: TimeSpan | None) -> None:
    runs = panels.runs_without_gap(track.time_s, track.gaps, window)
    if not runs or not len(strength):
        return
    size = panels.group_size(runs, panels.MOST_POINTS)
    usual = float(np.median(np.diff(track.time_s))) if len(track.time_s) > 1 else 1 / 30
    columns: list[np.ndarray] = []
    edges: list[float] = []
    for run in runs:
        time = track.time_s[run]
        if edges:
            columns.append(np.full((1, len(names)), np.nan))
        columns.append(panels.group_max(strength[run], size))
        edges += [*time[::size].tolist(), float(time[-1] + usual)]
    figure.add_heatmap(
        x=np.asarray(edges),
        y=np.arange(len(names)),
        z=np.round(np.concatenate(columns).T, 2).astype(np.float32),
        zmin=0,
        zmax=STRONGEST,
        colorscale=[(share, palette.rgba(palette.BLUE, alpha)) for share, alpha in ((0, 0), (0.2, 0.1), (1, 1))],
        showscale=False,
        hoverongaps=False,
        hovertemplate="%{y}, %{x:.2f} s: %{z:.1f}<extra></extra>",
    )


def _in_words(track: Track, strength: np.ndarray, rows: np.ndarray) -> str:
    """Say which units show for how much of the time, and how strong each is at most."""
    if not len(strength) or np.isnan(strength).all():
        return f"No action unit of person {track.person} could be read."
    most = np.nanmax(strength, axis=0)
    whole = np.full((len(strength), len(UNITS)), -1.0)
    whole[:, rows] = np.nan_to_num(strength, nan=-1.0)
    present = is_present(whole, track.units_rested)[:, rows].mean(axis=0)
    names = [f"{UNITS[row].words} (AU{UNITS[row].number})" for row in rows]
    said = [
        f"{names[at]} at most {most[at]:.1f}, in {present[at]:.0%} of the frames"
        for at in np.argsort(-most, kind="stable")[:_NAMED]
        if present[at] > 0
    ]
    return f"Action units of person {track.person}: {'; '.join(said) or 'none shows'}."
