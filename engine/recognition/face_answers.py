"""What a model said of some of a face's frames, and the numbers by which it did: what corrections are learnt from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.recognition.resting_face import RestingFace

NEAR_S = 0.15
"""An answer so far away from a moment is one of that moment: the model is asked ten times a second."""


class Versioned(Protocol):
    """A model of which it is known which weights it has."""

    name: str
    version: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class FaceAnswers:
    """A model's answers, as it gives them to anybody.

    Attributes
    ----------
    model, version
        Which model, and its weights: see `engine.models.shipped.ShippedModel`. Embeddings of two versions have nothing
        in common.
    labels
        Its expressions.
    time_s
        (m,) float64, rising: of the frames.
    probabilities
        (m, labels) float32, each row sums to 1: without regard to how this face rests, and to what anybody has taught.
    embeddings
        (m, size) float16.
    """

    model: str
    version: str
    labels: tuple[str, ...]
    time_s: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    embeddings: NDArray[np.float16]

    def near(self, time_s: float) -> int | None:
        """Return which row is of a moment; None where none is."""
        if not len(self.time_s):
            return None
        at = int(np.abs(self.time_s - time_s).argmin())
        return at if abs(self.time_s[at] - time_s) <= NEAR_S else None


@dataclass(frozen=True)
class Lesson:
    """A face that somebody held in front of a camera, and what it was said to show.

    Attributes
    ----------
    expression
        What was taught.
    face
        One row: the face.
    rest
        The resting face that was taken out of what was shown; None for none.
    """

    expression: str
    face: FaceAnswers
    rest: RestingFace | None = None


def joined(parts: Sequence[FaceAnswers]) -> FaceAnswers | None:
    """Return answers of one model in one: those of the latest; None for none."""
    if not parts:
        return None
    last = parts[-1]
    alike = [each for each in parts if (each.model, each.version) == (last.model, last.version)]
    return FaceAnswers(
        last.model,
        last.version,
        last.labels,
        *(
            np.concatenate([getattr(each, name) for each in alike])
            for name in ("time_s", "probabilities", "embeddings")
        ),
    )


def answers_at(model: Versioned, time_s: NDArray | list[float], rows: NDArray, embeddings: NDArray) -> FaceAnswers:
    """Return a model's answers, (m, labels), and embeddings, (m, size), for frames at these times."""
    return FaceAnswers(
        model.name,
        model.version,
        model.labels,
        np.asarray(time_s, np.float64),
        np.asarray(rows, np.float32),
        np.asarray(embeddings, np.float16),
    )
