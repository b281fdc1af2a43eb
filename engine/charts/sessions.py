"""A person's sessions over time: a line for each expression, action unit or kind."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import finish

MOST_LINES = 8
"""Of more series those that reach highest are drawn; the table beside the chart has them all."""


def session_lines(
    held_at: Sequence[datetime], series: Mapping[str, Sequence[float | None]], title: str, unit: str
) -> go.Figure:
    """Draw a value a session over the time at which each was held.

    Parameters
    ----------
    held_at
        When, one a session, rising.
    series
        A value a session, by name; None where there is none. Those that come first are drawn.
    title
        Of the figure.
    unit
        What the values are counted in.
    """
    figure = go.Figure()
    drawn = list(series.items())[:MOST_LINES]
    for index, (name, values) in enumerate(drawn):
        figure.add_scatter(
            x=list(held_at),
            y=list(values),
            name=name,
            mode="lines+markers",
            line=palette.line_style(index),
            marker=palette.marker_style(index),
            hovertemplate=f"{name}, %{{x|%Y-%m-%d}}: %{{y:.2f}} {unit}<extra></extra>",
        )
    figure.update_yaxes(title=unit, rangemode="tozero")
    figure.update_xaxes(tickformat="%Y-%m-%d")
    left_out = len(series) - len(drawn)
    below = f"The {MOST_LINES} that reach highest; {left_out} more are in the table." if left_out > 0 else ""
    said = "; ".join(_line_in_words(name, values) for name, values in drawn)
    alt = f"{title} in {len(held_at)} sessions, in {unit}: {said or 'nothing'}."
    return finish(figure, title, alt, 420, below=below, legend=-0.2)


def _line_in_words(name: str, values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{name} from {known[0]:.2f} to {known[-1]:.2f}" if known else f"{name} unknown"
