"""Which architectures there are, and which trained models are shipped; importing this needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import ModelError

if TYPE_CHECKING:
    import keras

CROP_SIZE = 48
"""Side of the square gray face crop that every model takes, in pixels."""


@dataclass(frozen=True)
class Architecture:
    """What a network is and takes: (batch, 48, 48, 1) float32 gray in 0..1 to (batch, labels) probabilities.

    Attributes
    ----------
    name
        The function in `engine.models.cnn_lstm` that builds it.
    title
        Its name for people.
    source
        Where it is described.
    """

    name: str
    title: str
    source: str


ARCHITECTURES = {
    entry.name: entry
    for entry in (
        Architecture("paper_cnn_lstm", "CNN-LSTM of the reference paper", "doi 10.51846/vol7iss4pp173-182"),
        Architecture("neuromer_cnn_lstm", "NeuroMER CNN-LSTM", "engine/models/cnn_lstm.py"),
    )
}


def build(architecture: str, class_count: int, **options: Any) -> keras.Model:
    """Build an untrained network; ``options`` go to the function that builds it.

    Raises
    ------
    ModelError
        For a name that is not in `ARCHITECTURES`.
    """
    if architecture not in ARCHITECTURES:
        raise ModelError(f"There is no architecture {architecture!r}.", f"There are: {', '.join(ARCHITECTURES)}.")
    from engine.models import cnn_lstm

    return getattr(cnn_lstm, architecture)(class_count, **options)
