"""A plastic head for a trained network: its embedding becomes spikes, and synapses learn what these show."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files import UNREADABLE, read_arrays, write_arrays
from engine.spiking.encoding import OnOff
from engine.spiking.neuron import Neuron
from engine.spiking.person_adapter import PersonAdapter
from engine.spiking.readout import Readout, ReadoutSettings
from engine.tasks import SILENT, Progress

FILE = "plastic_head.npz"
"""Its name beside a model's files."""
SETTINGS = ReadoutSettings(thresholds=(0.0,), rate=0.17, epochs=3)
"""Embeddings need no population: the last layer of the network that they come from is linear."""


class PlasticHead:
    """Two layers of plastic synapses: from the embedding to the expressions, and from these to one person's.

    The first is learnt once, from many faces, by three factors (`engine.spiking.readout.Readout`), and answers in place
    of the network's softmax. The second starts as it is and learns one person's corrections
    (`engine.spiking.person_adapter.PersonAdapter`); it alone changes by `correct`. Every weight is bounded.

    Parameters
    ----------
    readout
        What was learnt of embeddings.
    labels
        The expressions, in order.

    Attributes
    ----------
    personal
        What was learnt of one person.
    """

    def __init__(self, readout: Readout, labels: tuple[str, ...]) -> None:
        self.readout, self.labels = readout, tuple(labels)
        self.personal = PersonAdapter(len(labels))

    @classmethod
    def fit(
        cls, embeddings: NDArray, targets: NDArray, labels: tuple[str, ...], seed: int = 0, progress: Progress = SILENT
    ) -> "PlasticHead":
        """Learn the first layer.

        Parameters
        ----------
        embeddings
            (n, size) of faces.
        targets
            (n, labels), each row sums to 1.
        labels
            The expressions.
        seed
            Of the order: the same seed gives the same weights.
        progress
            Is told how far it is.
        """
        return cls(Readout.fit(embeddings, targets, SETTINGS, seed, progress), labels)

    def probabilities(self, embeddings: NDArray) -> NDArray[np.float64]:
        """Return what is shown, as this person shows it: (n, size) to (n, labels), each row sums to 1."""
        return self.personal.answers(self.readout.probabilities(embeddings))

    def correct(self, embedding: NDArray, label: str) -> None:
        """Learn from one correction of this person; about a millisecond.

        Parameters
        ----------
        embedding
            (size,) of the face.
        label
            What it showed.

        Raises
        ------
        DataError
            For an expression that it does not know.
        """
        if label not in self.labels:
            raise DataError(f"There is no expression {label!r} here.", f"There are {', '.join(self.labels)}.")
        named = self.readout.probabilities(np.asarray(embedding)[None])[0]
        self.personal.correct(named, self.labels.index(label))

    def reset(self) -> None:
        """Forget this person: the answers are those of before the first correction again."""
        self.personal.reset()

    def save(self, path: Path) -> None:
        """Write what was learnt of many faces, and nothing of one person (see `PersonAdapter.save`), as plain arrays.

        Raises
        ------
        OSError
            Where it cannot be written.
        """
        readout = self.readout
        about = {"labels": self.labels, "settings": asdict(readout.settings)}
        encoder, weights = readout.encoder, readout.network.weights
        write_arrays(path, about, compress=True, mean=encoder.mean, deviation=encoder.deviation, weights=weights)

    @classmethod
    def load(cls, path: Path) -> "PlasticHead":
        """Read what `save` wrote.

        Raises
        ------
        DataError
            For a file that is missing, damaged or of another form.
        """
        try:
            about, stored = read_arrays(path)
            told = about["settings"]
            settings = ReadoutSettings(
                **told | {"neuron": Neuron(**told["neuron"]), "thresholds": tuple(told["thresholds"])}
            )
            encoder = OnOff(stored["mean"], stored["deviation"], settings.most_deviations, settings.thresholds)
            readout = Readout(encoder, len(about["labels"]), settings)
            readout.network.weights[...] = stored["weights"]
        except UNREADABLE as error:
            raise DataError(
                f"The plastic head in {path} cannot be read ({error}).", "Give a file that a plastic head was saved to."
            ) from error
        return cls(readout, tuple(about["labels"]))
