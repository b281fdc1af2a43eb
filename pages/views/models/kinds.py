"""The cards of weights that do not name the expression of a photo: a section a kind, a card at a time."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine import settings
from engine.models import card as cards
from engine.recognition.clip_model import DEFAULT
from pages.views.common.choose import model_title
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown


def show_kind(kind: str, heading: str, lead: str, show: Callable[[Mapping[str, Any]], None]) -> None:
    """Show the card of shipped weights of a kind under one heading, to choose where there are several.

    Nothing is shown where there are none.

    Parameters
    ----------
    kind
        What the cards say of themselves, such as `engine.models.card.ENHANCEMENT`.
    heading, lead
        Of the section.
    show
        Draws one card.
    """
    if not (names := cards.names(kind, first=DEFAULT)):
        return
    st.header(heading, anchor=False)
    st.markdown(lead)
    name = names[0]
    if len(names) > 1:
        name = st.selectbox(
            f"Model, {heading.lower()}",
            names,
            format_func=lambda name: model_title(name, settings.WEIGHTS_FOLDER / name),
            key=f"models {kind}",
        )
    with error_boundary():
        folder = settings.WEIGHTS_FOLDER / name
        card = cards.read(folder)
        if len(names) == 1:
            st.markdown(f"**{escape_markdown(str(card['title']))}**")
        with error_boundary():
            # Not loaded: a page of cards needs no network.
            cards.weights(folder, card)
        show(card)
