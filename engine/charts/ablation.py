"""What each part of a recipe is worth."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed


def ablation(parts: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Draw by how many points the accuracy changes without each part, the greatest loss on top.

    Parameters
    ----------
    parts
        Each with ``name``, ``difference`` (without less with, -1..1) and its ``interval``, as
        `engine.studies.ablation.ablate` returns them.
    """
    ordered = sorted(parts, key=lambda part: part["difference"])
    names = [part["name"] for part in ordered]
    values = [100 * part["difference"] for part in ordered]
    ends = [[100 * end for end in part["interval"]] for part in ordered]
    figure = go.Figure(
        go.Scatter(
            x=values,
            y=names,
            mode="markers",
            marker={"color": palette.BLUE, "size": 11},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - value for (_, high), value in zip(ends, values, strict=True)],
                "arrayminus": [value - low for (low, _), value in zip(ends, values, strict=True)],
                "color": palette.BLUE,
                "thickness": 2,
                "width": 6,
            },
            hovertemplate="without %{y}: %{x:+.1f} points<extra></extra>",
        )
    )
    figure.add_vline(x=0, line={"color": palette.GRAY, "width": 1})
    figure.update_xaxes(title="change in points, 95 % interval", showgrid=True, zeroline=False, tickformat="d")
    figure.update_yaxes(title=None, autorange="reversed")
    said = "; ".join(
        f"{name} {value:+.1f} points ({low:+.1f} to {high:+.1f})"
        for name, value, (low, high) in zip(names, values, ends, strict=True)
    )
    return framed(figure, "Accuracy without each part", f"Without {said}.", 130 + 36 * len(names))
