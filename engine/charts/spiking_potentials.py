"""Membrane potentials over time, between reset and threshold."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.frame import framed
from engine.charts.series import line_style
from engine.charts.spiking_raster import strokes
from engine.spiking.raster import Raster

MOST_OUTPUTS = 4
_DASHES = ("solid", "dash", "dot", "dashdot")


def most_active(counts: NDArray, most: int = MOST_OUTPUTS) -> list[int]:
    """Return the outputs that fired most, at most so many, in their own order."""
    return sorted(np.argsort(-np.asarray(counts), kind="stable")[:most].tolist())


def membrane_potentials(
    time_ms: NDArray,
    potentials_mv: NDArray,
    thresholds_mv: NDArray,
    reset_mv: float,
    outputs: Raster,
    names: Sequence[str],
    dt_ms: float,
) -> go.Figure:
    """Draw the potentials of the outputs that fired most; each of their spikes is a stroke above the threshold.

    Parameters
    ----------
    time_ms
        (samples,) since the picture appeared.
    potentials_mv, thresholds_mv
        (samples, outputs).
    reset_mv
        What an output is reset to.
    outputs
        Their spikes.
    names
        What they are called.
    dt_ms
        Length of a step.
    """
    figure = go.Figure()
    chosen = most_active(outputs.counts())
    shared = np.ptp(thresholds_mv) == 0
    highest = float(thresholds_mv.max())
    reach = 0.25 * max(highest - reset_mv, 1.0)
    for index, at in enumerate(chosen):
        # Outputs often move together: dashes let the lines below be seen.
        style = line_style(index) | {"dash": _DASHES[index]}
        figure.add_scatter(
            x=time_ms,
            y=potentials_mv[:, at].astype(np.float32),
            name=names[at],
            legendgroup=names[at],
            mode="lines",
            line=style,
            hovertemplate=f"{names[at]}, %{{x:g}} ms: %{{y:.1f}} mV<extra></extra>",
        )
        step = outputs.step[outputs.neuron == at]
        x, y = strokes((step + 0.5) * dt_ms, np.full(len(step), highest), np.full(len(step), highest + reach))
        figure.add_scatter(
            x=x,
            y=y,
            legendgroup=names[at],
            mode="lines",
            line={"color": style["color"], "width": 1.5, "simplify": False},
            hoverinfo="skip",
            showlegend=False,
        )
        if not shared:
            figure.add_scatter(
                x=time_ms,
                y=thresholds_mv[:, at].astype(np.float32),
                name=f"threshold of {names[at]}",
                legendgroup=names[at],
                mode="lines",
                line={"color": style["color"], "dash": "dash", "width": 1},
                hovertemplate=f"threshold of {names[at]}: %{{y:.1f}} mV<extra></extra>",
            )
    end = outputs.steps * dt_ms
    lines = [("reset", reset_mv, "dot")]
    if shared:
        lines.insert(0, ("threshold", highest, "dash"))
    for name, level, dash in lines:
        figure.add_scatter(
            x=[0, end],
            y=[level, level],
            name=f"{name}, {level:g} mV",
            mode="lines",
            line={"color": palette.GRAY, "dash": dash, "width": 2},
            hoverinfo="skip",
        )
    figure.update_xaxes(title="time (ms)", range=[0, end])
    figure.update_yaxes(title="potential (mV)", zeroline=False)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.28, "yanchor": "top", "title": None})
    told = "; ".join(
        f"{names[at]} between {potentials_mv[:, at].min():.0f} and {potentials_mv[:, at].max():.0f} mV, "
        f"{int((outputs.neuron == at).sum()):,} spikes"
        for at in chosen
    )
    few = "" if len(chosen) == len(names) else f" of the {len(chosen)} busiest outputs"
    alt = f"Membrane potentials over {end:g} ms, threshold {highest:g} mV, reset {reset_mv:g} mV: {told}."
    return framed(figure, f"Membrane potentials{few}", alt, 440)
