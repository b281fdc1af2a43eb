"""Name the expression of one event."""

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.emotions import NEUTRAL
from engine.faces.align import align
from engine.features.aligned_face import AlignedFace
from engine.images import round_gray
from engine.recognition import clip_model
from engine.recognition.analysis import Event
from engine.recognition.prediction import Classifier
from engine.recognition.resting_face import RestingFace
from engine.settings import CROP_SIZE


class FaceClassifier(Classifier, Protocol):
    """What names the expression of a face, as `engine.models.shipped.ShippedModel` does."""

    @property
    def crop_size(self) -> int:
        """Side of the crops that it takes, in pixels."""

    def probabilities(self, crops: np.ndarray, /) -> np.ndarray:
        """Answer for (n, crop_size, crop_size) uint8 gray: (n, labels), each row sums to 1."""


def classify_event(
    event: Event, onset: AlignedFace, apex: AlignedFace, model: FaceClassifier, enhance: str | None = None
) -> Event:
    """Return an event with the expression shown.

    A micro-expression is answered for by the motion from onset to apex, in the three classes that real ones can be
    measured in (`engine.recognition.clip_model`); a longer expression by the face at the apex, as a photo.

    Parameters
    ----------
    event
        What was spotted.
    onset, apex
        The face at these times.
    model
        Answers for the face at the apex.
    enhance
        A method of `engine.images.lowlight.METHODS` that the faces go through between which motion is measured.

    Raises
    ------
    ModelError
        Where the shipped clip model is missing or damaged.
    """
    classifier: FaceClassifier | clip_model.ClipModel
    if event.kind == "micro":
        classifier = clip_model.load()
        row = classifier.probabilities(clip_model.flow_between(onset, apex, enhance)[np.newaxis])[0]
    else:
        classifier = model
        row = classifier.probabilities(model_crop(apex, model.crop_size)[np.newaxis])[0]
    return named(replace(event, model=classifier.name), classifier, row)


def named(event: Event, classifier: Classifier, row: NDArray) -> Event:
    """Return an event with the most probable expression of a row of (labels,) probabilities.

    Something was seen to move, so neutral is never decided: nothing but that was probable then.
    """
    probabilities = dict(zip(classifier.labels, map(float, row), strict=True))
    expression = max(probabilities, key=probabilities.__getitem__)
    decided = expression != NEUTRAL and probabilities[expression] >= classifier.thresholds[expression]
    return replace(event, expression=expression, decided=decided, probabilities=probabilities)


def with_rest_taken_out(event: Event, classifier: Classifier, rest: RestingFace) -> Event:
    """Return an event named anew with its face's rest taken out, and what was said without that beside it.

    One that another model has answered for is returned as it is, a micro-expression's for instance, which is named by
    motion and not by how a face looks.
    """
    if tuple(event.probabilities) != rest.labels:
        return event
    row = np.array([event.probabilities[label] for label in rest.labels])
    return replace(named(event, classifier, rest.taken_out(row[np.newaxis])[0]), plain=event.probabilities)


def model_crop(sample: AlignedFace, size: int = CROP_SIZE) -> np.ndarray:
    """Return the face of a sample as models for photos want it: (size, size) uint8 gray."""
    return round_gray(align(sample.gray, sample.points, size))
