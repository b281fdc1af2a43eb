"""The shipped models for micro-expressions: from the faces at onset and apex to negative, positive or surprise."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import settings
from engine.errors import ModelError
from engine.features.aligned_face import AlignedFace, flow_crop
from engine.features.clip_input import INPUTS
from engine.features.optical_flow import flow_map
from engine.images import lowlight
from engine.models import card as cards
from engine.onnx_file import answer, open_session

DEFAULT = "neuromer-flow"
"""The model that names events: of the shipped ones, right most often."""


class ClipModel:
    """A trained model for flow maps, ready to answer; may be called from several threads.

    Parameters
    ----------
    folder
        Holds ``model.onnx`` and ``card.json``.

    Raises
    ------
    ModelError
        Where a file is missing, damaged, or not the one whose SHA-256 the card names, or where the card does not say
        what the model takes.
    """

    def __init__(self, folder: Path) -> None:
        self.card: dict[str, Any] = cards.read(folder)
        self.name: str = self.card["name"]
        self.title: str = self.card["title"]
        self.labels: tuple[str, ...] = tuple(self.card["labels"])
        self.thresholds = cards.thresholds(self.card)
        if (takes := self.card.get("takes")) not in INPUTS:
            raise ModelError(
                f"The card of model {self.name} says that it takes {takes!r}, which nothing makes of a recording.",
                f"Put the shipped folder back; there are: {', '.join(INPUTS)}.",
            )
        self._prepare = INPUTS[takes]
        self._session = open_session(cards.weights(folder, self.card), self.name, threads=1)
        self._input = self._session.get_inputs()[0].name
        outputs = [output.name for output in self._session.get_outputs()]
        self._saliency = [name for name in outputs if name not in ("probabilities", "embedding")]

    def probabilities(self, maps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Answer for flow maps, (n, 28, 28, 3) uint8: (n, labels), each row sums to 1.

        Raises
        ------
        ValueError
            For another shape or dtype.
        """
        if not len(maps):
            return np.zeros((0, len(self.labels)), np.float32)
        return answer(self._session, ["probabilities"], {self._input: self._prepare(maps)})[0]

    def saliency(self, maps: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Tell where the network responds or attends, for flow maps, (n, 28, 28, 3) uint8, n at least 1.

        Returns
        -------
        dict
            What `engine.recognition.importance.response_maps` and `attention_maps` make pictures of: by the
            output's name, (n, ...), the mean of each face's and its mirror image's. Empty for a model that does not
            tell.

        Raises
        ------
        ValueError
            For another shape or dtype.
        """
        if not self._saliency:
            return {}
        found = answer(self._session, self._saliency, {self._input: self._prepare(maps)})
        return dict(zip(self._saliency, found, strict=True))


def names() -> tuple[str, ...]:
    """Return the names of the shipped clip models, the default first."""
    return cards.names(cards.CLIP, DEFAULT)


def load(name: str = DEFAULT) -> ClipModel:
    """Return a shipped clip model, loaded once a process.

    Raises
    ------
    ModelError
        For a name that is unknown, or files that are not what they should be.
    """
    return _load(settings.WEIGHTS_FOLDER / name)


_load = lru_cache(maxsize=4)(ClipModel)


def flow_between(onset: AlignedFace, apex: AlignedFace, enhance: str | None = None) -> NDArray[np.uint8]:
    """Return the flow map, (28, 28, 3) uint8, between two faces of one recording; see `flow_faces`."""
    return flow_map(*flow_faces(onset.gray, apex.gray, onset.points, enhance))


def flow_faces(
    onset: NDArray[np.uint8], apex: NDArray[np.uint8], points: NDArray[np.float32], enhance: str | None = None
) -> NDArray[np.uint8]:
    """Return the two faces that the model is given the flow between.

    Parameters
    ----------
    onset, apex
        (H, W) uint8 gray, aligned.
    points
        (468, 2) float32: the mesh at the onset, by which both are cut; see `engine.features.aligned_face.flow_crop`.
    enhance
        A method of `engine.images.lowlight.METHODS` that both go through; None: as ``"none"``.

    Returns
    -------
    ndarray
        (2, 112, 112) uint8.

    Raises
    ------
    UserError
        For an enhancement that there is not.
    """
    return lowlight.enhance(np.stack([flow_crop(gray, points) for gray in (onset, apex)]), enhance or "none")
