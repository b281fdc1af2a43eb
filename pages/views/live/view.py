"""All of the page Live that needs the camera or what works on its pictures."""

import streamlit as st

from pages.views.common.guard import error_boundary
from pages.views.live.camera import show_camera
from pages.views.live.choices import choose_settings
from pages.views.live.needs import show_needs
from pages.views.live.now import show_now
from pages.views.live.tabs import show_tabs


def show_live() -> None:
    """Let the reader choose what answers, and turn the camera on; show what is known while it is."""
    settings = choose_settings()
    left, right = st.columns([5, 6], gap="large")
    frames = None
    with left, error_boundary():
        frames = show_camera(settings)
    if frames is None:
        show_needs()
        return
    with right:
        show_now(frames)
    show_tabs(frames)
