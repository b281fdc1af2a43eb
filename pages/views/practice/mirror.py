"""Read my face: what one's own expression is read as, with nothing kept."""

from dataclasses import replace

import streamlit as st

from engine.charts.bars import probability_bars
from engine.charts.layout import percent
from engine.emotions import SEVEN
from engine.errors import UserError
from engine.recognition.photo import FaceResult, recognise
from pages.views.common.figures import show_figure
from pages.views.common.guard import show_error
from pages.views.common.page_state import page_state
from pages.views.common.text import small_print


def show_mirror() -> None:
    """Take a picture, and say what expression is read in it, beside one's own face at rest where that is named."""
    st.markdown(
        "Choose an expression, show it to the camera and see how it reads. The picture stays on this machine, is not "
        "stored, and goes when you take another one or leave."
    )
    wanted = st.segmented_control("I show", list(SEVEN), default="happy", required=True, key="practice wanted")
    shot = st.camera_input("Take a picture", key="practice camera", resolution="720p", width=480)
    if shot is None:
        small_print(
            "Some faces look sad, angry or smiling while they rest. Take a picture at rest first and name it so: then "
            "only what you change is read. For an answer while you move, use the page Live."
        )
        return
    with st.spinner("Looking for your face"):
        faces = recognise(shot.getvalue()).faces
    if not faces:
        st.info("No face was found. Look into the camera, with light from in front of you.")
        return
    face = _without_rest(faces[0])
    reads = f"**{face.expression}** ({percent(face.certainty)})"
    if face.expression == wanted:
        st.success(f"It reads as {reads}, as you meant.")
    else:
        st.info(f"It reads as {reads}; you meant {wanted}, which has {percent(face.probabilities[wanted])}.")
    show_figure(probability_bars(face.probabilities, face.model.thresholds), "practice mirror")
    _name_rest(faces[0])
    small_print(
        "A model’s reading of one picture, and it errs: that it reads something else does not mean that your face is "
        "wrong."
    )


def _without_rest(face: FaceResult) -> FaceResult:
    """Return a face with one's own rest taken out, where that was named."""
    rest = page_state("Practice", "rest").get("face")
    if rest is None:
        return face
    try:
        return face.without_rest_of(rest)
    except UserError as error:
        show_error(error)
        return face


def _name_rest(face: FaceResult) -> None:
    """Let one's face in this picture be named as resting, or what was named so be forgotten."""
    kept = page_state("Practice", "rest")
    if "face" in kept:
        small_print("Read beside your own face at rest. Only seven numbers of that are remembered, until you leave.")
        if st.button("Forget how my face rests", key="practice forget rest"):
            kept.clear()
            st.rerun()
    elif st.button("This is my face at rest", key="practice name rest"):
        try:
            face.without_rest_of(face)  # raises for what is surely no rest
        except UserError as error:
            show_error(error)
            return
        # What the model says of it is all that is needed.
        kept["face"] = replace(face, crop=face.crop[:0], prepared=None)
        st.rerun()
