"""The spiking network at work on the face in front of the camera."""

import streamlit as st

from engine.recognition.live import LiveFrames
from pages.views.common.guard import error_boundary
from pages.views.common.spiking_figures import show_potentials, show_raster, show_weights
from pages.views.common.text import escape_markdown, small_print
from pages.views.live.answer import face_of

_EVERY_S = 2.0
_HOW = (
    "The model’s embedding of this face, 384 numbers, drives the inputs: ON where a number is above what is usual, OFF "
    "where it is below. Each of the head’s outputs stands for an expression. Time goes on from picture to picture: the "
    "potentials are never set back while the face is in sight."
)


def show_spikes(frames: LiveFrames) -> None:
    """Show spikes, potentials and weights of about the latest second, every two seconds."""
    small_print(_HOW)
    what = st.segmented_control(
        "Show", ["Spikes", "Potentials", "Weights"], default="Spikes", required=True, key="live spikes"
    )
    st.fragment(_view, run_every=_EVERY_S)(frames, what)


def _view(frames: LiveFrames, what: str) -> None:
    with error_boundary():
        runner = frames.working
        face = face_of(runner.state(), frames.person)
        if face is None:
            st.info("The network rests: no face is in sight.", icon=":material/search_off:")
            return
        shown = runner.pipeline.spikes(face.person)
        if shown is None:
            st.info(
                "This model has no plastic head, so that nothing spikes. The default model has one."
                if runner.pipeline.classifier.readout is None
                else "The face has just come into sight.",
                icon=":material/info:",
            )
            return
        if face.spiking is not None:
            best = max(face.spiking, key=face.spiking.__getitem__)
            st.markdown(escape_markdown(f"Spikes of the latest 400 ms say {best}, the answer above is {face.answer}."))
        if what == "Spikes":
            show_raster(shown, "live raster")
        elif what == "Potentials":
            show_potentials(shown, "live potentials")
        else:
            show_weights(shown.after, shown.kind, shown.names, "live weights", moving=True)
