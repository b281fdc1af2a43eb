"""One picture, shown to the network that the reader chooses."""

import streamlit as st

from engine.models import shipped
from engine.recognition.plastic import plastic_head_of
from engine.spiking import stimuli
from engine.spiking.picture_simulation import simulate_picture
from engine.spiking.simulation_trace import SimulationTrace, record_trace
from engine.spiking.stimuli import Stimulus
from pages.views.common.answer_words import NO_FACE
from pages.views.common.page_state import cached, page_state
from pages.views.common.picture_sources import example_picture, upload_pictures
from pages.views.common.text import escape_markdown, short_name, small_print
from pages.views.spikes.online_learning import learner_of
from pages.views.spikes.parameters import choose_parameters
from pages.views.spikes.simulation import show_run

_KEPT = 8
UNTRAINED, HEAD, TRAINED_LIVE = "Untrained network", "Trained network", "Trained by you"


def choose_stimulus() -> Stimulus | None:
    """Let the reader choose a face or a digit; None while there is none."""
    with st.container(horizontal=True, gap="medium"):
        source = st.segmented_control(
            "Picture from", ["Example", "Upload", "Digit"], default="Example", required=True, key="spikes source"
        )
        if source == "Digit":
            return _digit()
        chosen = example_picture() if source == "Example" else []
    if source == "Upload":
        chosen = upload_pictures()
    if not chosen:
        return None
    first = chosen[0]
    if len(chosen) > 1:
        small_print(f"One picture at a time: this is {escape_markdown(short_name(first.name))}.")
    with st.spinner("Looking for the largest face"):
        crop = cached(page_state("Spikes", "crops"), first.digest, lambda: stimuli.crop_of(first.data), _KEPT)
    if crop is None:
        st.info(NO_FACE, icon=":material/search_off:")
        return None
    return stimuli.face(crop)


def _digit() -> Stimulus:
    _, labels = stimuli.digits()
    number = st.number_input(
        f"Digit, 0 to {len(labels) - 1:,}",
        0,
        len(labels) - 1,
        3,
        key="spikes digit",
        width=240,
        help="Handwritten digits of 8×8 pixels that come with scikit-learn.",
    )
    return stimuli.digit(int(number))


def show_one_picture(stimulus: Stimulus) -> None:
    """Let the reader choose a network, and show what it does with a picture."""
    known = learner_of(stimulus.kind)
    # What has learnt comes first, and of that what the reader has trained.
    networks = [*([] if known is None else [TRAINED_LIVE]), *([HEAD] if stimulus.kind == "face" else []), UNTRAINED]
    network = usual = networks[0]
    if len(networks) > 1:
        network = st.segmented_control(
            "Network", networks, default=usual, required=True, key=f"spikes network {stimulus.kind} {known is None}"
        )
    if network == HEAD:
        show_run(stimulus, _answer_of_head(stimulus), None)
    elif network == TRAINED_LIVE:
        show_run(stimulus, known.trace(stimulus), None)
    else:
        _, parameters, seed = choose_parameters(stimulus.kind)
        show_run(stimulus, simulate_picture(parameters, stimulus, seed), parameters)


def _answer_of_head(stimulus: Stimulus) -> SimulationTrace:
    model = shipped.load()
    readout = plastic_head_of(model).readout
    spikes = readout.spikes(model.embeddings(stimulus.picture[None])[0])
    return record_trace(readout.network, spikes, model.labels, "embedding", drive_mv=readout.settings.current_mv)
