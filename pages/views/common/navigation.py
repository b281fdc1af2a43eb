"""Which pages there are, and where."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from pages.views.common.icons import page_icon

PAGES_FOLDER = Path(__file__).resolve().parents[2]
HOME = "home"
_HOME_TOLD = "What NeuroMER does, tried at once on an example."
GROUPS = {
    "Look": {
        "photo": "Name the expression that each face in a picture shows, with reasons and doubt.",
        "video": "Find the moments in a recording at which a face shows an expression, and see each one slowly.",
        "live": "Turn the camera on and watch which expression it sees, while a spiking network works on it.",
    },
    "People": {
        "sessions": "Keep what was found of people who agreed, review it, compare visits, and take it home.",
        "practice": "Train your eye on expressions that are over in a moment: lessons, tests, and how short you can "
        "see.",
    },
    "Research": {
        "datasets": "Bring in labelled face pictures, and see what is in them before a model learns from them.",
        "train": "Teach a model on a data set of your own, watch it learn, and come back to it at any time.",
        "evaluate": "How often a model is right, where it fails down to the pictures, and whether its doubt is sound.",
    },
    "Learn": {
        "spikes": "Watch neurons that talk in spikes: how pictures become spikes, and how weights learn from them.",
        "models": "What each model is, how often it is right, where it fails, and what may not be done with it.",
    },
}
"""By task, each page's file, without its ending, and what the navigation says of it."""
_ENTERED = "navigation entered"


def navigation() -> Page:
    """Register all pages and return the one that was asked for.

    Pages carry no Material icon: the browser would fetch it from outside as the tab's icon.
    """
    st.session_state[_ENTERED] = True
    home = PAGES_FOLDER / f"{HOME}.py"
    # The first page lives at "/"; a bookmark of "/home" finds it too.
    first = [
        st.Page(home, title="Home", icon="", default=True, url_path="start", help=_HOME_TOLD),
        st.Page(home, title="Home", icon="", url_path=HOME, visibility="hidden"),
    ]
    groups = {
        group: [
            st.Page(PAGES_FOLDER / f"{name}.py", title=f"{page_icon(name)} {name.capitalize()}", icon="", help=told)
            for name, told in pages.items()
        ]
        for group, pages in GROUPS.items()
    }
    return st.navigation({"": first, **groups}, position="top")


def enter() -> None:
    """Go through `navigation` where a page is run alone, as ``streamlit run pages/photo.py`` does."""
    if _ENTERED not in st.session_state:
        navigation()
        st.rerun()
