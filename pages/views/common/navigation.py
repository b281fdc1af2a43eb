"""Which pages there are, and where."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

_PAGES = Path(__file__).resolve().parents[3] / "pages"
_ENTERED = "navigation entered"


def navigation() -> Page:
    """Register all pages and return the one that was asked for.

    Pages carry no Material icon: the browser would fetch it from outside as the tab's icon.
    """
    st.session_state[_ENTERED] = True
    photo = _PAGES / "photo.py"
    return st.navigation(
        [
            st.Page(
                photo,
                title="Photo",
                icon="",
                default=True,
                url_path="start",
                help="Name the expression that each face in a picture shows, with reasons and doubt.",
            ),
            # The first page lives at "/"; a bookmark of "/photo" finds it too.
            st.Page(photo, title="Photo", icon="", url_path="photo", visibility="hidden"),
            st.Page(
                _PAGES / "video.py",
                title="Video",
                icon="",
                help="Find the moments in a recording at which a face shows an expression, and see each one slowly.",
            ),
            st.Page(
                _PAGES / "live.py",
                title="Live",
                icon="",
                help="Turn the camera on and watch which expression it sees, while a spiking network works on it.",
            ),
            st.Page(
                _PAGES / "datasets.py",
                title="Datasets",
                icon="",
                help="Bring in labelled face pictures, and see what is in them before a model learns from them.",
            ),
            st.Page(
                _PAGES / "train.py",
                title="Train",
                icon="",
                help="Teach a model on a data set of your own, watch it learn, and come back to it at any time.",
            ),
            st.Page(
                _PAGES / "evaluate.py",
                title="Evaluate",
                icon="",
                help="How often a model is right, where it fails down to the pictures, and whether its doubt is sound.",
            ),
            st.Page(
                _PAGES / "spikes.py",
                title="Spikes",
                icon="",
                help="Watch neurons that talk in spikes: how pictures become spikes, and how weights learn from them.",
            ),
            st.Page(
                _PAGES / "models.py",
                title="Models",
                icon="",
                help="What each model is, how often it is right, where it fails, and what may not be done with it.",
            ),
        ],
        position="top",
    )


def enter() -> None:
    """Go through `navigation` where a deep link has run a page without it.

    The first request to a fresh server may name a page; Streamlit then runs that file alone.
    """
    if _ENTERED not in st.session_state:
        navigation()
        st.rerun()
