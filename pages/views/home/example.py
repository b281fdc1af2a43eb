"""A picture that is answered before anybody does anything, and others to click."""

import streamlit as st

from engine.charts.bars import probability_bars
from pages.views.common.answer_words import NO_FACE, face_certainty, face_headline
from pages.views.common.figures import show_figure
from pages.views.home.samples import SAMPLES, Sample, answered
from pages.views.home.strip import choose_sample

_BARS_PX = 260


def show_example() -> None:
    """Show a sample with its answer beside it, and the strip that it is chosen from."""
    with st.container(border=True):
        _show_answer(choose_sample(SAMPLES))


def _show_answer(sample: Sample) -> None:
    shown = answered(sample)
    left, right = st.columns([3, 7], gap="medium")
    left.image(shown.drawn, width="stretch", output_format="JPEG", alt=shown.alt)
    with right, st.container(gap="xsmall"):
        if not shown.result.faces:
            st.subheader("No face", anchor=False)
            st.markdown(NO_FACE)
            return
        face = shown.result.faces[0]
        st.subheader(face_headline(face).capitalize(), anchor=False)
        st.markdown(face_certainty(face))
        bars = probability_bars(face.probabilities, face.model.thresholds)
        show_figure(bars.update_layout(height=_BARS_PX), "home bars")
