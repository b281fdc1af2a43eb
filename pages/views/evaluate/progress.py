"""Long work on a page: how far it is, how long it will take, and a way out."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from engine.tasks import Progress


@contextmanager
def watched(key: str) -> Iterator[Progress]:
    """Show a bar and a button while the work inside lasts.

    Any widget that is used meanwhile ends the work, since Streamlit then starts the page anew; the button is the one
    that says so.
    """
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, "Starting")
        st.button("Cancel", key=key, icon=":material/cancel:")
    yield Progress(lambda status: bar.progress(status.share, status.sentence))
    place.empty()
