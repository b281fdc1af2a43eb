"""Long work on a page: how far it is, how long it will take, and a way out."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from engine.commands.progress_line import in_words
from engine.datasets.progress import Watch
from engine.jobs import time_left

_PAUSE = 0.2
"""Seconds between two changes of the bar: drawing it more often would slow the work."""


@contextmanager
def watched(key: str) -> Iterator[Watch]:
    """Show a bar and a button while the work inside lasts.

    Any widget that is used meanwhile ends the work, since Streamlit then starts the page anew; the button is the one
    that says so.
    """
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, "Starting")
        st.button("Cancel", key=key, icon=":material/cancel:")
    began = shown = time.monotonic()
    before = 0

    def show(done: int, total: int, words: str) -> None:
        nonlocal began, shown, before
        now = time.monotonic()
        if done < before:
            # The next of several steps, each counted from 0.
            began = now
        before = done
        if done and now - shown < _PAUSE:
            return
        shown = now
        left = time_left(done, total, now - began)
        waiting = "" if left is None else f", {in_words(left)} left"
        bar.progress(min(done / max(total, 1), 1.0), f"{words}: {done:,} of {total:,}{waiting}")

    yield Watch(show)
    place.empty()
