"""Whose faces a round shows: drawn ones, or those of an imported set whose licence allows it."""

import streamlit as st

from engine.datasets import store
from engine.errors import DataError
from engine.practice import DRAWN, Faces
from engine.practice.imported import ImportedFaces
from pages.views.common.guard import show_error
from pages.views.common.text import escape_markdown, small_print


def choose_faces() -> Faces:
    """Let the reader choose; what is not offered is said."""
    allowed, silent = [], []
    for name in store.names():
        try:
            said = store.licence(name)
        except DataError as error:
            show_error(error)
            continue
        (allowed if said is not None and said.practice else silent).append(name)
    if silent:
        names = escape_markdown(", ".join(silent))
        small_print(f"Not offered, as nobody has said on Datasets that its licence allows it: {names}.")
    if not allowed:
        return DRAWN
    chosen = st.selectbox("Faces", [None, *allowed], format_func=lambda name: name or DRAWN.title, key="practice faces")
    if chosen is None:
        return DRAWN
    licence = store.licence(chosen)
    if licence is not None:
        small_print(f"Licence, as it was stated: {escape_markdown(licence.words)}. A label is what others named it.")
    try:
        return ImportedFaces.load(chosen)
    except DataError as error:
        show_error(error)
        return DRAWN
