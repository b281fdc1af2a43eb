"""A model that sees every face through a low-light enhancement."""

from typing import Any

import numpy as np

from engine.images import lowlight
from engine.models.shipped import ShippedModel


class EnhancedModel:
    """Answers as a `ShippedModel` does, for crops that were enhanced first; everything else is the model's own.

    Parameters
    ----------
    model
        What answers.
    method
        A key of `engine.images.lowlight.METHODS`.

    Raises
    ------
    UserError
        For a method that there is not.
    """

    def __init__(self, model: ShippedModel, method: str) -> None:
        lowlight.check(method)
        self._model, self._method = model, method
        self.name: str = model.name
        self.title: str = f"{model.title}, behind {lowlight.METHODS[method]}"
        self.labels: tuple[str, ...] = model.labels
        self.thresholds = model.thresholds
        self.card: dict[str, Any] = model.card
        self.crop_size: int = model.crop_size
        self.version: str = model.version
        self.tells_embeddings: bool = model.tells_embeddings

    def seen(self, crops: np.ndarray) -> np.ndarray:
        """Return the crops as the network is shown them, enhanced: the same shape, uint8."""
        return lowlight.enhance(crops, self._method)

    def probabilities(self, crops: np.ndarray) -> np.ndarray:
        """Enhance and answer; see `ShippedModel.probabilities`."""
        return self._model.probabilities(self.seen(crops))

    def embeddings(self, crops: np.ndarray) -> np.ndarray:
        """Enhance and tell what the last layer decides by; see `ShippedModel.embeddings`."""
        return self._model.embeddings(self.seen(crops))

    def with_embeddings(self, crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Enhance and answer; see `ShippedModel.with_embeddings`."""
        return self._model.with_embeddings(self.seen(crops))


def with_enhancement(model: ShippedModel, method: str | None) -> "ShippedModel | EnhancedModel":
    """Return the model behind an enhancement, or as it is for None and ``"none"``."""
    return model if method in (None, "none") else EnhancedModel(model, method)
