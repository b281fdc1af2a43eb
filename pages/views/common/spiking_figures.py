"""A spiking network at work, as charts: spikes, potentials, and every output's weights as maps of the picture."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from engine.charts.spiking_activity import drawing_note, membrane_potentials, spike_raster
from engine.charts.spiking_weights import ORIENTATIONS, weight_mosaic, weight_picture, weights_in_words
from engine.spiking.simulation_trace import SimulationTrace
from engine.spiking.stimuli import Stimulus, weight_maps
from pages.views.common.figures import data_url, show_figure
from pages.views.common.text import small_print

_ACROSS, _ACROSS_FACE = 10, 4


def show_raster(shown: SimulationTrace, key: str) -> None:
    """Show the spikes of inputs, apart by ON and OFF where there are these, and of outputs."""
    on = shown.inputs.neurons // 2 if shown.kind in ("face", "embedding") else None
    show_figure(spike_raster(shown.inputs, shown.outputs, shown.names, shown.dt_ms, on), key)
    small_print(f"{drawing_note(shown.inputs, 'input')} {drawing_note(shown.outputs, 'output')}")


def show_potentials(shown: SimulationTrace, key: str) -> None:
    """Show the outputs' membrane potentials."""
    figure = membrane_potentials(
        shown.time_ms, shown.potentials_mv, shown.thresholds_mv, shown.reset_mv, shown.outputs, shown.names, shown.dt_ms
    )
    show_figure(figure, key)


def show_weights(weights: NDArray, kind: str, names: Sequence[str], key: str, *, moving: bool = False) -> None:
    """Show the weights.

    Parameters
    ----------
    weights
        (inputs, outputs).
    kind
        See `engine.spiking.stimuli.weight_maps`.
    names
        Of the outputs.
    key
        Of the figures.
    moving
        Whether they change all the time: then as pictures, since a figure that changes goes blank for a moment.
    """
    maps = weight_maps(weights, kind)
    show = partial(_show_tiles, moving)
    if kind == "face":
        # One scale for all, so that they can be compared.
        most = max(float(np.abs(maps).max()), 1e-12)
        for column, name, tiles in zip(st.columns(len(names), gap="large"), names, maps, strict=True):
            with column:
                title = f"Weights to {name}, ON minus OFF"
                show(tiles, ORIENTATIONS, _ACROSS_FACE, title, f"{key} {name}", most, 240)
        small_print(
            "Each tile is the face, one for each direction of edges. Blue: edges there speak for the output. "
            "Vermillion: that they are missing does."
        )
        return
    if kind == "embedding":
        small_print("Each square is one number of the embedding; neighbours have nothing to do with each other.")
    few = len(maps) <= _ACROSS
    with st.container(width=160 + 130 * len(maps) if few else 620):
        across, captions = min(_ACROSS, len(maps)), names if few else ()
        show(maps[:, 0], captions, across, "Weights of each output", key, None, 260 if few else 560)


def show_strengths(stimulus: Stimulus) -> None:
    """Show what the inputs say of a face, to be compared with the weights."""
    inputs = weight_maps(stimulus.strengths[:, None], "face")[0]
    left, right = st.columns([1, 2], gap="large", vertical_alignment="center")
    with left:
        title = "For comparison: this face"
        figure = weight_mosaic(inputs, ORIENTATIONS, _ACROSS_FACE, title, what="deviations")
        show_figure(figure, "spikes strengths")
    right.markdown(
        "What the inputs say of this face, ON minus OFF, in standard deviations from what is usual. With STDP, the "
        "weights of an output that fires come to look like this."
    )


def _show_tiles(
    moving: bool,
    tiles: NDArray,
    captions: Sequence[str],
    across: int,
    title: str,
    key: str,
    most: float | None,
    height: int,
) -> None:
    if not moving:
        show_figure(weight_mosaic(tiles, captions, across, title, most=most, height=height), key)
        return
    st.markdown(f"**{title}**")
    picture = weight_picture(tiles, across, most)
    st.image(data_url(picture), width=min(picture.shape[1], 480), alt=weights_in_words(tiles, captions, title))
    most = most or float(np.abs(tiles).max())
    order = f"In reading order: {', '.join(captions)}. " if captions else ""
    small_print(f"{order}Darkest: {most:.2g}.")
