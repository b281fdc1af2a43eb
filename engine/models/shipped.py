"""Trained models at work, shipped or of one's own runs: ONNX Runtime answers, without TensorFlow or Keras."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine import settings
from engine.errors import ModelError
from engine.models import card as cards
from engine.onnx_file import answer, open_session

DEFAULT = "neuromer"
"""The model that answers unless another is named: trained on several sets at once, balanced over expressions."""

REPLACED = dict.fromkeys(("neuromer-votes", "neuromer-labels", "neuromer-stills"), DEFAULT)
"""Names of models that are shipped no longer, and what stands in their place."""


THREADS = 2
BATCH = 32


class ShippedModel:
    """A trained model, ready to answer; may be called from several threads.

    Parameters
    ----------
    folder
        Holds ``model.onnx`` and ``card.json``.
    threads
        That answer together, at most; fewer where this process has fewer cores to itself.

    Attributes
    ----------
    crop_size
        Side of the gray face crops that it takes, in pixels.
    version
        The first 16 hexadecimal digits of the SHA-256 of its weights: other weights are another model, whatever its
        name.
    tells_embeddings
        Whether its file tells what the last layer decides by.

    Raises
    ------
    ModelError
        Where a file is missing, damaged, or not the one whose SHA-256 the card names.
    """

    def __init__(self, folder: Path, threads: int = THREADS) -> None:
        self.card: dict[str, Any] = cards.read(folder)
        self.name: str = self.card["name"]
        self.title: str = self.card["title"]
        self.labels: tuple[str, ...] = tuple(self.card["labels"])
        self.thresholds = cards.thresholds(self.card)
        self._session = open_session(cards.weights(folder, self.card), self.name, threads)
        asked = self._session.get_inputs()[0]
        answered = self._session.get_outputs()[0].shape
        if len(asked.shape) != 4 or not isinstance(asked.shape[1], int) or answered[1:] != [len(self.labels)]:
            raise ModelError(
                f"The model {self.name} takes {asked.shape} and answers {answered}: that is not one probability for "
                f"each of the {len(self.labels)} expressions of its card.",
                "Put the shipped folder back, or train it again.",
            )
        self._input, self.crop_size = asked.name, int(asked.shape[1])
        self._outputs = [output.name for output in self._session.get_outputs()]
        self.version: str = self.card["files"]["model.onnx"][:16]
        self.tells_embeddings = "embedding" in self._outputs

    def probabilities(self, crops: np.ndarray) -> np.ndarray:
        """Answer for a batch of face crops.

        Parameters
        ----------
        crops
            (n, crop_size, crop_size) uint8, gray.

        Returns
        -------
        numpy.ndarray
            (n, labels) float32; each row sums to 1.

        Raises
        ------
        ValueError
            For another shape or dtype.
        """
        if not len(crops):
            return np.zeros((0, len(self.labels)), np.float32)
        return self._answer(crops, self._outputs[0])[0]

    def embeddings(self, crops: np.ndarray) -> np.ndarray:
        """Return what the last layer decides by.

        Parameters
        ----------
        crops
            (n, crop_size, crop_size) uint8, gray; at least one.

        Returns
        -------
        numpy.ndarray
            (n, size) float32.

        Raises
        ------
        ModelError
            For a model whose file does not tell it.
        ValueError
            For another shape or dtype.
        """
        return self._answer(crops, self._embedding())[0]

    def with_embeddings(self, crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return `probabilities` and `embeddings` of the same crops, for the price of one; raises as `embeddings`."""
        probabilities, embeddings = self._answer(crops, self._outputs[0], self._embedding())
        return probabilities, embeddings

    def seen(self, crops: np.ndarray) -> np.ndarray:
        """Return what the network is shown of crops: the crops themselves; behind an enhancement, brighter ones."""
        return crops

    def _embedding(self) -> str:
        if not self.tells_embeddings:
            raise ModelError(
                f"The file of model {self.name} does not tell its embedding.", "Train it again with this version."
            )
        return "embedding"

    def _answer(self, crops: np.ndarray, *what: str) -> list[np.ndarray]:
        if crops.dtype != np.uint8 or crops.ndim != 3 or crops.shape[1:] != (self.crop_size, self.crop_size):
            size = self.crop_size
            raise ValueError(f"Expected (n, {size}, {size}) uint8. Received {crops.shape} {crops.dtype}.")
        gray = crops[..., None].astype(np.float32) / 255
        # Bounded batches keep memory flat however many crops are asked for; larger ones are no faster a crop.
        starts = range(0, len(gray), BATCH)
        parts = [answer(self._session, what, {self._input: gray[at : at + BATCH]}) for at in starts]
        answers = [np.concatenate(each) for each in zip(*parts, strict=True)]
        if not all(np.isfinite(each).all() for each in answers):
            raise ModelError(
                f"The model {self.name} answers with what is no number.", "Its weights are damaged: train it again."
            )
        return answers


RUN = "run:"
"""Stands before a run's name in the name of its model: ``run:2026-11-21-083000-paper``."""


def names() -> tuple[str, ...]:
    """Return the names of the shipped models that name the expression of a face crop, the default first."""
    return cards.names(None, DEFAULT)


def names_of_runs() -> tuple[str, ...]:
    """Return the names of the models that training runs of whoever asks have left, the newest first."""
    runs = settings.library_folder() / "runs"
    found = [path.parent for path in runs.glob("[!.]*/card.json") if (path.parent / "model.onnx").is_file()]
    newest_first = sorted(found, key=lambda folder: (folder / "card.json").stat().st_mtime, reverse=True)
    return tuple(RUN + folder.name for folder in newest_first)


def folder(name: str) -> Path:
    """Return where a shipped model or a run's model lies.

    Raises
    ------
    ModelError
        For a name that is neither.
    """
    if cards.is_shipped(name, None):
        return settings.WEIGHTS_FOLDER / name
    if name in names_of_runs():
        return settings.library_folder() / "runs" / name.removeprefix(RUN)
    if name.startswith(RUN):
        raise ModelError(
            f"The run {name.removeprefix(RUN)!r} has no model.",
            "A run has one once its network is trained; learners and cross-validations leave none.",
        )
    if name in REPLACED:
        raise ModelError(f"The model {name} is shipped no longer.", f"{REPLACED[name]} replaces it: name that one.")
    raise ModelError(f"There is no model {name!r}.", f"There are: {', '.join(names()) or 'none'}.")


def file_to_start_from(named: str | None) -> Path | None:
    """Return the ``model.keras`` that a training starts from: of a model by name, of a folder, or None for None.

    Raises
    ------
    ModelError
        For a name that is neither a model's nor a folder's.
    """
    if named is None:
        return None
    return (Path(named) if Path(named).is_dir() else folder(named)) / "model.keras"


def load(name: str | None = None, threads: int = THREADS) -> ShippedModel:
    """Return a shipped model or a run's (``run:ID``) by name, the default for None; loaded once a process.

    Parameters
    ----------
    name
        Which.
    threads
        That answer together, at most: 1 where it answers beside other work, which then would keep it waiting.

    Raises
    ------
    ModelError
        For a name that is unknown, or files that are not what they should be.
    """
    where = folder(DEFAULT if name is None else name)
    path = where / "card.json"
    return _load(where, path.stat().st_mtime_ns if path.exists() else 0, threads)


@lru_cache(maxsize=16)
def _load(folder: Path, _: int, threads: int) -> ShippedModel:
    # The card's time: a run that was resumed has another model in the same place.
    return ShippedModel(folder, threads)
