"""A picture that is answered before anybody does anything, and others to click."""

import streamlit as st

from pages.views.common.answer_words import NO_FACE, face_certainty, face_headline, percent_in_words
from pages.views.common.text import escape_markdown
from pages.views.home.samples import SAMPLES, Sample, answered
from pages.views.home.strip import choose_sample

_SHOWN = 3
"""Expressions, the most probable ones."""


def show_example() -> None:
    """Show a sample with its answer beside it, and the strip that it is chosen from."""
    with st.container(border=True):
        _show_answer(choose_sample(SAMPLES))


def _show_answer(sample: Sample) -> None:
    shown = answered(sample)
    face = next(iter(shown.result.faces), None)
    # Above both: on a phone the picture comes before what stands beside it.
    st.subheader("No face" if face is None else face_headline(face).capitalize(), anchor=False)
    left, right = st.columns([3, 7], gap="medium")
    left.image(shown.drawn, width="stretch", output_format="JPEG", alt=shown.alt)
    with right, st.container(gap="xsmall"):
        if face is None:
            st.markdown(NO_FACE)
            return
        st.markdown(face_certainty(face))
        # No chart: what draws charts takes a browser most of a second to load.
        for label in sorted(face.probabilities, key=face.probabilities.__getitem__, reverse=True)[:_SHOWN]:
            share = face.probabilities[label]
            st.progress(share, text=f"{label}, {escape_markdown(percent_in_words(share))}")
