"""What answers for faces: a model, perhaps behind an enhancement, perhaps with its plastic head, perhaps as taught."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.models import shipped
from engine.models.enhanced import behind
from engine.recognition.live.settings import LiveSettings
from engine.recognition.plastic import has_head, head_of
from engine.spiking.readout import Readout


class Answering:
    """Names expressions as a `ShippedModel` does, and tells the embedding besides.

    Parameters
    ----------
    settings
        What was chosen.

    Attributes
    ----------
    name, labels, threshold
        Of the model.
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
        if settings.plastic and not has_head(model):
            raise DataError(f"The model {model.name} has no plastic head.", "Choose another model, or its own answer.")
        self.name, self.labels, self.threshold = model.name, model.labels, model.threshold
        self.crop_size = model.crop_size
        self.readout: Readout | None = head_of(model).readout if has_head(model) else None
        self._model, self._plastic = behind(model, settings.enhance), settings.plastic

    def answers(self, crops: np.ndarray) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Return (n, labels) probabilities, and (n, size) embeddings, for n crops of ``crop_size``, uint8 gray, n > 0.

        No embeddings without a plastic head to read them.
        """
        if self.readout is None:
            return self._model.probabilities(crops), None
        probabilities, embeddings = self._model.with_embeddings(crops)
        if self._plastic:
            probabilities = self.readout.probabilities(embeddings).astype(np.float32)
        return probabilities, embeddings


class PersonalClassifier:
    """Answers for one person, as `engine.recognition.event_answer.answer_event` asks a model.

    Parameters
    ----------
    answering
        What names expressions.
    taught
        Turns what was named, (n, labels), into what this person means by it.
    """

    def __init__(self, answering: Answering, taught: Callable[[NDArray], NDArray]) -> None:
        self.name, self.labels, self.threshold = answering.name, answering.labels, answering.threshold
        self.crop_size = answering.crop_size
        self._answering, self._taught = answering, taught

    def probabilities(self, crops: np.ndarray) -> NDArray[np.float32]:
        """Answer for (n, crop_size, crop_size) uint8 gray, n at least 1: (n, labels)."""
        return self._taught(self._answering.answers(crops)[0])
