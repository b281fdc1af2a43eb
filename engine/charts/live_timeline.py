"""The latest seconds in front of a camera: how probable each expression was, and which events were spotted."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from engine.charts.layout import finish, percent
from engine.charts.palette import line_style
from engine.charts.recording_panels import draw_marks
from engine.recognition.analysis import Event
from engine.recognition.live.timeline import SECONDS, Timeline
from engine.words import counted

MOST_POINTS = 200
"""Of a line: it is drawn anew twice a second."""


def live_timeline(timeline: Timeline, now_s: float, events: Sequence[Event] = ()) -> go.Figure:
    """Draw a line an expression over the latest 30 s, whatever is known of them.

    Parameters
    ----------
    timeline
        One person's latest seconds.
    now_s
        The time at the right end, in seconds as in the timeline.
    events
        What was spotted of this person.
    """
    ago = (timeline.time_s - now_s).astype(np.float32)
    step = max(1, -(-len(ago) // MOST_POINTS))
    # Counted from the end of time, so that the same frames are drawn again and the lines do not tremble; gaps stay.
    broken = np.isnan(timeline.smoothed).any(axis=1)
    drawn = broken | (np.floor(timeline.time_s / (step / 30)) != np.floor(np.roll(timeline.time_s, 1) / (step / 30)))
    if len(drawn):
        drawn[-1] = True
    figure = go.Figure()
    for index, label in enumerate(timeline.labels):
        figure.add_scatter(
            x=ago[drawn],
            y=np.round(100 * timeline.smoothed[drawn, index], 1).astype(np.float32),
            name=label,
            mode="lines",
            line=line_style(index),
            connectgaps=False,
            hovertemplate=f"{label}: %{{y:.0f}} %<extra></extra>",
        )
    shifted = [
        replace(each, onset_s=each.onset_s - now_s, apex_s=each.apex_s - now_s, offset_s=each.offset_s - now_s)
        for each in events
    ]
    draw_marks(figure, shifted, 0, 100, "y", (-SECONDS, 0.0))
    figure.update_xaxes(title=None, ticksuffix=" s", range=[-SECONDS, 0], dtick=10, showgrid=True)
    figure.update_yaxes(range=[0, 101], dtick=25, ticksuffix=" %", title=None)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.13, "yanchor": "top", "title": None})
    figure.update_layout(hovermode="x", uirevision="live")
    seen = timeline.smoothed[~broken]
    known = [event for event in shifted if event.offset_s >= -SECONDS]
    told = f"{counted(len(known), 'event')} in it. " if known else ""
    now = (
        ", ".join(f"{timeline.labels[at]} {percent(seen[-1, at])}" for at in np.argsort(-seen[-1])[:3])
        if len(seen)
        else "nothing yet"
    )
    alt = f"Probability of each expression over the latest {SECONDS:.0f} s. {told}At the end: {now}."
    return finish(figure, "Probabilities of the latest 30 s", alt, 350)
