"""Why an event has its answer: which model answered, what mattered to it, and what the other clip models say."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.faces.align import align
from engine.features.aligned_face import FLOW_CROP_PX
from engine.features.optical_flow import flow_map
from engine.images import round_gray
from engine.models import shipped
from engine.models.enhanced import with_enhancement
from engine.models.shipped import ShippedModel
from engine.recognition import clip_model
from engine.recognition.analysis import Event
from engine.recognition.clip_model import ClipModel
from engine.recognition.importance import ATTENDED, CLIP_PATCH, attention_maps, occlusion_map, response_maps
from engine.recognition.prediction import Prediction
from engine.recognition.replay import Replay


@dataclass(frozen=True)
class ClipPrediction(Prediction):
    """One clip model's answer for one event.

    Attributes
    ----------
    model
        Who answers.
    probabilities
        By label.
    responses
        (side, side) float32 by stage of the network, at least 0, see `engine.recognition.importance.response_maps`;
        empty where the model does not tell.
    attention
        (side, side) float32, 1 where a region gets as much as if all were attended to alike; None where the model does
        not tell.
    """

    model: ClipModel
    probabilities: dict[str, float]
    responses: dict[str, NDArray[np.float32]]
    attention: NDArray[np.float32] | None


def model_of(event: Event) -> ShippedModel | ClipModel | None:
    """Return the model that named an event's expression, None where none did.

    Raises
    ------
    ModelError
        Where that model is damaged, or no longer there.
    """
    if event.model is None:
        return None
    if event.model in clip_model.names():
        return clip_model.load(event.model)
    # Any other is a training run's, whose card has the run's name.
    return shipped.load(event.model if event.model in shipped.names() else shipped.RUN + event.model)


def explain_event(
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
    label = model.labels.index(event.expression)
    if isinstance(model, ShippedModel):
        at = replay.at(event.apex_s)
        crop = round_gray(align(replay.gray(at), replay.points[at], model.crop_size))
        crop = with_enhancement(model, enhance).seen(crop)
        return crop, occlusion_map(model.probabilities, crop, label)
    onset, apex = _onset_and_apex(replay, event, enhance)
    fallen = occlusion_map(model.probabilities, flow_map(onset, apex), label, CLIP_PATCH)
    return apex, cv2.resize(fallen, (FLOW_CROP_PX, FLOW_CROP_PX), interpolation=cv2.INTER_LINEAR)


def clip_predictions(
    replay: Replay, event: Event, enhance: str | None = None
) -> tuple[NDArray[np.uint8], list[ClipPrediction]]:
    """Ask every shipped clip model about the motion from onset to apex.

    Parameters
    ----------
    replay
        The event's pictures.
    event
        The model that answered for it keeps its answer, which was given on the recording's own pictures; the others
        are asked anew.
    enhance
        The method of `engine.images.lowlight.METHODS` that faces went through when the event was named.

    Returns
    -------
    tuple
        (side, side) uint8 gray, the face at the apex as the maps lie over it; and what each model says, the default
        first.

    Raises
    ------
    ModelError
        Where a model's files are not what they should be.
    """
    onset, apex = _onset_and_apex(replay, event, enhance)
    maps = flow_map(onset, apex)[np.newaxis]
    return apex, [_predicted(clip_model.load(name), maps, event) for name in clip_model.names()]


def _predicted(model: ClipModel, maps: NDArray[np.uint8], event: Event) -> ClipPrediction:
    answer = event.probabilities
    if model.name != event.model:
        answer = dict(zip(model.labels, map(float, model.probabilities(maps)[0]), strict=True))
    saliency, size = model.saliency(maps), (FLOW_CROP_PX, FLOW_CROP_PX)
    attention = attention_maps(saliency, size).mean(axis=0) if ATTENDED in saliency else None
    return ClipPrediction(model, dict(answer), response_maps(saliency, size), attention)


def _onset_and_apex(replay: Replay, event: Event, enhance: str | None) -> np.ndarray:
    """Return the face at an event's onset and apex as clip models are given it, (2, side, side) uint8 gray."""
    first, at = replay.at(event.onset_s), replay.at(event.apex_s)
    return clip_model.flow_faces(replay.gray(first), replay.gray(at), replay.points[first], enhance)
