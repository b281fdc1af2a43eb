"""Name the expression of one event."""

import numpy as np

from engine.faces.align import align
from engine.features.face_sample import FaceSample
from engine.images import round_gray
from engine.models.enhanced import EnhancedModel
from engine.models.shipped import ShippedModel
from engine.recognition import clip_model
from engine.recognition.analysis import Event
from engine.recognition.spotting import Candidate


def answer_event(candidate: Candidate, model: ShippedModel | EnhancedModel, enhance: str | None = None) -> Event:
    """Return the event that a candidate is, with the expression shown.

    A micro-expression is answered for by the motion from onset to apex, in the three classes that real ones can be
    measured in (`engine.recognition.clip_model`); a longer expression by the face at the apex, as a photo. Something
    was seen to move, so "neutral" is no name for it: the most probable other expression is, decided where it is
    probable enough by itself.

    Parameters
    ----------
    candidate
        What was spotted; carries the face at onset, apex and offset.
    model
        Answers for the face at the apex.
    enhance
        A method of `engine.images.lowlight.METHODS` that the faces go through between which motion is measured.

    Raises
    ------
    ModelError
        Where the shipped clip model is missing or damaged.
    """
    micro = candidate.kind == "micro"
    probabilities, threshold = _by_motion(candidate, enhance) if micro else _at_apex(candidate, model)
    expression = max((label for label in probabilities if label != "neutral"), key=probabilities.__getitem__)
    return Event(
        onset_s=candidate.onset_s,
        apex_s=candidate.apex_s,
        offset_s=candidate.offset_s,
        kind=candidate.kind,
        expression=expression,
        decided=probabilities[expression] >= threshold,
        probabilities=probabilities,
        strength=float(candidate.strength),
    )


def _by_motion(candidate: Candidate, enhance: str | None) -> tuple[dict[str, float], float]:
    clips = clip_model.load()
    flow = clip_model.flow_between(candidate.onset, candidate.apex, enhance)
    answer = clips.probabilities(flow[np.newaxis])[0]
    return dict(zip(clips.labels, map(float, answer), strict=True)), clips.threshold


def _at_apex(candidate: Candidate, model: ShippedModel | EnhancedModel) -> tuple[dict[str, float], float]:
    answer = model.probabilities(model_crop(candidate.apex)[np.newaxis])[0]
    return dict(zip(model.labels, map(float, answer), strict=True)), model.threshold


def model_crop(sample: FaceSample) -> np.ndarray:
    """Return the face of a sample as models for photos want it: (48, 48) uint8 gray."""
    return round_gray(align(sample.gray, sample.points))
