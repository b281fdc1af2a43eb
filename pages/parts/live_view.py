"""All of the page Live that needs the camera or what works on its pictures."""

import streamlit as st

from pages.parts.guard import sentences
from pages.parts.live_camera import show_camera
from pages.parts.live_choices import choose_settings
from pages.parts.live_needs import show_needs
from pages.parts.live_now import show_now
from pages.parts.live_tabs import show_tabs


def show_live() -> None:
    """Let the reader choose what answers, and turn the camera on; show what is known while it is."""
    settings = choose_settings()
    left, right = st.columns([5, 6], gap="large")
    frames = None
    with left, sentences():
        frames = show_camera(settings)
    if frames is None:
        show_needs()
        return
    with right:
        show_now(frames)
    show_tabs(frames)
