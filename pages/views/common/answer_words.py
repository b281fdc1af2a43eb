"""Answers in words."""

from typing import Any

from engine.charts.frame import percent
from engine.recognition.photo import FaceResult

NO_FACE = (
    "No face found. Try a picture in which a face is at least 40 pixels wide, turned towards the camera, evenly "
    "lit, and not cut off or covered."
)


def headline(face: FaceResult) -> str:
    """Return the answer in a few words: ``happy, 93 %`` or ``undecided: most probable sad, 41 %``."""
    if face.decided:
        return f"{face.expression}, {_about(face.certainty)}"
    return f"undecided: most probable {face.expression}, {_about(face.certainty)}"


def how_sure(face: FaceResult) -> str:
    """Say what the certainty is worth: against the model's threshold, and how often it is right above it."""
    threshold: dict[str, Any] = face.model.card["threshold"]
    least = _about(threshold["value"])
    others = [label for label in face.probabilities if label != face.expression]
    second = max(others, key=face.probabilities.__getitem__)
    next_best = f"Next is {second} with {_about(face.probabilities[second])}."
    if not face.decided:
        return (
            f"Undecided means that no expression reaches {least}: below that this model is wrong too often to say. "
            f"{next_best}"
        )
    decided = f"Decided: this model asks for at least {least}. {next_best}"
    if "accuracy_decided" not in threshold:
        return decided
    right = _about(threshold["accuracy_decided"])
    return f"{decided} Of the validation pictures that it decided, none of which it learnt from, {right} were right."


def _about(share: float) -> str:
    return percent(share).replace(">", "over").replace("<", "under")
