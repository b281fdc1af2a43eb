"""Read my face: what one's own expression is read as, with nothing kept."""

import streamlit as st

from engine.charts.bars import probability_bars
from engine.charts.layout import percent
from engine.emotions import SEVEN
from engine.recognition.photo import recognise
from pages.views.common.figures import show_figure
from pages.views.common.text import small_print


def show_mirror() -> None:
    """Take a picture, and say what expression is read in it."""
    st.markdown(
        "Choose an expression, show it to the camera and see how it reads. The picture stays on this machine, is not "
        "stored, and goes when you take another one or leave."
    )
    wanted = st.segmented_control("I show", list(SEVEN), default="happy", required=True, key="practice wanted")
    shot = st.camera_input("Take a picture", key="practice camera", resolution="720p", width=480)
    if shot is None:
        small_print("For an answer while you move, use the page Live.")
        return
    with st.spinner("Looking for your face"):
        faces = recognise(shot.getvalue()).faces
    if not faces:
        st.info("No face was found. Look into the camera, with light from in front of you.")
        return
    face = faces[0]
    reads = f"**{face.expression}** ({percent(face.certainty)})"
    if face.expression == wanted:
        st.success(f"It reads as {reads}, as you meant.")
    else:
        st.info(f"It reads as {reads}; you meant {wanted}, which has {percent(face.probabilities[wanted])}.")
    show_figure(probability_bars(face.probabilities, face.model.thresholds), "practice mirror")
    small_print(
        "A model’s reading of one picture, and it errs: that it reads something else does not mean that your face is "
        "wrong."
    )
