"""What the model for photos says of each frame of a face, and whether it is sure enough to say it."""

from dataclasses import dataclass

import numpy as np

from engine.models import card as cards
from engine.models import shipped
from engine.recognition.analysis import Event, Track

MOST_FRAMES = 0.5
"""From this share of an event's frames on they are said to contradict it."""


@dataclass(frozen=True)
class AnsweredFrames:
    """One answer a frame.

    Attributes
    ----------
    labels
        The expressions.
    label
        (n,) int64: which of them is most probable.
    certainty
        (n,) float32: how probable, 0..1.
    decided
        (n,) bool: whether that is enough to be said.
    """

    labels: tuple[str, ...]
    label: np.ndarray
    certainty: np.ndarray
    decided: np.ndarray

    def shares(self) -> dict[str, float]:
        """Return for which share of the frames each expression is most probable, 0..1, the largest first."""
        counts = np.bincount(self.label, minlength=len(self.labels)) / max(1, len(self.label))
        return {self.labels[at]: float(counts[at]) for at in np.argsort(-counts, kind="stable")}


def answered_frames(track: Track) -> AnsweredFrames:
    """Return what a face shows frame by frame.

    Raises
    ------
    ModelError
        Where the card of the model that answered is damaged or no longer there.
    """
    name = shipped.DEFAULT if track.asked is None else track.asked.model
    least = cards.thresholds(cards.read(shipped.folder(name)))
    label = track.probabilities.argmax(axis=1)
    certainty = track.probabilities.max(axis=1, initial=0.0)
    # Of an expression that the card does not tell of nobody knows what is enough.
    enough = np.array([least.get(each, 2.0) for each in track.labels])
    return AnsweredFrames(track.labels, label, certainty, certainty >= enough[label])


def contradiction(track: Track, event: Event) -> tuple[str, float] | None:
    """Return what most frames of an event show where that is not what the event is named; None where nothing is.

    Only frames of which the model is sure speak, and only of an event that is named by an expression which that model
    has.

    Returns
    -------
    tuple or None
        The other expression, and its share of the event's frames, 0..1, at least `MOST_FRAMES`.

    Raises
    ------
    ModelError
        As `answered_frames`.
    """
    within = (track.time_s >= event.onset_s) & (track.time_s <= event.offset_s)
    if event.expression not in track.labels or not within.any():
        return None
    said = answered_frames(track)
    for at, label in enumerate(track.labels):
        share = float((said.decided & (said.label == at))[within].mean())
        if label != event.expression and share >= MOST_FRAMES:
            return label, share
    return None
