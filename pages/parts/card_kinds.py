"""The cards of weights that do not name the expression of a photo: a section a kind."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine import settings
from engine.models import card as cards
from pages.parts.guard import sentences
from pages.parts.plain import plain


def show_kind(kind: str, heading: str, lead: str, show: Callable[[Mapping[str, Any]], None]) -> None:
    """Show the card of all shipped weights of a kind under one heading; nothing where there are none.

    Parameters
    ----------
    kind
        What the cards say of themselves, such as `engine.models.card.ENHANCEMENT`.
    heading, lead
        Of the section.
    show
        Draws one card.
    """
    folders = sorted(path.parent for path in settings.WEIGHTS_FOLDER.glob("*/card.json"))
    folders = [folder for folder in folders if cards.kind(folder) == kind]
    if not folders:
        return
    st.header(heading, anchor=False)
    st.markdown(lead)
    for folder in folders:
        with sentences():
            card = cards.read(folder)
            st.markdown(f"**{plain(str(card['title']))}**")
            with sentences():
                # Not loaded: a page of cards needs no network.
                cards.weights(folder, card)
            show(card)
