"""A layer that learns without labels: outputs compete for pictures, and each comes to stand for one kind of them.

After Diehl and Cook (2015, doi 10.3389/fncom.2015.00099): pair STDP, a winner a step that silences the others,
thresholds that rise with use so that every output gets its share, and a constant sum of weights. Labels only name the
outputs afterwards.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.spiking.encoding import regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.plasticity import L1, PairSTDP
from engine.spiking.raster import Raster
from engine.tasks import SILENT, Progress


@dataclass(frozen=True)
class CompetitiveSettings:
    """How such a layer is built and shown pictures; the defaults were chosen on digits held out of the training side.

    Attributes
    ----------
    outputs
        How many there are.
    picture_ms, total_hz
        How long a picture is shown, and the rates of all inputs together, the same for every picture.
    epochs
        How often each picture is shown while it learns.
    highest_weight
        Weights start evenly drawn from 0 to this.
    mean_weight
        What the mean of an output's weights is brought back to after each picture.
    neuron, stdp, gain_mv, inhibition_mv
        See `engine.spiking.network.Network`.
    """

    outputs: int = 100
    picture_ms: float = 100.0
    total_hz: float = 2000.0
    epochs: int = 3
    highest_weight: float = 0.3
    neuron: Neuron = field(
        default_factory=lambda: Neuron(
            tau_m_ms=50.0, v_th_mv=-55.0, v_r_mv=-70.0, t_ref_ms=2.0, theta_plus_mv=0.2, tau_theta_ms=1e7
        )
    )
    stdp: PairSTDP = field(default_factory=lambda: PairSTDP(0.03, -0.009, 10.0, 20.0, 0.0, 1.0))
    mean_weight: float = 0.15625
    gain_mv: float = 4.0
    inhibition_mv: float = 40.0


class CompetitiveLayer:
    """Competing outputs behind plastic synapses.

    Parameters
    ----------
    inputs
        How many strengths a picture has.
    settings
        How it is built.
    seed
        Of the first weights and of the order of the pictures: the same seed gives the same spikes.
    """

    def __init__(self, inputs: int, settings: CompetitiveSettings | None = None, seed: int = 0) -> None:
        self.settings = settings or CompetitiveSettings()
        self._random = np.random.default_rng(seed)
        chosen = self.settings
        weights = self._random.uniform(0, chosen.highest_weight, (inputs, chosen.outputs)).astype(np.float32)
        self.network = Network(
            weights,
            chosen.neuron,
            gain_mv=chosen.gain_mv,
            inhibition_mv=chosen.inhibition_mv,
            winner_take_all=True,
            stdp=chosen.stdp,
            l1=L1(chosen.mean_weight * inputs, chosen.picture_ms),
        )

    def fit(self, strengths: NDArray, progress: Progress = SILENT) -> "CompetitiveLayer":
        """Learn from pictures, without labels.

        Parameters
        ----------
        strengths
            (n, inputs), 0 or above; only how they share within a picture counts.
        progress
            Is told how many pictures have been shown.
        """
        done, total = 0, self.settings.epochs * len(strengths)
        for _ in range(self.settings.epochs):
            for at in self._random.permutation(len(strengths)):
                if done % 100 == 0:
                    progress.step(done, total, "learning from spikes")
                self.learn(strengths[at])
                done += 1
        return self

    def learn(self, picture: NDArray) -> None:
        """Learn from one picture, (inputs,) strengths."""
        self._show(picture, learn=True)

    def spikes(self, picture: NDArray) -> Raster:
        """Return the inputs' spikes for one picture, (inputs,) strengths; an empty picture has none."""
        picture = np.asarray(picture, np.float64)
        total = picture.sum()
        rates_hz = picture * (self.settings.total_hz / total if total > 0 else 0)
        return regular(rates_hz, round(self.settings.picture_ms))

    def counts(self, strengths: NDArray) -> NDArray[np.int64]:
        """Return how often each output fires for each picture: (n, outputs). Nothing is learnt, no threshold moves."""
        thresholds = self.network.adapted_mv
        found = []
        for picture in strengths:
            found.append(self._show(picture, learn=False))
            self.network.adapted_mv = thresholds
        return np.array(found).reshape(len(strengths), self.settings.outputs)

    def _show(self, picture: NDArray, *, learn: bool) -> NDArray[np.int64]:
        self.network.rest()
        return self.network.run(self.spikes(picture), learn=learn).counts()


@dataclass(frozen=True)
class OutputLabels:
    """What outputs stand for, from what they answered to labelled pictures.

    Attributes
    ----------
    log_share
        (outputs, classes): the logarithm of how an output's spikes are shared by the classes.
    """

    log_share: NDArray[np.float64]

    @classmethod
    def of(cls, counts: NDArray, labels: NDArray, classes: int) -> "OutputLabels":
        """Learn what each output stands for.

        Parameters
        ----------
        counts
            (n, outputs), as `CompetitiveLayer.counts` gives them for pictures that were trained on.
        labels
            (n,) integers in 0..classes-1.
        classes
            How many there are.
        """
        mean = np.array([counts[labels == label].mean(axis=0) for label in range(classes)]) + 1e-3
        return cls(np.log(mean / mean.sum(axis=0)).T)

    def answers(self, counts: NDArray) -> NDArray[np.int64]:
        """Return a label for each picture, (n, outputs) to (n,): every spike counts for what its output stands for."""
        return (counts @ self.log_share).argmax(axis=1)
