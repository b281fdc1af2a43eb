"""Why an event has its answer: what answered, from which probability on it is decided, and what mattered to it."""

import numpy as np

from engine.faces.align import align
from engine.images import round_gray
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.recognition.analysis import Event
from engine.recognition.importance import occlusion_map
from engine.recognition.replay import Replay


def answered_by(event: Event) -> ShippedModel | None:
    """Return the model for photos where it named the event's expression, None where something else or nobody did."""
    model = shipped.load()
    return model if event.probabilities and set(event.probabilities) == set(model.labels) else None


def threshold_of(event: Event) -> float | None:
    """Return the lowest probability that counts as decided for what answered, 0..1; None where nothing did."""
    model = answered_by(event)
    return None if model is None else model.threshold


def apex_importance(model: ShippedModel, replay: Replay, event: Event) -> tuple[np.ndarray, np.ndarray]:
    """Return the face at the apex as the model saw it, and what mattered in it.

    Parameters
    ----------
    model
        What answered.
    replay
        The event's pictures.
    event
        Its expression is asked about; one of the model's labels.

    Returns
    -------
    tuple
        (48, 48) uint8 gray; (48, 48) float32, see `engine.recognition.importance.occlusion_map`.
    """
    at = replay.at(event.apex_s)
    crop = round_gray(align(replay.gray(at), replay.points[at]))
    return crop, occlusion_map(model, crop, event.expression)
