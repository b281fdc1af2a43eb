"""One score of every expression, with its interval."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent

NAMES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}


def class_bars(per_class: Mapping[str, Mapping[str, Any]], score: str) -> go.Figure:
    """Draw a bar an expression, with whiskers over its 95 % interval where it has one.

    Parameters
    ----------
    per_class
        A mapping an expression with the score in 0..1 and, if known, ``SCORE_interval``, a pair.
    score
        ``"precision"``, ``"recall"`` or ``"f1"``.
    """
    labels = list(per_class)
    values = [100 * per_class[label][score] for label in labels]
    ends = [per_class[label].get(f"{score}_interval") for label in labels]
    whiskers = None
    if all(ends):
        whiskers = {
            "type": "data",
            "symmetric": False,
            "array": [100 * end[1] - value for end, value in zip(ends, values, strict=True)],
            "arrayminus": [value - 100 * end[0] for end, value in zip(ends, values, strict=True)],
            "color": palette.GRAY,
            "thickness": 2,
            "width": 5,
        }
    figure = go.Figure(
        go.Bar(
            x=values,
            y=labels,
            orientation="h",
            error_x=whiskers,
            marker={"color": palette.BLUE, "line": {"width": 0}},
            hovertemplate="%{y}: %{x:.1f} %<extra></extra>",
        )
    )
    figure.update_xaxes(range=[0, 102], tick0=0, dtick=25, ticksuffix=" %", title=None, showgrid=True)
    figure.update_yaxes(autorange="reversed", title=None)
    figure.update_layout(bargap=0.35)
    said = ", ".join(f"{label} {percent(per_class[label][score])}" for label in labels)
    return framed(figure, f"{NAMES[score]} by expression", f"{NAMES[score]}: {said}.", 100 + 36 * len(labels))
