"""Which picture is shown to the spiking network."""

import streamlit as st

from engine.spiking import stimuli
from engine.spiking.stimuli import Stimulus
from pages.views.common.answer_words import NO_FACE
from pages.views.common.page_state import page_state
from pages.views.common.picture_sources import example_picture, upload_pictures
from pages.views.common.text import escape_markdown, short_name, small_print

_KEPT = 8


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
    crops = page_state("Spikes", "crops")
    if first.digest not in crops:
        while len(crops) >= _KEPT:
            del crops[next(iter(crops))]
        with st.spinner("Looking for the largest face"):
            crops[first.digest] = stimuli.crop_of(first.data)
    crop = crops[first.digest]
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
