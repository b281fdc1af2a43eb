"""Something to try where no data set is there yet."""

import streamlit as st

from engine.tasks import task

NAME = "drawn faces"


def offer_drawn_set(key: str) -> bool:
    """Offer to draw a small set of faces and import it; tell whether that has just begun."""
    if not st.button(
        "Try it with drawn faces",
        icon=":material/brush:",
        key=key,
        help="About 200 faces of 16 people who do not exist, seven expressions. They are drawn on this machine in a "
        "minute or so. What a model learns from them says nothing about real faces.",
    ):
        return False
    task.start(task.new_folder(), ["import", "--drawn", "--name", NAME, "--check"], "Drawing faces", NAME)
    return True
