"""Spiking outputs, one a class, that learn from labels by three factors and without backpropagation."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.datasets.progress import SILENT, Watch
from engine.spiking.encoding import OnOff, regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.plasticity import PairSTDP, ThreeFactor
from engine.spiking.raster import Raster


@dataclass(frozen=True)
class Settings:
    """How such a readout is built and shown pictures; the defaults were chosen on validation pictures.

    Attributes
    ----------
    picture_ms
        How long a picture is shown, in steps of 1 ms.
    hz_per_deviation, most_deviations
        Rate of an input for each standard deviation by which a feature lies above (ON) or below (OFF) its mean, and
        where that ends.
    current_mv
        A constant drive that lets outputs fire where no input speaks, so that they can also be silenced.
    gain_mv
        What a spike adds per unit of weight.
    sharpness
        By how much one more spike raises the logarithm of a class's odds.
    rate, epochs
        Learning rate at the start, shared by all inputs, which falls to 0 along a line; and how often each picture is
        shown.
    neuron
        Of the outputs.
    """

    picture_ms: int = 400
    hz_per_deviation: float = 20.0
    most_deviations: float = 3.0
    current_mv: float = 80.0
    gain_mv: float = 10.0
    sharpness: float = 0.07
    rate: float = 0.01
    epochs: int = 20
    neuron: Neuron = field(default_factory=lambda: Neuron(v_r_mv=-70.0, t_ref_ms=0.0))


class Readout:
    """One integrate-and-fire output a class behind plastic synapses from ON and OFF inputs.

    A picture is shown; the spikes that an output fires are its vote. Then every output hears its own error, what it
    should have said less what it said, and each synapse changes by rate × error × how active its input was.

    Parameters
    ----------
    classes
        How many there are.
    settings
        How it is built.
    seed
        Of the order in which pictures are shown.
    """

    def __init__(self, classes: int, settings: Settings | None = None, seed: int = 0) -> None:
        self.classes, self.settings = classes, settings or Settings()
        self._random = np.random.default_rng(seed)
        self._encoder: OnOff | None = None
        self.network: Network | None = None

    def fit(self, features: NDArray, labels: NDArray, watch: Watch = SILENT) -> "Readout":
        """Learn from pictures and their labels.

        Parameters
        ----------
        features
            (n, d), any finite numbers.
        labels
            (n,) integers in 0..classes-1.
        watch
            Is told how many pictures have been shown.
        """
        self._encoder = OnOff.of(features, self.settings.most_deviations)
        self.network = self._new(np.shape(features)[1])
        rasters = [self._spikes(row) for row in features]
        done, total = 0, self.settings.epochs * len(rasters)
        for _ in range(self.settings.epochs):
            for at in self._random.permutation(len(rasters)):
                if done % 100 == 0:
                    watch.step(done, total, "Learning from spikes")
                said = self._odds(self._show(rasters[at], learn=True))
                self.network.teach(((np.arange(self.classes) == labels[at]) - said) * (1 - done / total))
                done += 1
        return self

    def counts(self, features: NDArray) -> NDArray[np.int64]:
        """Return how often each output fires for each picture: (n, classes)."""
        found = [self._show(self._spikes(row), learn=False) for row in np.asarray(features, np.float64)]
        return np.array(found).reshape(-1, self.classes)

    def probabilities(self, features: NDArray) -> NDArray[np.float64]:
        """Return (n, classes), each row sums to 1."""
        return self._odds(self.counts(features))

    def _odds(self, counts: NDArray) -> NDArray[np.float64]:
        logs = self.settings.sharpness * (counts - counts.max(axis=-1, keepdims=True))
        shares = np.exp(logs)
        return shares / shares.sum(axis=-1, keepdims=True)

    def _new(self, inputs: int) -> Network:
        chosen = self.settings
        traces = PairSTDP(a_pre=1.0, a_post=0.0, tau_pre_ms=20.0, w_min=-10.0, w_max=10.0)
        return Network(
            np.zeros((2 * inputs, self.classes), np.float32),
            chosen.neuron,
            gain_mv=chosen.gain_mv,
            third=ThreeFactor(traces, rate=chosen.rate / (2 * inputs)),
        )

    def _spikes(self, row: NDArray) -> Raster:
        return regular(self._encoder.strengths(row) * self.settings.hz_per_deviation, self.settings.picture_ms)

    def _show(self, spikes: Raster, *, learn: bool) -> NDArray[np.int64]:
        self.network.rest()
        return self.network.run(spikes, current_mv=self.settings.current_mv, learn=learn).counts()
