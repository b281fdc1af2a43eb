"""Name the expression of one event."""

import numpy as np

from engine.faces.align import align
from engine.features.face_sample import FaceSample
from engine.images import round_gray
from engine.models.shipped import ShippedModel
from engine.recognition.analysis import Event
from engine.recognition.spotting import Candidate


def answer_event(candidate: Candidate, model: ShippedModel) -> Event:
    """Return the event that a candidate is, with the expression shown.

    Parameters
    ----------
    candidate
        What was spotted; carries the face at onset, apex and offset.
    model
        Answers for the face at the apex.
    """
    probabilities, threshold = _at_apex(candidate, model)
    expression = max(probabilities, key=probabilities.__getitem__)
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


def _at_apex(candidate: Candidate, model: ShippedModel) -> tuple[dict[str, float], float]:
    answer = model.probabilities(model_crop(candidate.apex)[np.newaxis])[0]
    return dict(zip(model.labels, map(float, answer), strict=True)), model.threshold


def model_crop(sample: FaceSample) -> np.ndarray:
    """Return the face of a sample as models for photos want it: (48, 48) uint8 gray."""
    return round_gray(align(sample.gray, sample.points))
