"""Teaching: hold an expression, say what it is, and see what that changes."""

import numpy as np
import streamlit as st

from engine.charts.frame import percent
from engine.recognition.live import LiveFrames
from engine.recognition.live.person import HELD_S
from pages.parts.guard import sentences
from pages.parts.held import held
from pages.parts.live_words import face_of
from pages.parts.plain import plain

_HOW = (
    f"Hold an expression for a second, choose what it is, and press Learn: from the latest {HELD_S:g} s the spiking "
    "layer between what the model names and what this person means by it learns by three factors, input, output and "
    "error. No picture is kept for it. Undo takes one step back, Reset all of them."
)


def show_teaching(frames: LiveFrames) -> None:
    """Let the reader teach, and show the effect on the face in front of the camera."""
    st.markdown(_HOW)
    st.fragment(_view, run_every=1.0)(frames)


def _view(frames: LiveFrames) -> None:
    with sentences():
        runner = frames.working
        pipeline, state = runner.pipeline, runner.state()
        face = face_of(state, frames.person)
        whose = "this person" if len(state.faces) < 2 else f"person {frames.person}"
        with st.container(horizontal=True, vertical_alignment="bottom"):
            meant = st.selectbox(f"Expression that {whose} holds", list(pipeline.labels), key="live meant", width=240)
            if st.button("Learn", type="primary", icon=":material/school:", key="live learn", disabled=face is None):
                before = face.probabilities[meant]
                pipeline.teach(frames.person, meant)
                named = np.array([list(face.named.values())])
                after = float(pipeline.adaptation(frames.person).answers(named)[0, pipeline.labels.index(meant)])
                held("Live", "page")["effect"] = frames.person, meant, before, after
            taught = 0 if face is None else face.corrections
            if st.button("Undo", icon=":material/undo:", key="live undo", disabled=face is None):
                pipeline.undo(frames.person)
            if st.button("Reset", icon=":material/restart_alt:", key="live reset", disabled=not taught):
                pipeline.reset(frames.person)
        if face is None:
            st.info("Nobody is in sight. Look at the camera and hold the expression.", icon=":material/search_off:")
            return
        taught = pipeline.adaptation(frames.person).corrections
        st.markdown(f"**Learnt from {taught} pictures of {whose}**" if taught else f"**Nothing learnt of {whose} yet**")
        effect = held("Live", "page").get("effect")
        if effect is not None and effect[0] == frames.person:
            _, label, before, after = effect
            st.markdown(plain(f"At the last step {label} went from {percent(before)} to {percent(after)}."))
        named, said = face.named[meant], face.probabilities[meant]
        left, right = st.columns(2)
        left.metric(f"{meant}, as the model names it", percent(named))
        right.metric(f"{meant}, after what was taught", percent(said), f"{100 * (said - named):+.0f} points")
