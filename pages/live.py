"""Live: the expression in front of the camera while it is shown, and the spiking network that works on it."""

import streamlit as st

from pages.parts.guard import page, sentences
from pages.parts.live_camera import show_camera
from pages.parts.live_choices import choose_settings
from pages.parts.live_consent import agreed, show_needs

with page("Live", "Which expression does the camera see right now, and how sure is that? Turn it on and watch."):
    if agreed():
        settings = choose_settings()
        left, right = st.columns([5, 6], gap="large")
        frames = None
        with left, sentences():
            frames = show_camera(settings)
        if frames is None:
            show_needs()
        else:
            # Not above: charts are needed only once the camera is on.
            from pages.parts.live_now import show_now
            from pages.parts.live_views import show_views

            with right:
                show_now(frames)
            show_views(frames)
