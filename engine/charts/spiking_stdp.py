"""By how much a pair of spikes changes a weight, against the time between them."""

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed
from engine.spiking.plasticity import PairSTDP


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
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.28, "yanchor": "top", "title": None})
    alt = (
        f"STDP window: {rule.a_pre:+g} for an output right after an input, falling with {rule.tau_pre_ms:g} ms; "
        f"{rule.a_post:+g} for one right before it, falling with {rule.tau_post_ms:g} ms; nothing for both together."
    )
    return framed(figure, "STDP window", alt, 420)
