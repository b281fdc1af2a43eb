"""What it is worth to stay silent when unsure."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent


def risk_coverage_curve(
    curve: Mapping[str, Sequence[float]], decided: tuple[float, float, float] | None = None
) -> go.Figure:
    """Draw how often answers are wrong against how many are given, the surest first.

    Parameters
    ----------
    curve
        ``coverage``, ``risk`` and ``threshold``, lists of 0..1.
    decided
        Where "undecided" begins: threshold, coverage and accuracy of the decided, 0..1 each; None for no such.
    """
    figure = go.Figure(
        go.Scatter(
            x=[100 * value for value in curve["coverage"]],
            y=[100 * value for value in curve["risk"]],
            customdata=[100 * value for value in curve["threshold"]],
            mode="lines",
            line={"color": palette.BLUE, "width": 2},
            hovertemplate="answers %{x:.0f} %, wrong %{y:.1f} % of these, from a probability of %{customdata:.0f} %"
            "<extra></extra>",
            showlegend=False,
        )
    )
    alt = f"Risk-coverage curve: all answered, {percent(curve['risk'][-1])} wrong"
    if decided is not None:
        threshold, coverage, accuracy = decided
        figure.add_scatter(
            x=[100 * coverage],
            y=[100 * (1 - accuracy)],
            mode="markers+text",
            marker={"color": palette.VERMILLION, "symbol": "diamond", "size": 12},
            text=f"decided from {percent(threshold)}",
            textposition="top left",
            textfont={"color": palette.INK},
            hovertemplate="decided: %{x:.1f} %, wrong %{y:.1f} % of these<extra></extra>",
            showlegend=False,
        )
        alt += f"; the {percent(coverage)} with at least {percent(threshold)} answered, {percent(1 - accuracy)} wrong"
    figure.update_xaxes(title="share answered, the surest first", range=[0, 102], dtick=25, ticksuffix=" %")
    figure.update_yaxes(title="wrong, of the answered", rangemode="tozero", ticksuffix=" %")
    return framed(figure, "What is it worth to say “undecided”?", f"{alt}.", 440)
