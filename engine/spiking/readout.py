"""Spiking outputs, one a class, that learn from labels by three factors and without backpropagation."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.spiking.encoding import OnOff, regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.plasticity import PairSTDP, ThreeFactor
from engine.spiking.raster import Raster
from engine.tasks import SILENT, Progress


@dataclass(frozen=True)
class ReadoutSettings:
    """How such a readout is built and shown pictures; the defaults were chosen on validation pictures.

    Attributes
    ----------
    picture_ms
        How long a picture is shown, in steps of 1 ms.
    hz_per_deviation, most_deviations, thresholds
        Rate of an input for each standard deviation by which a feature lies above (ON) or below (OFF) a threshold,
        where that ends, and the thresholds: see `engine.spiking.encoding.OnOff`.
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
    thresholds: tuple[float, ...] = (-1.0, 0.0, 1.0)
    current_mv: float = 160.0
    gain_mv: float = 20.0
    sharpness: float = 0.035
    rate: float = 0.02
    epochs: int = 20
    neuron: Neuron = field(default_factory=lambda: Neuron(v_r_mv=-70.0, t_ref_ms=0.0))


class Readout:
    """One integrate-and-fire output a class behind plastic synapses from ON and OFF inputs.

    A picture is shown; the spikes that an output fires are its vote. Then every output hears its own error, what it
    should have said less what it said, and each synapse changes by rate × error × how active its input was.

    Parameters
    ----------
    encoder
        Turns features into strengths of inputs: what is usual among the pictures that train.
    classes
        How many there are.
    settings
        How it is built.

    Attributes
    ----------
    network
        What learns; its weights are 0 at the start, so that it knows nothing.
    """

    def __init__(self, encoder: OnOff, classes: int, settings: ReadoutSettings | None = None) -> None:
        self.encoder, self.classes, self.settings = encoder, classes, settings or ReadoutSettings()
        traces = PairSTDP(a_pre=1.0, a_post=0.0, tau_pre_ms=20.0, w_min=-10.0, w_max=10.0)
        self.network = Network(
            np.zeros((encoder.inputs, classes), np.float32),
            self.settings.neuron,
            gain_mv=self.settings.gain_mv,
            reward_rule=ThreeFactor(traces, rate=self.settings.rate / encoder.inputs),
        )

    @classmethod
    def fit(
        cls,
        features: NDArray,
        targets: NDArray,
        settings: ReadoutSettings | None = None,
        seed: int = 0,
        progress: Progress = SILENT,
    ) -> "Readout":
        """Learn from pictures and what should be said of them.

        Parameters
        ----------
        features
            (n, d), any finite numbers.
        targets
            (n, classes), each row sums to 1.
        settings
            How it is built.
        seed
            Of the order in which pictures are shown: the same seed gives the same weights.
        progress
            Is told how many pictures have been shown.
        """
        settings = settings or ReadoutSettings()
        encoder = OnOff.of(features, settings.most_deviations, settings.thresholds)
        readout = cls(encoder, targets.shape[1], settings)
        random = np.random.default_rng(seed)
        done, total = 0, settings.epochs * len(features)
        for _ in range(settings.epochs):
            for at in random.permutation(len(features)):
                if done % 100 == 0:
                    progress.step(done, total, "learning from spikes")
                readout.learn(features[at], targets[at], 1 - done / total)
                done += 1
        return readout

    def learn(
        self, picture: NDArray, target: NDArray, share: float = 1.0, before: NDArray | None = None
    ) -> NDArray[np.float64]:
        """Show one picture, then teach.

        Parameters
        ----------
        picture
            (d,) features.
        target
            (classes,) what should have been said, sums to 1.
        share
            Of the learning rate, 0..1.
        before
            (classes,) odds that somebody else gives each class, above 0, which spikes only add to; alike for None.

        Returns
        -------
        numpy.ndarray
            (classes,) what was said before.
        """
        said = self.softmax(self._show(picture, learn=True), before)
        self.network.teach((target - said) * share)
        return said

    def counts(self, features: NDArray) -> NDArray[np.int64]:
        """Return how often each output fires for each picture: (n, d) to (n, classes). Nothing is learnt."""
        return np.array([self._show(picture, learn=False) for picture in features]).reshape(-1, self.classes)

    def probabilities(self, features: NDArray, before: NDArray | None = None) -> NDArray[np.float64]:
        """Return (n, classes), each row sums to 1; ``before`` as in `learn`, (n, classes)."""
        return self.softmax(self.counts(features), before)

    def spikes(self, picture: NDArray) -> Raster:
        """Return the inputs' spikes for one picture, (d,) features."""
        rates_hz = self.encoder.strengths(picture) * self.settings.hz_per_deviation
        return regular(rates_hz, self.settings.picture_ms)

    def softmax(self, counts: NDArray, before: NDArray | None = None) -> NDArray[np.float64]:
        """Return what so many spikes of each output say: (..., classes) to (..., classes) that sum to 1."""
        logs = self.settings.sharpness * (counts - counts.max(axis=-1, keepdims=True))
        shares = np.exp(logs) if before is None else np.exp(logs) * before
        return shares / shares.sum(axis=-1, keepdims=True)

    def _show(self, picture: NDArray, *, learn: bool) -> NDArray[np.int64]:
        self.network.rest()
        spikes = self.spikes(picture)
        return self.network.run(spikes, current_mv=self.settings.current_mv, learn=learn).counts()
