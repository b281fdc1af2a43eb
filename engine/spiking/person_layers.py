"""What one person's corrections teach of that person's face: two plastic layers behind a recogniser's answer.

The first is a `PersonAdapter`, from the expressions that were named to those that are meant: a few corrections teach it
that somebody smiles where others look sad. The second hears the recogniser's embedding, as a plastic head does, and
starts without a weight: it learns what the first cannot tell from the names alone, such as a face that looks sad while
it rests.
"""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import read_arrays
from engine.errors import DataError
from engine.files import UNREADABLE
from engine.spiking.encoding import OnOff
from engine.spiking.person_adapter import PersonAdapter
from engine.spiking.readout import Readout, ReadoutSettings
from engine.tasks import SILENT, Progress

SETTINGS = ReadoutSettings(thresholds=(0.0,), rate=0.1, epochs=5)
"""Of the second layer. Rate and passes were chosen on simulated people, FER2013's PublicTest part."""
MOST_BYTES = 1 << 20
"""Of what was saved, packed or not; 384 numbers and seven expressions take 22,000."""
_LEAST = 1e-3  # an expression that was all but excluded can still be learnt


class PersonLayers:
    """Two layers of plastic synapses that learn one person's corrections by three factors.

    Parameters
    ----------
    encoder
        Turns an embedding into inputs: that of the model's plastic head, which knows what is usual among many faces.
    expressions
        How many there are.

    Attributes
    ----------
    corrections
        How many were learnt.
    """

    def __init__(self, encoder: OnOff, expressions: int) -> None:
        self.names = PersonAdapter(expressions)
        self.details = Readout(encoder, expressions, SETTINGS)
        self.corrections = 0

    @classmethod
    def fit(
        cls,
        encoder: OnOff,
        named: NDArray,
        embeddings: NDArray,
        meant: Sequence[int] | NDArray,
        progress: Progress = SILENT,
    ) -> "PersonLayers":
        """Learn corrections from the start; about two milliseconds each. The same corrections give the same layers.

        Parameters
        ----------
        encoder
            As of the class.
        named
            (n, expressions) probabilities that were answered, in the order in which they were corrected.
        embeddings
            (n, size) of these faces.
        meant
            (n,) which expression each was.
        progress
            Is told how far it is.

        Raises
        ------
        DataError
            For an answer or an expression that is none.
        """
        named = np.asarray(named, np.float64)
        layers = cls(encoder, named.shape[1])
        for row, right in zip(named, meant, strict=True):
            layers.names.correct(row, int(right))
        before, target = layers.names.answers(named), np.eye(named.shape[1])
        for turn in range(SETTINGS.epochs):
            progress.step(turn, SETTINGS.epochs, "learning one person’s corrections")
            for at, right in enumerate(meant):
                layers.details.learn(embeddings[at], target[right], before=np.maximum(before[at], _LEAST))
        layers.corrections = len(named)
        return layers

    def answers(self, named: NDArray, embeddings: NDArray) -> NDArray:
        """Return what this person shows.

        Parameters
        ----------
        named
            (n, expressions) probabilities, each row sums to 1.
        embeddings
            (n, size) of the same faces.

        Returns
        -------
        numpy.ndarray
            (n, expressions), each row sums to 1; exactly what was given where nothing was learnt.
        """
        if not self.corrections:
            return named
        before = np.maximum(self.names.answers(np.asarray(named, np.float64)), _LEAST)
        return self.details.probabilities(embeddings, before).astype(np.asarray(named).dtype)

    def as_bytes(self) -> bytes:
        """Return what was learnt as an ``.npz`` of plain arrays: synapses and a count, no face and no embedding."""
        target = io.BytesIO()
        arrays: dict[str, Any] = {"names": self.names.weights, "details": self.details.network.weights}
        np.savez_compressed(target, corrections=np.int64(self.corrections), **arrays)
        return target.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, encoder: OnOff, name: object) -> "PersonLayers":
        """Read what `as_bytes` returned, for the encoder that it was learnt with; ``name`` is for the error.

        Raises
        ------
        DataError
            For bytes that are damaged, or of another kind.
        """
        try:
            _bounded(len(data))
            stored = read_arrays(io.BytesIO(data), lambda parts: _bounded(sum(part.file_size for part in parts)))
            names, details, corrections = stored["names"], stored["details"], int(stored["corrections"])
            layers = cls(encoder, len(names))
            weights, strongest = layers.details.network.weights, _strongest(layers.details)
            if {names.dtype.kind, details.dtype.kind} != {"f"} or details.shape != weights.shape or corrections < 1:
                raise ValueError(f"{details.dtype} of shape {details.shape} after {corrections} corrections")
            if not ((names >= 0) & (names <= 1)).all() or not (np.abs(details) <= strongest).all():
                raise ValueError("a synapse is stronger than it can be")
            layers.names, layers.corrections = PersonAdapter.of(names, corrections), corrections
        except UNREADABLE as error:
            raise DataError(
                f"What was learnt of {name} cannot be read ({error}).", "Learn it anew from the corrections."
            ) from error
        weights[...] = details
        return layers


def _strongest(readout: Readout) -> float:
    rule = readout.network.reward_rule
    return 0.0 if rule is None else rule.stdp.w_max


def _bounded(size: int) -> None:
    if size > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES:,} bytes")
