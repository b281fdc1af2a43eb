"""Live: the expression in front of the camera while it is shown, and the spiking network that works on it."""

import streamlit as st

from pages.views.common.guard import page
from pages.views.live.consent import ask_consent

with page("Live", "Which expression does the camera see right now, and how sure is that? Turn it on and watch."):
    if ask_consent():
        with st.spinner("Getting ready"):
            # Not above: it takes seconds the first time, and nobody may ever agree.
            from pages.views.live.camera import show_live
        show_live()
