"""What answers cost in arithmetic, side by side."""

import math
from collections.abc import Mapping

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed


def energy_bars(microjoules: Mapping[str, float]) -> go.Figure:
    """Draw energies on an axis of powers of ten, since they lie that far apart.

    Parameters
    ----------
    microjoules
        Of each kind of work, 0 or above; nothing is drawn for 0.
    """
    names = list(microjoules)
    values = [microjoules[name] for name in names]
    figure = go.Figure(
        go.Bar(
            x=[value if value > 0 else None for value in values],
            y=names,
            orientation="h",
            text=[f"{value:,.3g} µJ" if value < 1000 else f"{value:,.0f} µJ" for value in values],
            textposition="auto",
            insidetextanchor="end",
            marker={"color": palette.BLUE},
            hovertemplate="%{y}: %{x:.3g} µJ<extra></extra>",
        )
    )
    above = [value for value in values if value > 0] or [1.0]
    figure.update_xaxes(
        title="energy (µJ), powers of ten",
        type="log",
        tickformat="~g",
        dtick=2,
        tickangle=0,
        range=[_below(min(above)), _below(max(above)) + 1.5],
    )
    figure.update_yaxes(autorange="reversed", title=None)
    alt = (
        "Energy of the arithmetic: " + "; ".join(f"{name} {value:.3g} µJ" for name, value in microjoules.items()) + "."
    )
    return framed(figure, "Energy of the arithmetic for one picture", alt, 130 + 46 * len(names))


def _below(value: float) -> int:
    return math.floor(math.log10(value))
