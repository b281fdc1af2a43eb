"""Teaching: hold an expression, say what it is, and see what that changes."""

import numpy as np
import streamlit as st

from engine.charts.frame import percent
from engine.recognition.live import LiveFrames
from engine.recognition.live.person import HELD_S
from engine.spiking.personal import Personal
from pages.parts.guard import sentences
from pages.parts.held import held
from pages.parts.live_words import face_of
from pages.parts.plain import plain, short_name

_EVERY_S = 1.0
_HOW = (
    f"Hold an expression for a second, choose what it is, and press Learn: from the latest {HELD_S:g} s the spiking "
    "layer between what the model names and what this person means by it learns by three factors, input, output and "
    "error. No picture is kept for it. Undo takes one step back; Reset forgets everything, and Undo takes that back, "
    "too."
)


def show_teaching(frames: LiveFrames) -> None:
    """Let the reader teach, and show the effect on the face in front of the camera."""
    st.markdown(_HOW)
    meant = st.selectbox("Expression that is held", list(frames.working.pipeline.labels), key="live meant", width=240)
    st.fragment(_view, run_every=_EVERY_S)(frames, meant)
    with st.expander("Save what was taught, or bring it back", icon=":material/save:"), sentences():
        _adaptation(frames)


def _view(frames: LiveFrames, meant: str) -> None:
    with sentences():
        pipeline = frames.working.pipeline
        face = face_of(frames.working.state(), frames.person)
        unseen = face is None
        with st.container(horizontal=True):
            if st.button("Learn", type="primary", icon=":material/school:", key="live learn", disabled=unseen):
                _learn(frames, meant)
            if st.button("Undo", icon=":material/undo:", key="live undo", disabled=unseen):
                undone = pipeline.undo(frames.person)
                _say(frames, "The last step was taken back." if undone else "There is nothing to take back.")
            if st.button("Reset", icon=":material/restart_alt:", key="live reset", disabled=unseen):
                pipeline.reset(frames.person)
                _say(frames, "Everything that was taught is forgotten.")
        if face is None:
            st.info("Nobody is in sight. Look at the camera and hold the expression.", icon=":material/search_off:")
            return
        learnt = pipeline.adaptation(frames.person).corrections
        st.markdown(f"**Person {frames.person}: {learnt} corrections learnt.** {plain(_said(frames))}")
        named, said = face.named[meant], face.probabilities[meant]
        left, right = st.columns(2)
        left.metric(f"{meant}, as the model names it", percent(named))
        right.metric(f"{meant}, after what was taught", percent(said), f"{100 * (said - named):+.0f} points")


def _learn(frames: LiveFrames, meant: str) -> None:
    pipeline, person = frames.working.pipeline, frames.person
    face = face_of(frames.working.state(), person)
    pipeline.teach(person, meant)
    if face is not None:
        row = pipeline.adaptation(person).answers(np.array([list(face.named.values())]))[0]
        after = float(row[pipeline.labels.index(meant)])
        _say(frames, f"{meant} went from {percent(face.probabilities[meant])} to {percent(after)} on the latest face.")


def _say(frames: LiveFrames, text: str) -> None:
    held("Live", "page")["taught"] = frames.person, text


def _said(frames: LiveFrames) -> str:
    person, text = held("Live", "page").get("taught", (None, ""))
    return text if person == frames.person else ""


def _adaptation(frames: LiveFrames) -> None:
    if frames.person is None:
        st.markdown("Nobody has been seen yet.")
        return
    pipeline, person = frames.working.pipeline, frames.person
    st.markdown(
        f"What person {person} taught is a small file of synapses, without a picture or a name. It fits the model that "
        "it was learnt with."
    )
    st.download_button(
        "Save what was taught",
        lambda: pipeline.adaptation(person).as_bytes(),
        file_name="neuromer-adaptation.npz",
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key="live adaptation",
    )
    file = st.file_uploader("What was taught before", type="npz", max_upload_size=1, key="live adaptation file")
    if file is not None and st.button(f"Use it for person {person}", key="live adaptation use"):
        pipeline.adapt(person, Personal.from_bytes(file.getvalue(), short_name(file.name)))
        _say(frames, "What was taught before is in use; Undo takes it out again.")
