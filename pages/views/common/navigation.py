"""Which pages there are, and where; and the logo at the head of each."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

PAGES_FOLDER = Path(__file__).resolve().parents[2]
_PAGES = {
    "photo": "Name the expression that each face in a picture shows, with reasons and doubt.",
    "video": "Find the moments in a recording at which a face shows an expression, and see each one slowly.",
    "live": "Turn the camera on and watch which expression it sees, while a spiking network works on it.",
    "sessions": "Keep what was found of people who agreed, review it, compare visits, and take it home.",
    "practice": "Train your eye on expressions that are over in a moment: lessons, tests, and how short you can see.",
    "datasets": "Bring in labelled face pictures, and see what is in them before a model learns from them.",
    "train": "Teach a model on a data set of your own, watch it learn, and come back to it at any time.",
    "evaluate": "How often a model is right, where it fails down to the pictures, and whether its doubt is sound.",
    "spikes": "Watch neurons that talk in spikes: how pictures become spikes, and how weights learn from them.",
    "models": "What each model is, how often it is right, where it fails, and what may not be done with it.",
}
"""Each page's file, without its ending, and what the navigation says of it."""
_FIRST = "photo"
_ENTERED = "navigation entered"
_STEP = 6.5
_BRIGHT = {(0, 0), (0, 2), (2, 0), (2, 1), (2, 2)}


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
    """Go through `navigation` where a page is run alone, as ``streamlit run pages/photo.py`` does."""
    if _ENTERED not in st.session_state:
        navigation()
        st.rerun()


def _nine_pixels() -> str:
    """Return a local binary pattern, smiling."""
    squares = []
    for row in range(3):
        for column in range(3):
            fill = "#FFFFFF" if (row, column) in _BRIGHT else "#FFFFFF55"
            place = f'x="{2.75 + column * _STEP}" y="{2.75 + row * _STEP}"'
            squares.append(f'<rect {place} width="5.5" height="5.5" rx="1.4" fill="{fill}"/>')
    return f'<rect width="24" height="24" rx="5" fill="#0072B2"/>{"".join(squares)}'


ICON = f'<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 24 24">{_nine_pixels()}</svg>'
"""For the browser's tab."""


WORDMARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="132" height="24" viewBox="0 0 132 24">'
    f'{_nine_pixels()}<text x="32" y="18" font-family="sans-serif" font-size="18" font-weight="700" fill="#2E86C1" '
    'textLength="98" lengthAdjust="spacingAndGlyphs">NeuroMER</text></svg>'
)
"""For the head of every page; its blue reads on white and on black, and its word is as wide whatever the font."""
