"""Which pages there are, and where."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

PAGES_FOLDER = Path(__file__).resolve().parents[2]
_PAGES = {
    "photo": "Name the expression that each face in a picture shows, with reasons and doubt.",
    "video": "Find the moments in a recording at which a face shows an expression, and see each one slowly.",
    "live": "Turn the camera on and watch which expression it sees, while a spiking network works on it.",
    "datasets": "Bring in labelled face pictures, and see what is in them before a model learns from them.",
    "train": "Teach a model on a data set of your own, watch it learn, and come back to it at any time.",
    "evaluate": "How often a model is right, where it fails down to the pictures, and whether its doubt is sound.",
    "spikes": "Watch neurons that talk in spikes: how pictures become spikes, and how weights learn from them.",
    "models": "What each model is, how often it is right, where it fails, and what may not be done with it.",
}
"""Each page's file, without its ending, and what the navigation says of it."""
_FIRST = "photo"
_ENTERED = "navigation entered"


def navigation() -> Page:
    """Register all pages and return the one that was asked for.

    Pages carry no Material icon: the browser would fetch it from outside as the tab's icon.
    """
    st.session_state[_ENTERED] = True
    pages = []
    for name, told in _PAGES.items():
        file, title = PAGES_FOLDER / f"{name}.py", name.capitalize()
        if name == _FIRST:
            pages.append(st.Page(file, title=title, icon="", default=True, url_path="start", help=told))
            # The first page lives at "/"; a bookmark of "/photo" finds it too.
            pages.append(st.Page(file, title=title, icon="", url_path=name, visibility="hidden"))
        else:
            pages.append(st.Page(file, title=title, icon="", help=told))
    return st.navigation(pages, position="top")


def enter() -> None:
    """Go through `navigation` where a deep link has run a page without it.

    The first request to a fresh server may name a page; Streamlit then runs that file alone.
    """
    if _ENTERED not in st.session_state:
        navigation()
        st.rerun()
