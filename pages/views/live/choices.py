"""How faces in front of the camera are answered for; may be changed while it is on."""

import streamlit as st

from engine.models import shipped
from engine.recognition.live import LiveSettings
from engine.recognition.plastic import has_head
from pages.views.common.choose import choose_enhancement, choose_model


def choose_settings() -> LiveSettings:
    """Let the reader choose model, low light and what answers."""
    model_side, light_side, head_side = st.columns([2, 1, 2], vertical_alignment="bottom")
    with model_side:
        model = choose_model("live model", runs=True)
    with light_side:
        enhance = choose_enhancement("live low light")
    able = has_head(shipped.load(model, threads=1))
    with head_side:
        plastic = st.toggle(
            "Let the spiking head answer",
            key="live plastic",
            disabled=not able,
            help="In place of the model’s last layer, spikes of its plastic head name the expression."
            if able
            else "This model has no plastic head; the default one has.",
        )
    return LiveSettings(model, enhance, plastic and able)
