"""A recording that is being analysed: how far it is, how long it will take, and a way out."""

import streamlit as st

from engine.recognition.analysing import Standing
from engine.recognition.recordings import SHELF, Kept
from engine.tasks.status import in_words
from pages.views.common.guard import error_boundary, show_error
from pages.views.common.text import escape_markdown, small_print
from pages.views.video.held import forget

_EVERY_S = 0.5


def show_progress(kept: Kept) -> None:
    """Show how far the analysis of a recording is, live, or why it ended without a result."""
    alive = kept.standing.alive
    st.fragment(_view, run_every=_EVERY_S if alive else None)(kept.token, alive)


def _view(token: str, was_alive: bool) -> None:
    with error_boundary():
        kept = SHELF.find(token)
        if kept is None or (was_alive and not kept.standing.alive):
            st.rerun()
        standing = kept.standing
        if standing.error is not None:
            show_error(standing.error)
        elif standing.alive:
            share = min(1.0, standing.done / standing.total) if standing.total else 0.0
            st.progress(share, f"**{escape_markdown(kept.name)}**: {_words(standing)}")
            small_print("It goes on when you close this page; its address leads back to it.")
        label, icon = ("Cancel", ":material/stop:") if standing.alive else ("Choose another", ":material/arrow_back:")
        if st.button(label, icon=icon, key=f"video cancel {token}"):
            forget(kept)
            st.rerun()


def _words(standing: Standing) -> str:
    if standing.state == "waiting":
        return "waiting for its turn, other recordings are being analysed"
    counted = f", {standing.done:,} of {standing.total:,}" if standing.total else ""
    left = "" if standing.seconds_left is None else f", {in_words(standing.seconds_left)} left"
    return f"{escape_markdown(standing.words)}{counted}{left}"
