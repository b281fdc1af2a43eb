"""Whether a probability means what it says."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent

_SERIES = {
    "before": ("before scaling", palette.VERMILLION, "square", "dash"),
    "after": ("after scaling", palette.BLUE, "circle", "solid"),
}


def reliability_diagram(curves: Mapping[str, Mapping[str, Sequence[float]]], errors: Mapping[str, float]) -> go.Figure:
    """Draw the share that was right against the probability said, before and after temperature scaling.

    Parameters
    ----------
    curves
        ``before`` and ``after``, each with ``confidence``, ``accuracy`` and ``share`` of the bins, lists of 0..1.
    errors
        The expected calibration error of each, 0..1.
    """
    figure = go.Figure(
        go.Scatter(
            x=[0, 100],
            y=[0, 100],
            mode="lines",
            name="as said",
            line={"color": palette.GRAY, "width": 1, "dash": "longdash"},
            hoverinfo="skip",
        )
    )
    for key, (name, colour, symbol, dash) in _SERIES.items():
        bins = curves[key]
        figure.add_scatter(
            x=[100 * value for value in bins["confidence"]],
            y=[100 * value for value in bins["accuracy"]],
            customdata=[100 * value for value in bins["share"]],
            name=f"{name}, ECE {100 * errors[key]:.1f} %",
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 8},
            hovertemplate=f"{name}: said %{{x:.0f}} %, right %{{y:.0f}} %, %{{customdata:.1f}} % of the answers"
            "<extra></extra>",
        )
    figure.update_xaxes(title="probability that it said", range=[0, 102], dtick=25, ticksuffix=" %", showgrid=True)
    figure.update_yaxes(title="share that was right", range=[0, 102], dtick=25, ticksuffix=" %")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top", "title": None})
    alt = (
        f"Reliability diagram. Expected calibration error {100 * errors['before']:.1f} % before and "
        f"{100 * errors['after']:.1f} % after temperature scaling. "
        + "; ".join(
            f"said {percent(said)}, right {percent(right)}"
            for said, right in zip(curves["after"]["confidence"], curves["after"]["accuracy"], strict=True)
        )
    )
    return framed(figure, "Does a probability mean what it says?", f"{alt}.", 440)
