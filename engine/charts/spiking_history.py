"""How single weights move while a picture is shown."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.frame import framed
from engine.charts.series import line_style

MOST_LINES = 12


def weight_history(time_ms: NDArray, weights: NDArray, names: Sequence[str], bounds: tuple[float, float]) -> go.Figure:
    """Draw the weights that moved most, each output in its own colour and dashes.

    Parameters
    ----------
    time_ms
        (samples,), at least one.
    weights
        (samples, inputs, outputs).
    names
        Of the outputs.
    bounds
        Lowest and highest weight that is allowed.
    """
    samples, inputs, outputs = weights.shape
    flat = weights.reshape(samples, -1)
    moved = np.abs(flat - flat[0]).max(axis=0)
    chosen = np.sort(np.argsort(-moved, kind="stable")[:MOST_LINES])
    figure = go.Figure()
    seen: set[int] = set()
    for synapse in chosen:
        source, output = divmod(int(synapse), outputs)
        figure.add_scatter(
            x=time_ms,
            y=flat[:, synapse].astype(np.float32),
            name=f"to {names[output]}",
            legendgroup=names[output],
            showlegend=output not in seen,
            mode="lines",
            line=line_style(output) | {"width": 1.5},
            hovertemplate=f"input {source} to {names[output]}, %{{x:g}} ms: %{{y:.3f}}<extra></extra>",
        )
        seen.add(output)
    for name, level in zip(("w_min", "w_max"), bounds, strict=True):
        figure.add_scatter(
            x=[0, float(time_ms[-1])],
            y=[level, level],
            name=f"{name}, {level:g}",
            mode="lines",
            line={"color": palette.GRAY, "dash": "dot", "width": 1.5},
            hoverinfo="skip",
        )
    figure.update_xaxes(title="time (ms)", rangemode="tozero")
    figure.update_yaxes(title="weight", zeroline=False)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.28, "yanchor": "top", "title": None})
    count = int((moved > 0).sum())
    title = f"The {len(chosen)} weights that moved most"
    said = "None of them moved." if not count else f"{count:,} moved, the furthest by {moved.max():.3g}."
    alt = f"Weights over {time_ms[-1]:g} ms, {len(chosen)} of {inputs * outputs:,} drawn. {said}"
    return framed(figure, title if count else "Weights: none of them moved", alt, 420)
