"""What answers for faces: a model, perhaps behind an enhancement, perhaps with its plastic head, perhaps as taught."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.models import shipped
from engine.models.enhanced import with_enhancement
from engine.recognition.plastic import has_plastic_head, plastic_head_of
from engine.spiking.readout import Readout


@dataclass(frozen=True)
class LiveSettings:
    """How faces are answered for.

    Attributes
    ----------
    model
        Name of a shipped model or of a run's, None for the default.
    enhance
        A key of `engine.images.lowlight.METHODS`: what face crops go through before the model sees them.
    plastic
        Whether the model's plastic head answers in place of its softmax layer.
    smooth_s
        Time constant in seconds by which probabilities are smoothed; 0 for not at all.
    """

    model: str | None = None
    enhance: str = "none"
    plastic: bool = False
    smooth_s: float = 0.2


class LiveClassifier:
    """Names expressions as a `ShippedModel` does, and tells the embedding besides.

    Parameters
    ----------
    settings
        What was chosen.

    Attributes
    ----------
    name, version, labels, thresholds
        Of the model.
    plastic
        Whether its plastic head answers.
    readout
        The first layer of its plastic head, None for a model without one.

    Raises
    ------
    ModelError
        For a model that is unknown or damaged.
    DataError
        Where a plastic head is asked for that the model does not have.
    UserError
        For an enhancement that there is not.
    """

    def __init__(self, settings: LiveSettings) -> None:
        # One thread: others answer for other cameras.
        model = shipped.load(settings.model, threads=1)
        if settings.plastic and not has_plastic_head(model):
            raise DataError(f"The model {model.name} has no plastic head.", "Choose another model, or its own answer.")
        self.name, self.version = model.name, model.version
        self.labels, self.thresholds = model.labels, model.thresholds
        self.crop_size = model.crop_size
        self.plastic = settings.plastic
        self.readout: Readout | None = plastic_head_of(model).readout if has_plastic_head(model) else None
        self._model = with_enhancement(model, settings.enhance)

    def answers(self, crops: np.ndarray) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Return (n, labels) probabilities, and (n, size) embeddings, for n crops of ``crop_size``, uint8 gray, n > 0.

        No embeddings without a plastic head to read them.
        """
        if self.readout is None:
            return self._model.probabilities(crops), None
        probabilities, embeddings = self._model.with_embeddings(crops)
        if self.plastic:
            probabilities = self.readout.probabilities(embeddings).astype(np.float32)
        return probabilities, embeddings


class PersonalClassifier:
    """Answers for one person, as `engine.recognition.event_classification.classify_event` asks a model.

    Parameters
    ----------
    classifier
        What names expressions.
    taught
        Turns what was named, (n, labels), and the embeddings, (n, size) or None, into what this person means by it.
    """

    def __init__(self, classifier: LiveClassifier, taught: Callable[[NDArray, NDArray | None], NDArray]) -> None:
        self.name, self.labels, self.thresholds = classifier.name, classifier.labels, classifier.thresholds
        self.crop_size = classifier.crop_size
        self._classifier, self._taught = classifier, taught

    def probabilities(self, crops: np.ndarray) -> NDArray[np.float32]:
        """Answer for (n, crop_size, crop_size) uint8 gray, n at least 1: (n, labels)."""
        return self._taught(*self._classifier.answers(crops))
