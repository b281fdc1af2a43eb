"""What theory says of single neurons and synapses: firing rate against drive, and the window of STDP."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.layout import finish
from engine.spiking.plasticity import PairSTDP


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
    dashed, solid = {"color": palette.GRAY, "dash": "dash", "width": 2}, {"color": palette.BLUE, "width": 2}
    circles = {"color": palette.VERMILLION, "symbol": "circle-open", "size": 7, "line": {"width": 1.5}}
    for name, rate_hz, look in (
        ("closed form, continuous time", closed_hz, {"mode": "lines", "line": dashed}),
        ("closed form, whole steps", steps_hz, {"mode": "lines", "line": solid}),
        ("simulated", simulated_hz, {"mode": "markers", "marker": circles}),
    ):
        hover = "%{x:.1f} mV: %{y:.2f} Hz<extra></extra>"
        figure.add_scatter(x=drive_mv, y=rate_hz, name=name, hovertemplate=hover, **look)
    figure.update_xaxes(title="constant drive R I (mV)")
    figure.update_yaxes(title="firing rate (Hz)", rangemode="tozero")
    fires = np.flatnonzero(closed_hz > 0)
    first = f"It fires above {drive_mv[max(0, fires[0] - 1)]:.1f} mV" if len(fires) else "It never fires"
    furthest = np.nanmax(np.abs(simulated_hz - steps_hz)) if np.isfinite(simulated_hz).any() else 0.0
    alt = (
        f"Firing rate against drive. {first}; at {drive_mv[-1]:.0f} mV it fires at {closed_hz[-1]:.1f} Hz in "
        f"continuous time and {steps_hz[-1]:.1f} Hz in whole steps. Simulation and whole steps differ by at most "
        f"{furthest:.2g} Hz."
    )
    return finish(figure, "Firing rate against drive (f-I curve)", alt, 440, legend=-0.28)


def stdp_window(rule: PairSTDP, only_zero: bool = False) -> go.Figure:
    """Draw both branches of the window; at no delay nothing changes.

    Parameters
    ----------
    rule
        Amplitudes and time constants, checked.
    only_zero
        Whether the one point without delay is all that a network ever sees, and is to stand out.
    """
    reach = 4 * max(rule.tau_pre_ms, rule.tau_post_ms)
    after = np.linspace(0, reach, 121)[1:]
    before = -after[::-1]
    figure = go.Figure()
    for name, delay, change, colour, dash in (
        ("output after input", after, rule.a_pre * np.exp(-after / rule.tau_pre_ms), palette.BLUE, "solid"),
        ("output before input", before, rule.a_post * np.exp(before / rule.tau_post_ms), palette.VERMILLION, "dash"),
    ):
        figure.add_scatter(
            x=delay,
            y=change,
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate="%{x:.1f} ms: %{y:+.4f}<extra></extra>",
        )
    figure.add_scatter(
        x=[0],
        y=[0],
        name="together: no change",
        mode="markers",
        marker={"color": palette.GREEN, "symbol": "diamond", "size": 14 if only_zero else 9},
        hovertemplate="0 ms: no change<extra></extra>",
    )
    if only_zero:
        figure.add_annotation(
            x=0,
            y=0,
            text="the published code<br>only ever sees this point",
            ax=-100,
            ay=-70,
            arrowcolor=palette.GRAY,
            align="left",
        )
    figure.update_xaxes(title="output's spike less input's spike, Δt (ms)")
    figure.update_yaxes(title="change of the weight", zeroline=True)
    alt = (
        f"STDP window: {rule.a_pre:+g} for an output right after an input, falling with {rule.tau_pre_ms:g} ms; "
        f"{rule.a_post:+g} for one right before it, falling with {rule.tau_post_ms:g} ms; nothing for both together."
    )
    return finish(figure, "STDP window", alt, 420, legend=-0.28)
