"""How one expression is told from all others, over all thresholds: ROC and precision-recall."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed
from engine.charts.series import line_style

_HEIGHT = 440


def roc_curves(curves: Mapping[str, Mapping[str, Any]]) -> go.Figure:
    """Draw a receiver operating characteristic an expression, and the diagonal of guessing.

    Parameters
    ----------
    curves
        A mapping an expression with ``auc`` (0..1, or None for an expression without a curve),
        ``false_positive_rate`` and ``true_positive_rate``, lists of 0..1.
    """
    drawn = {label: curve for label, curve in curves.items() if curve["auc"] is not None}
    figure = _lines(drawn, "false_positive_rate", "true_positive_rate", "false alarms %{x:.1f} %, found %{y:.1f} %")
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        line={"color": palette.GRAY, "width": 1, "dash": "longdash"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.update_xaxes(title="false alarms, of the others")
    figure.update_yaxes(title="found, of the expression")
    areas = ", ".join(f"{label} {curve['auc']:.3f}" for label, curve in drawn.items())
    return _finished(figure, "ROC, each against the rest", f"ROC curves. Area under each: {areas}.", len(drawn))


def precision_recall_curves(curves: Mapping[str, Mapping[str, Any]]) -> go.Figure:
    """Draw precision against recall for each expression.

    Parameters
    ----------
    curves
        A mapping an expression with ``average_precision`` (0..1, or None for an expression without a curve),
        ``recall`` and ``precision``, lists of 0..1.
    """
    drawn = {label: curve for label, curve in curves.items() if curve["average_precision"] is not None}
    figure = _lines(drawn, "recall", "precision", "recall %{x:.1f} %, precision %{y:.1f} %")
    figure.update_xaxes(title="recall")
    figure.update_yaxes(title="precision")
    averages = ", ".join(f"{label} {curve['average_precision']:.3f}" for label, curve in drawn.items())
    alt = f"Precision-recall curves. Average precision of each: {averages}."
    return _finished(figure, "Precision and recall, each against the rest", alt, len(drawn))


def _lines(curves: Mapping[str, Mapping[str, Sequence[float]]], x: str, y: str, said: str) -> go.Figure:
    figure = go.Figure()
    for index, (label, curve) in enumerate(curves.items()):
        figure.add_scatter(
            x=[100 * value for value in curve[x]],
            y=[100 * value for value in curve[y]],
            name=label,
            mode="lines",
            line=line_style(index),
            hovertemplate=f"{label}: {said}<extra></extra>",
        )
    return figure


def _finished(figure: go.Figure, title: str, alt: str, count: int) -> go.Figure:
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(range=[-1, 101], tick0=0, dtick=25, ticksuffix=" %", showgrid=True)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top", "title": None})
    return framed(figure, title, alt, _HEIGHT + 8 * count)
