"""The cards of weights that do not name the expression of a photo: a section a kind."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from engine import settings
from engine.errors import ModelError
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
                _check_weights(folder, card)
            show(card)


def _check_weights(folder: Path, card: Mapping[str, Any]) -> None:
    """Refuse weights that are not those whose card stands beside them.

    They are not loaded: what reads clips would bring a compiler into memory.
    """
    files = card["files"]
    told = files.get("model.onnx") if isinstance(files, Mapping) else None
    path = folder / "model.onnx"
    if not path.is_file() or cards.digest(path) != told:
        raise ModelError(
            f"model.onnx of {folder.name} is missing, or not the file that its card describes (SHA-256).",
            "Put the shipped folder back, or train it again with the command in its card.",
        )
