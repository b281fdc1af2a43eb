"""Why an event has its answer: what answered, from which probability on it is decided, and what mattered to it."""

import cv2
import numpy as np

from engine.faces.align import align
from engine.features.flow_face import SIDE
from engine.features.optical_flow import flow_map
from engine.images import lowlight, round_gray
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.recognition import clip_importance, clip_model, importance
from engine.recognition.analysis import Event
from engine.recognition.clip_model import ClipModel
from engine.recognition.replay import Replay


def answered_by(event: Event) -> ShippedModel | ClipModel | None:
    """Return what named the event's expression: the clip model, the model for photos, or None where nothing did."""
    if not event.probabilities:
        return None
    for load in (shipped.load, clip_model.load):
        if set(event.probabilities) == set((model := load()).labels):
            return model
    return None


def threshold_of(event: Event) -> float | None:
    """Return the lowest probability that counts as decided for what answered, 0..1; None where nothing did."""
    model = answered_by(event)
    return None if model is None else model.threshold


def what_mattered(
    model: ShippedModel | ClipModel, replay: Replay, event: Event, enhance: str | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the face as the model saw it, and what mattered in it.

    Parameters
    ----------
    model
        What answered.
    replay
        The event's pictures.
    event
        Its expression is asked about; one of the model's labels.
    enhance
        The method of `engine.images.lowlight.METHODS` that faces went through when the model answered.

    Returns
    -------
    tuple
        (side, side) uint8 gray, the face at the apex; (side, side) float32, by how much the probability falls where a
        part is covered, or of the clip model where the motion of a part is stilled.
    """
    if isinstance(model, ShippedModel):
        at = replay.at(event.apex_s)
        crop = lowlight.enhance(round_gray(align(replay.gray(at), replay.points[at])), enhance or "none")
        return crop, importance.occlusion_map(model, crop, event.expression)
    onset, apex = moved_faces(replay, event, enhance)
    label = model.labels.index(event.expression)
    fallen = clip_importance.occlusion_map(model.probabilities, flow_map(onset, apex), label)
    return apex, cv2.resize(fallen, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def moved_faces(replay: Replay, event: Event, enhance: str | None = None) -> np.ndarray:
    """Return the face at an event's onset and apex as clip models are given it, (2, side, side) uint8 gray."""
    first, at = replay.at(event.onset_s), replay.at(event.apex_s)
    return clip_model.flow_faces(replay.gray(first), replay.gray(at), replay.points[first], enhance)
