"""How often each output fired."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.frame import framed

MOST_BARS = 12


def spike_counts(counts: NDArray, names: Sequence[str], decision: str | None) -> go.Figure:
    """Draw a bar an output, the chosen one blue; of many outputs only those that fired most.

    Parameters
    ----------
    counts
        (outputs,).
    names
        What they are called.
    decision
        The output that is the answer; None where none is.
    """
    order = np.argsort(-np.asarray(counts), kind="stable")
    shown = np.sort(order[:MOST_BARS]) if len(names) <= MOST_BARS else order[:MOST_BARS]
    figure = go.Figure(
        go.Bar(
            x=[int(counts[at]) for at in shown],
            y=[names[at] for at in shown],
            orientation="h",
            text=[f"{counts[at]:,}" for at in shown],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [palette.BLUE if names[at] == decision else palette.GRAY for at in shown]},
            hovertemplate="%{y}: %{x:,} spikes<extra></extra>",
        )
    )
    figure.update_xaxes(title="spikes", rangemode="tozero", range=[0, max(1.15 * float(np.max(counts)), 1)], nticks=6)
    figure.update_yaxes(autorange="reversed", title=None)
    title = "Spikes of each output" if len(shown) == len(names) else f"Spikes of the {len(shown)} busiest outputs"
    told = ", ".join(f"{names[at]} {counts[at]:,}" for at in shown)
    return framed(figure, title, f"Spikes of each output: {told}.", 130 + 30 * len(shown))
