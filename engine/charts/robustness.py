"""How fast accuracy falls as pictures get worse."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from engine.charts.frame import framed, percent
from engine.charts.series import line_style, marker_style


def robustness_curves(sweep: Mapping[str, Any], titles: Mapping[str, str]) -> go.Figure:
    """Draw the accuracy of several models against the strength of one degradation.

    Parameters
    ----------
    sweep
        ``title``, ``unit``, ``strengths`` and ``models``: a mapping a model's name with ``accuracy`` (0..1, one a
        strength) and ``interval`` (pairs).
    titles
        The models' names for people.
    """
    figure = go.Figure()
    strengths = [f"{strength:g}" if strength else "as is" for strength in sweep["strengths"]]
    told = []
    for index, (name, series) in enumerate(sweep["models"].items()):
        values = [100 * value for value in series["accuracy"]]
        figure.add_scatter(
            x=strengths,
            y=values,
            name=titles[name],
            mode="lines+markers",
            line=line_style(index),
            marker=marker_style(index),
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [100 * high - value for (_, high), value in zip(series["interval"], values, strict=True)],
                "arrayminus": [value - 100 * low for (low, _), value in zip(series["interval"], values, strict=True)],
                "thickness": 1,
                "width": 3,
            },
            hovertemplate="%{x}: %{y:.1f} %<extra>%{fullData.name}</extra>",
        )
        told.append(f"{titles[name]} from {percent(series['accuracy'][0])} to {percent(series['accuracy'][-1])}")
    # Named steps at even distances: strengths double as often as they grow by steps.
    figure.update_xaxes(title=sweep["unit"], type="category", showgrid=False)
    figure.update_yaxes(title="accuracy", range=[0, 102], dtick=25, ticksuffix=" %")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.28, "yanchor": "top", "title": None})
    alt = f"Accuracy against {sweep['title'].lower()}, {sweep['unit']}: {'; '.join(told)}."
    return framed(figure, sweep["title"], alt, 360 + 14 * len(titles))
