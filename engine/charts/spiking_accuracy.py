"""How often a network that learns is right so far, on pictures that it does not learn from."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent


def accuracy_so_far(points: Sequence[tuple[int, float]], total: int, chance: float) -> go.Figure:
    """Draw the accuracy on held-out pictures against how many pictures have been learnt from.

    Parameters
    ----------
    points
        Pictures learnt from, and accuracy in 0..1.
    total
        How many will be learnt from.
    chance
        What guessing would give, 0..1.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[learnt for learnt, _ in points],
        y=[100 * share for _, share in points],
        name="held-out pictures",
        mode="lines+markers",
        line={"color": palette.BLUE, "width": 2},
        marker={"size": 6},
        hovertemplate="after %{x:,} pictures: %{y:.1f} %<extra></extra>",
    )
    figure.add_scatter(
        x=[0, total],
        y=[100 * chance] * 2,
        name=f"guessing, {percent(chance)}",
        mode="lines",
        line={"color": palette.GRAY, "dash": "dash", "width": 2},
        hoverinfo="skip",
    )
    figure.update_xaxes(title="pictures learnt from", range=[0, total], tickformat=",d", nticks=6)
    figure.update_yaxes(title="accuracy", range=[0, 102], dtick=25, ticksuffix=" %")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "title": None})
    last = f" After {points[-1][0]:,} pictures it is {percent(points[-1][1])}." if points else " Nothing is known yet."
    alt = f"Accuracy on held-out pictures while learning; guessing gives {percent(chance)}.{last}"
    framed(figure, "Accuracy on held-out pictures so far", alt, 340)
    return figure.update_layout(margin_t=74)
