"""How well a model does on each expression."""

from collections.abc import Mapping

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent

SCORES = ("precision", "recall", "f1")
IN_WORDS = (
    "Precision: of the pictures answered with an expression, the share labelled so. Recall: of the pictures labelled "
    "with an expression, the share answered so. F1: their harmonic mean, high only where both are."
)
_NAMES = {"precision": "precision", "recall": "recall", "f1": "F1"}
_SYMBOLS = {"precision": "circle", "recall": "square", "f1": "diamond"}


def class_scores(per_class: Mapping[str, Mapping[str, float]]) -> go.Figure:
    """Draw precision, recall and F1 of every expression as three marks on one line, best F1 on top.

    Parameters
    ----------
    per_class
        A mapping an expression with ``precision``, ``recall`` and ``f1`` in 0..1, and ``support``, a count.
    """
    ordered = sorted(per_class, key=lambda label: per_class[label]["f1"], reverse=True)
    figure = go.Figure()
    for label in ordered:
        values = [100 * per_class[label][score] for score in SCORES]
        figure.add_scatter(
            x=[min(values), max(values)],
            y=[label, label],
            mode="lines",
            line={"color": palette.GRAY, "width": 2},
            showlegend=False,
            hoverinfo="skip",
        )
    for score, colour in zip(SCORES, palette.QUALITATIVE, strict=False):
        figure.add_scatter(
            x=[100 * per_class[label][score] for label in ordered],
            y=ordered,
            mode="markers",
            name=_NAMES[score],
            marker={"symbol": _SYMBOLS[score], "color": colour, "size": 11},
            hovertemplate="%{y}: " + _NAMES[score] + " %{x:.1f} %<extra></extra>",
        )
    figure.update_xaxes(range=[-2, 102], tick0=0, dtick=25, ticksuffix=" %", title=None, showgrid=True)
    figure.update_yaxes(autorange="reversed", title=None, categoryorder="array", categoryarray=ordered)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "title": None})
    alt = "F1, precision and recall of each expression: " + "; ".join(
        f"{label} {percent(per_class[label]['f1'])}, {percent(per_class[label]['precision'])}, "
        f"{percent(per_class[label]['recall'])}"
        for label in ordered
    )
    framed(figure, "Precision, recall and F1 by expression", alt + ".", 130 + 34 * len(ordered))
    return figure.update_layout(margin_t=74)
