"""A recording that is being analysed: how far it is, how long it will take, and a way out."""

from functools import partial

import streamlit as st

from engine.recognition.video.recordings import RECORDINGS, StoredRecording
from pages.views.common.guard import error_boundary
from pages.views.common.task import show_task
from pages.views.common.text import small_print
from pages.views.video.held import forget

_EVERY_S = 0.5


def show_progress(kept: StoredRecording) -> None:
    """Show how far the analysis of a recording is, live, or why it ended without a result."""
    alive = kept.status.alive
    st.fragment(_view, run_every=_EVERY_S if alive else None)(kept.token, alive)


def _view(token: str, was_alive: bool) -> None:
    with error_boundary():
        kept = RECORDINGS.find(token)
        if kept is None or (was_alive and not kept.status.alive):
            st.rerun()
        show_task(kept.status, kept.name, partial(forget, kept), f"video cancel {token}")
        if kept.status.alive:
            small_print("It goes on when you close this page; its address leads back to it.")
        else:
            st.button(
                "Choose another",
                icon=":material/arrow_back:",
                key=f"video other {token}",
                on_click=forget,
                args=(kept,),
            )
