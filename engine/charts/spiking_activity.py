"""What happens while a picture is shown to a network: which neuron fired when, and membrane potentials."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.layout import ABOVE, as_text, finish, note, reference_line
from engine.spiking.raster import Raster

MOST_MARKS = 15_000
"""Spikes of a panel that are drawn one by one; more become a density, since a browser would stumble."""
MOST_POTENTIALS = 4
"""Outputs whose potential is drawn."""
_POTENTIAL_DASHES = ("solid", "dash", "dot", "dashdot")
_ROWS, _COLUMNS = 96, 200
_MARK_PX, _INPUTS_PX, _OUTPUTS_PX = 3.0, 220.0, 120.0
_STROKE_PX, _WIDTH_PX = 1.5, 600.0


def spike_raster(inputs: Raster, outputs: Raster, names: Sequence[str], dt_ms: float, on: int | None) -> go.Figure:
    """Draw every spike as a stroke, or as a density where there are more than `MOST_MARKS`.

    Parameters
    ----------
    inputs, outputs
        Spikes over the same steps.
    names
        Of the outputs.
    dt_ms
        Length of a step.
    on
        How many of the first inputs are ON; the others are OFF. None where inputs are neither.
    """
    figure = go.Figure()
    if len(inputs) > MOST_MARKS:
        _density(figure, inputs, dt_ms, "y", palette.BLUE, "inputs")
    elif on is None:
        _draw_strokes(figure, inputs, dt_ms, "y", palette.BLUE, "inputs", (0, inputs.neurons))
    else:
        _draw_strokes(figure, inputs, dt_ms, "y", palette.BLUE, "ON inputs", (0, on))
        _draw_strokes(figure, inputs, dt_ms, "y", palette.VERMILLION, "OFF inputs", (on, inputs.neurons))
    if len(outputs) > MOST_MARKS:
        _density(figure, outputs, dt_ms, "y2", palette.GREEN, "outputs")
    else:
        _draw_strokes(figure, outputs, dt_ms, "y2", palette.GREEN, "outputs", (0, outputs.neurons))
    if not len(inputs):
        words = "No input spikes: the picture arrives as a constant current."
        note(figure, words, 0.5, 0.72, xref="paper", yref="paper")
    duration = inputs.steps * dt_ms
    figure.update_xaxes(title="time (ms)", range=[0, duration], anchor="y2")
    few = len(names) <= 12
    figure.update_layout(
        yaxis={
            "title": "input" if on is None else "input: ON, then OFF",
            "domain": [0.42, 1],
            "range": [-1, inputs.neurons],
            "tickformat": ",d",
        },
        yaxis2={
            "title": None if few else "output",
            "domain": [0, 0.34],
            "range": [-0.7, len(names) - 0.3],
            "tickvals": list(range(len(names))) if few else None,
            "ticktext": list(names) if few else None,
            "tickformat": ",d",
        },
    )
    counts = ", ".join(
        f"{names[at]} {count:,}" for at, count in sorted(enumerate(outputs.counts()), key=lambda each: -each[1])[:10]
    )
    alt = (
        f"Raster over {duration:g} ms: {len(inputs):,} spikes of {inputs.neurons:,} inputs; spikes of the outputs: "
        f"{counts}."
    )
    return finish(figure, "Spikes of inputs and outputs", alt, 470, legend=ABOVE)


def drawing_note(raster: Raster, what: str) -> str:
    """Say in a sentence how many spikes are drawn, and how."""
    if not len(raster):
        return f"There are no {what} spikes."
    if len(raster) <= MOST_MARKS:
        return f"All {len(raster):,} {what} spikes are drawn."
    rows, columns = _density_cells(raster)
    return (
        f"All {len(raster):,} {what} spikes count, as the density of {rows} × {columns} cells: "
        f"drawn one by one are at most {MOST_MARKS:,}."
    )


def most_active_outputs(counts: NDArray, most: int = MOST_POTENTIALS) -> list[int]:
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
    chosen = most_active_outputs(outputs.counts())
    shared = np.ptp(thresholds_mv) == 0
    highest = float(thresholds_mv.max())
    reach = 0.25 * max(highest - reset_mv, 1.0)
    for index, at in enumerate(chosen):
        # Outputs often move together: dashes let the lines below be seen.
        style = palette.line_style(index) | {"dash": _POTENTIAL_DASHES[index]}
        figure.add_scatter(
            x=time_ms,
            y=potentials_mv[:, at].astype(np.float32),
            name=names[at],
            legendgroup=names[at],
            mode="lines",
            line=style,
            hovertemplate=f"{as_text(names[at])}, %{{x:g}} ms: %{{y:.1f}} mV<extra></extra>",
        )
        step = outputs.step[outputs.neuron == at]
        x, y = _strokes((step + 0.5) * dt_ms, outputs.steps * dt_ms, highest, highest + reach)
        figure.add_scatter(
            x=x,
            y=y,
            legendgroup=names[at],
            mode="none",
            fill="toself",
            fillcolor=style["color"],
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
                hovertemplate=f"threshold of {as_text(names[at])}: %{{y:.1f}} mV<extra></extra>",
            )
    end = outputs.steps * dt_ms
    lines = [("reset", reset_mv, "dot")]
    if shared:
        lines.insert(0, ("threshold", highest, "dash"))
    for name, level, dash in lines:
        reference_line(figure, [0, end], [level, level], f"{name}, {level:g} mV", dash)
    figure.update_xaxes(title="time (ms)", range=[0, end])
    figure.update_yaxes(title="potential (mV)", zeroline=False)
    told = "; ".join(
        f"{names[at]} between {potentials_mv[:, at].min():.0f} and {potentials_mv[:, at].max():.0f} mV, "
        f"{int((outputs.neuron == at).sum()):,} spikes"
        for at in chosen
    )
    few = "" if len(chosen) == len(names) else f" of the {len(chosen)} busiest outputs"
    alt = f"Membrane potentials over {end:g} ms, threshold {highest:g} mV, reset {reset_mv:g} mV: {told}."
    return finish(figure, f"Membrane potentials{few}", alt, 440, legend=-0.28)


def _draw_strokes(
    figure: go.Figure, raster: Raster, dt_ms: float, axis: str, colour: str, name: str, neurons: tuple[int, int]
) -> None:
    inside = (raster.neuron >= neurons[0]) & (raster.neuron < neurons[1])
    step, neuron = raster.step[inside], raster.neuron[inside]
    half = max(0.4, raster.neurons * _MARK_PX / (_INPUTS_PX if axis == "y" else _OUTPUTS_PX) / 2)
    x, y = _strokes((step + 0.5) * dt_ms, raster.steps * dt_ms, neuron - half, neuron + half)
    figure.add_scatter(
        x=x,
        y=y,
        yaxis=axis,
        name=name,
        mode="none",
        fill="toself",
        fillcolor=colour,
        hoverinfo="skip",
        showlegend=bool(len(step)),
    )


def _strokes(
    at_ms: NDArray, duration_ms: float, low: float | NDArray, high: float | NDArray
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return upright strokes around ``at_ms``, (n,), from ``low`` to ``high`` as outlines broken by NaN: (5 n,).

    They are filled: a browser draws all outlines of a trace as one, but broken lines one by one, ten times as slowly.
    """
    half = _STROKE_PX / _WIDTH_PX * duration_ms / 2
    gap, left, right = np.full(len(at_ms), np.nan), at_ms - half, at_ms + half
    low, high = np.broadcast_to(low, at_ms.shape), np.broadcast_to(high, at_ms.shape)
    x, y = np.column_stack([left, left, right, right, gap]), np.column_stack([low, high, high, low, gap])
    return x.ravel().astype(np.float32), y.ravel().astype(np.float32)


def _density_cells(raster: Raster) -> tuple[int, int]:
    return min(_ROWS, raster.neurons), min(_COLUMNS, raster.steps)


def _density(figure: go.Figure, raster: Raster, dt_ms: float, axis: str, colour: str, name: str) -> None:
    rows, columns = _density_cells(raster)
    counts, neuron_edges, step_edges = np.histogram2d(
        raster.neuron, raster.step, bins=(rows, columns), range=((-0.5, raster.neurons - 0.5), (0, raster.steps))
    )
    figure.add_heatmap(
        z=counts,
        x=(step_edges[:-1] + step_edges[1:]) / 2 * dt_ms,
        y=(neuron_edges[:-1] + neuron_edges[1:]) / 2,
        yaxis=axis,
        name=name,
        zmin=0,
        colorscale=[(0, palette.rgba(colour, 0)), (1, colour)],
        showscale=False,
        hovertemplate=f"%{{z:,.0f}} spikes of {name} around %{{x:.0f}} ms<extra></extra>",
    )
