"""Under the camera: events and their replays, spikes at work, and teaching."""

import streamlit as st

from engine.recognition.live import LiveFrames
from pages.views.common.guard import sentences
from pages.views.live.events import show_events
from pages.views.live.spikes import show_spikes
from pages.views.live.teach import show_teaching


def show_tabs(frames: LiveFrames) -> None:
    """Show one of them at a time: what is not looked at costs nothing."""
    views = {"Events": show_events, "Spikes": show_spikes, "Teach it": show_teaching}
    for tab, show in zip(st.tabs(list(views), on_change="rerun", key="live tabs"), views.values(), strict=True):
        if tab.open:
            with tab, sentences():
                show(frames)
