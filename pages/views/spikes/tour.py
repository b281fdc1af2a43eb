"""A guided tour in four steps: a picture becomes spikes, one neuron, learning, and a face of one's own."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from engine.charts.spiking_activity import drawing_note, spike_raster
from engine.spiking import stimuli
from engine.spiking.encoding import poisson, rates, regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.raster import Raster
from engine.spiking.simulation_trace import record_trace
from engine.words import counted
from pages.views.common.figures import show_figure, show_thumbnail
from pages.views.common.spiking_figures import show_potentials
from pages.views.common.text import small_print
from pages.views.spikes.one_picture import choose_stimulus, show_one_picture
from pages.views.spikes.online_learning import show_online_learning

_STEP = "spikes tour step"
_SHOWN_MS = 200
_NEURON = Neuron()
_RHEOBASE_MV = _NEURON.v_th_mv - _NEURON.e_l_mv
_EVEN, _BY_CHANCE = "evenly", "by chance"


def show_tour() -> None:
    """Show one step of the tour, with ways to the next and back; each takes about a minute."""
    number = st.session_state.setdefault(_STEP, 0)
    title, show = _STEPS[number]
    st.header(f"{number + 1} of {len(_STEPS)}: {title}", anchor=False)
    show()
    with st.container(horizontal=True):
        st.button("Back", icon=":material/arrow_back:", key="spikes tour back", disabled=number == 0, on_click=_go(-1))
        if number + 1 < len(_STEPS):
            st.button(
                f"Next: {_STEPS[number + 1][0]}",
                type="primary",
                icon=":material/arrow_forward:",
                key="spikes tour next",
                on_click=_go(1),
            )
        else:
            st.button("From the beginning", icon=":material/replay:", key="spikes tour again", on_click=_go(-number))


def _go(by: int) -> Callable[[], None]:
    def go() -> None:
        st.session_state[_STEP] += by

    return go


def _picture() -> None:
    st.markdown(
        "A nerve cell sends no grey values: it sends short pulses, all alike, called **spikes**. So a picture has to "
        "be told by how often they come. Each of the 64 pixels of this digit is an input; the brighter it is, the "
        "faster it fires. Choose another digit, and see which rows of the chart fill up."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input("Digit", 0, 99, 3, key="spikes tour digit", width=160)
        fastest = st.slider("A white pixel fires, in Hz", 20, 200, 60, 20, key="spikes tour rate", width=280)
        timing = st.segmented_control(
            "Spikes come", [_EVEN, _BY_CHANCE], default=_EVEN, required=True, key="spikes tour timing"
        )
    stimulus = stimuli.digit(int(number))
    speeds = rates(stimulus.strengths, float(fastest))
    spikes = regular(speeds, _SHOWN_MS) if timing == _EVEN else poisson(speeds, _SHOWN_MS, seed=0)
    left, right = st.columns([1, 4], vertical_alignment="center")
    with left:
        show_thumbnail(stimulus.picture, 160, "", f"The digit {number}, 8×8 pixels")
    with right:
        nothing = Raster.of([], [], spikes.steps, 1)
        show_figure(spike_raster(spikes, nothing, ("output",), 1.0, None), "spikes tour raster")
    small_print(f"{counted(len(spikes), 'spike')} in {_SHOWN_MS} ms. {drawing_note(spikes, 'input')}")


def _neuron() -> None:
    st.markdown(
        "The cell that hears these spikes gathers them in its **membrane potential**, which leaks away like water from "
        f"a bucket with a hole. Where it climbs above the threshold, {_mv(_NEURON.v_th_mv)}, the cell fires a spike of "
        f"its own and starts again from {_mv(_NEURON.v_r_mv)}. Drive it harder, and it fires sooner; a little weaker "
        f"than {_RHEOBASE_MV:g} mV, and the leak always wins."
    )
    drive = st.slider("Drive, in mV", 0, 80, 30, 1, key="spikes tour drive", width=420)
    network = Network(np.zeros((1, 1)), _NEURON)
    trace = record_trace(
        network, Raster.of([], [], _SHOWN_MS, 1), ("neuron",), "digit", drive_mv=float(drive), learn=False
    )
    show_potentials(trace, "spikes tour potential")
    fired, rate = len(trace.outputs), _NEURON.rate_hz(float(drive))
    st.markdown(
        f"**{counted(fired, 'spike')} in {_SHOWN_MS} ms**; by the formula {rate:.0f} a second."
        if rate
        else "**No spike**: the leak wins."
    )


def _mv(potential: float) -> str:
    return f"{potential:g} mV".replace("-", "−")


def _learning() -> None:
    st.markdown(
        "A synapse **learns** by what happens at its two ends. Fires the output just after the input, the input may "
        "have been the cause: the weight grows. Fires it just before, the weight shrinks. That is STDP; nobody tells "
        "the network what a picture shows. Start it on digits and watch each output choose its own; half a minute is "
        "enough to see it."
    )
    show_online_learning()


def _own_face() -> None:
    st.markdown(
        "Now a face. A network that has learnt already hears what the default model sees in it, as spikes; the output "
        "that fires most names the expression. Take the example, or upload your own picture: it stays on this machine."
    )
    if (stimulus := choose_stimulus()) is not None:
        show_one_picture(stimulus)


_STEPS = (
    ("From a picture to spikes", _picture),
    ("One neuron", _neuron),
    ("Learning", _learning),
    ("Your own face", _own_face),
)
