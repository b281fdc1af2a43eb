"""What each shipped clip model answers for one micro-expression, and where each tells that it looks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.features.flow_face import SIDE
from engine.features.optical_flow import flow_map
from engine.recognition import clip_model
from engine.recognition.analysis import Event
from engine.recognition.answered import Answered
from engine.recognition.clip_importance import ATTENDED, attention_maps, response_maps
from engine.recognition.clip_model import ClipModel
from engine.recognition.event_reasons import answered_by, moved_faces
from engine.recognition.replay import Replay


@dataclass(frozen=True)
class Opinion(Answered):
    """One model's answer for one event.

    Attributes
    ----------
    model
        Who answers.
    probabilities
        By label.
    responses
        (side, side) float32 by stage of the network, at least 0, see
        `engine.recognition.clip_importance.response_maps`; empty where the model does not tell.
    attention
        (side, side) float32, 1 where a region gets as much as if all were attended to alike; None where the model does
        not tell.
    """

    model: ClipModel
    probabilities: dict[str, float]
    responses: dict[str, NDArray[np.float32]]
    attention: NDArray[np.float32] | None


def opinions(replay: Replay, event: Event, enhance: str | None = None) -> tuple[NDArray[np.uint8], list[Opinion]]:
    """Ask every shipped clip model about the motion from onset to apex.

    Parameters
    ----------
    replay
        The event's pictures.
    event
        The one that answered for it keeps its answer, which was given on the recording's own pictures; the others are
        asked anew.
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
    onset, apex = moved_faces(replay, event, enhance)
    maps, known = flow_map(onset, apex)[np.newaxis], answered_by(event)
    return apex, [_asked(clip_model.load(name), maps, event, known) for name in clip_model.names()]


def _asked(model: ClipModel, maps: NDArray[np.uint8], event: Event, known: object) -> Opinion:
    answer = event.probabilities
    if model is not known:
        answer = dict(zip(model.labels, map(float, model.probabilities(maps)[0]), strict=True))
    looks, size = model.looks(maps), (SIDE, SIDE)
    attention = attention_maps(looks, size).mean(axis=0) if ATTENDED in looks else None
    return Opinion(model, dict(answer), response_maps(looks, size), attention)
