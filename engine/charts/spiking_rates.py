"""How fast a neuron fires under a constant drive: simulated, and in closed form."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.frame import framed


def rate_curve(drive_mv: NDArray, simulated_hz: NDArray, steps_hz: NDArray, closed_hz: NDArray) -> go.Figure:
    """Draw the f-I curve.

    Parameters
    ----------
    drive_mv
        (drives,) R I.
    simulated_hz
        (drives,) from simulated intervals; NaN where there were none.
    steps_hz, closed_hz
        (drives,) in closed form, for whole steps and for continuous time.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=drive_mv,
        y=closed_hz,
        name="closed form, continuous time",
        mode="lines",
        line={"color": palette.GRAY, "dash": "dash", "width": 2},
        hovertemplate="%{x:.1f} mV: %{y:.2f} Hz<extra></extra>",
    )
    figure.add_scatter(
        x=drive_mv,
        y=steps_hz,
        name="closed form, whole steps",
        mode="lines",
        line={"color": palette.BLUE, "width": 2},
        hovertemplate="%{x:.1f} mV: %{y:.2f} Hz<extra></extra>",
    )
    figure.add_scatter(
        x=drive_mv,
        y=simulated_hz,
        name="simulated",
        mode="markers",
        marker={"color": palette.VERMILLION, "symbol": "circle-open", "size": 7, "line": {"width": 1.5}},
        hovertemplate="%{x:.1f} mV: %{y:.2f} Hz<extra></extra>",
    )
    figure.update_xaxes(title="constant drive R I (mV)")
    figure.update_yaxes(title="firing rate (Hz)", rangemode="tozero")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.28, "yanchor": "top", "title": None})
    fires = np.flatnonzero(closed_hz > 0)
    first = f"It fires above {drive_mv[max(0, fires[0] - 1)]:.1f} mV" if len(fires) else "It never fires"
    furthest = np.nanmax(np.abs(simulated_hz - steps_hz)) if np.isfinite(simulated_hz).any() else 0.0
    alt = (
        f"Firing rate against drive. {first}; at {drive_mv[-1]:.0f} mV it fires at {closed_hz[-1]:.1f} Hz in "
        f"continuous time and {steps_hz[-1]:.1f} Hz in whole steps. Simulation and whole steps differ by at most "
        f"{furthest:.2g} Hz."
    )
    return framed(figure, "Firing rate against drive (f-I curve)", alt, 440)
