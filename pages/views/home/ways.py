"""Where to go from the page Home."""

import streamlit as st

from pages.views.common.icons import page_icon
from pages.views.common.navigation import PAGES_FOLDER

_WAYS = {
    "photo": (
        "Photo",
        "Give one picture or many. Each face gets an answer, its reasons and its doubt.",
        "Choose a photo",
    ),
    "video": (
        "Video",
        "Give a recording. See when an expression starts, peaks and ends, even one of 0.2 s.",
        "Choose a recording",
    ),
    "live": ("Live", "Turn the camera on. See the answer change with the face, and teach it yours.", "Use the camera"),
}
"""Each page's title, what one does there, and what the link says."""


def show_ways() -> None:
    """Show three cards, each with a link to a page."""
    for column, (page, (title, told, link)) in zip(st.columns(len(_WAYS)), _WAYS.items(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.subheader(f"{page_icon(page)} {title}", anchor=False)
            st.markdown(told)
            st.page_link(PAGES_FOLDER / f"{page}.py", label=link, icon=":material/arrow_forward:")
