"""Which model answers, and which of several faces or people a page is about."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from engine import settings
from engine.errors import ModelError
from engine.images import lowlight
from engine.models import card, shipped

_FEW = 6
"""Up to so many are told by buttons; beyond, from a list."""


def choose_model(key: str, *, runs: bool = False) -> str:
    """Let the reader choose a model, the default first, and return its name.

    Parameters
    ----------
    key
        Of the widget.
    runs
        Whether the models of training runs are offered after the shipped ones.

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
    if runs:
        names += shipped.names_of_runs()
    if st.session_state.get(key, names[0]) not in names:
        # A run that was chosen and has been removed since.
        del st.session_state[key]
    return st.selectbox("Model", names, format_func=model_title, key=key)


def choose_enhancement(key: str) -> str:
    """Let the reader choose what dark faces go through before the model sees them; as they are unless chosen."""
    return st.selectbox(
        "Brighten dark faces",
        list(lowlight.METHODS),
        format_func=lowlight.METHODS.__getitem__,
        key=key,
        help="Make dark faces brighter before the model sees them. The default model learnt darkness itself and is "
        "right most often as it is. LLEM helps models that never did; gamma and CLAHE are plain ways to compare with.",
    )


def choose_number(label: str, numbers: Sequence[int], key: str, title: Callable[[int], str] = str) -> int:
    """Let the reader choose a face or a person by number: few by buttons, many from a list with their titles."""
    if len(numbers) <= _FEW:
        return st.segmented_control(label, numbers, default=numbers[0], required=True, key=key)
    return st.selectbox(label, numbers, format_func=title, key=key)


def readable_cards() -> list[dict[str, Any]]:
    """Return the cards of all shipped models that are not damaged, the default first."""
    cards = []
    for name in shipped.names():
        with suppress(ModelError):
            cards.append(card.read(settings.WEIGHTS_FOLDER / name))
    return cards


def model_title(name: str, folder: Path | None = None) -> str:
    """Return a model's name for people, and of a run's model which run; a damaged card is said.

    ``folder`` is where its card lies; that of a model for photos is known by its name.
    """
    try:
        read = card.read(folder or shipped.folder(name))
    except ModelError:
        return f"{name} (damaged)"
    return f"{read['title']}, run {name.removeprefix(shipped.RUN)}" if name.startswith(shipped.RUN) else read["title"]
