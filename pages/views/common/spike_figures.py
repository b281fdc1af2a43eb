"""What spiked and how near the outputs were to it, as charts."""

import streamlit as st

from engine.charts.spiking_potentials import membrane_potentials
from engine.charts.spiking_raster import how_drawn, spike_raster
from engine.spiking.demonstration import Shown
from pages.views.common.figures import show_figure
from pages.views.common.text import small


def show_raster(shown: Shown, key: str) -> None:
    """Show the spikes of inputs, apart by ON and OFF where there are these, and of outputs."""
    on = shown.inputs.neurons // 2 if shown.kind in ("face", "embedding") else None
    show_figure(spike_raster(shown.inputs, shown.outputs, shown.names, shown.dt_ms, on), key)
    st.markdown(small(f"{how_drawn(shown.inputs, 'input')} {how_drawn(shown.outputs, 'output')}"))


def show_potentials(shown: Shown, key: str) -> None:
    """Show the outputs' membrane potentials."""
    figure = membrane_potentials(
        shown.time_ms,
        shown.potentials_mv,
        shown.thresholds_mv,
        shown.reset_mv,
        shown.outputs,
        shown.names,
        shown.dt_ms,
    )
    show_figure(figure, key)
