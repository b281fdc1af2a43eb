"""One picture, shown to the network that the reader chooses."""

import streamlit as st

from engine.models import shipped
from engine.recognition.plastic import head_of
from engine.spiking.demonstration import SimulationTrace, record, show
from engine.spiking.stimuli import Stimulus
from pages.views.spikes.live import learning
from pages.views.spikes.parameters import choose_parameters
from pages.views.spikes.run import show_run

CHANCE, HEAD, LEARNT = "not learnt, all constants open", "plastic head", "trained live"


def show_one(stimulus: Stimulus) -> None:
    """Let the reader choose a network, and show what it does with a picture."""
    known = learning(stimulus.kind)
    networks = [CHANCE, *([HEAD] if stimulus.kind == "face" else []), *([] if known is None else [LEARNT])]
    network = CHANCE
    if len(networks) > 1:
        usual = CHANCE if known is None else LEARNT
        network = st.segmented_control(
            "Network", networks, default=usual, required=True, key=f"spikes network {stimulus.kind} {known is None}"
        )
    if network == HEAD:
        show_run(stimulus, _answer_of_head(stimulus), None)
    elif network == LEARNT:
        show_run(stimulus, known.show(stimulus), None)
    else:
        _, parameters, seed = choose_parameters(stimulus.kind)
        show_run(stimulus, show(parameters, stimulus, seed), parameters)


def _answer_of_head(stimulus: Stimulus) -> SimulationTrace:
    model = shipped.load()
    readout = head_of(model).readout
    spikes = readout.spikes(model.embeddings(stimulus.picture[None])[0])
    return record(readout.network, spikes, model.labels, "embedding", drive_mv=readout.settings.current_mv)
