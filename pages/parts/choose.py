"""Which model answers."""

from contextlib import suppress
from typing import Any

import streamlit as st

from engine import settings
from engine.errors import ModelError
from engine.models import card, shipped


def choose_model(key: str) -> str:
    """Let the reader choose one of the shipped models, the default first, and return its name.

    Raises
    ------
    ModelError
        Where none is shipped.
    """
    names = shipped.names()
    if not names:
        raise ModelError(
            "There is no model in engine/weights.", "Put the shipped folder back, or train one: python -m engine train."
        )
    return st.selectbox("Model", names, format_func=_title, key=key)


def readable_cards() -> list[dict[str, Any]]:
    """Return the cards of all shipped models that are not damaged, the default first."""
    cards = []
    for name in shipped.names():
        with suppress(ModelError):
            cards.append(card.read(settings.WEIGHTS_FOLDER / name))
    return cards


def _title(name: str) -> str:
    try:
        return card.read(settings.WEIGHTS_FOLDER / name)["title"]
    except ModelError:
        return f"{name} (damaged)"
