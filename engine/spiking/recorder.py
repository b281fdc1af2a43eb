"""What a network's state was over time, kept apart from its dynamics and within a bound."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.spiking.network import Network

QUANTITIES = ("potentials_mv", "thresholds_mv", "weights", "traces_pre", "traces_post")


@dataclass
class Recorder:
    """Samples a network's state: ``run(spikes, callback=recorder.record, callback_every=recorder.every_steps)``.

    Where more samples come than there is room for, every other one is dropped and from then on only every other one is
    taken: what is kept always spans the whole time, evenly.

    Attributes
    ----------
    quantities
        Some of `QUANTITIES`.
    every_steps
        Steps between two samples.
    max_samples
        Largest number of samples, at least 2.
    outputs
        Which outputs' potentials, thresholds, weights and traces; all for None.
    """

    quantities: tuple[str, ...] = ("potentials_mv",)
    every_steps: int = 1
    max_samples: int = 2_000
    outputs: tuple[int, ...] | None = None
    _step: list[int] = field(default_factory=list)
    _samples: dict[str, list[NDArray]] = field(default_factory=dict)
    _calls: int = 0
    _stride: int = 1

    def __post_init__(self) -> None:
        if unknown := [name for name in self.quantities if name not in QUANTITIES]:
            raise DataError(f"There is no {unknown[0]!r} to record.", f"There are {', '.join(QUANTITIES)}.")
        for name, least in (("every_steps", 1), ("max_samples", 2)):
            if getattr(self, name) < least:
                raise DataError(f"{name} is {getattr(self, name)}.", f"Give a whole number of {least} or above.")
        self._samples = {name: [] for name in self.quantities}

    def record(self, network: Network) -> None:
        """Take a sample of the state after a step."""
        self._calls += 1
        if self._calls % self._stride:
            return
        self._step.append(network.step)
        for name, samples in self._samples.items():
            samples.append(self._sample(network, name))
        if len(self._step) == self.max_samples:
            # The last one of each pair stays, so that the next one comes after twice as many steps.
            self._stride *= 2
            self._step = self._step[1::2]
            self._samples = {name: samples[1::2] for name, samples in self._samples.items()}

    @property
    def step(self) -> NDArray[np.int64]:
        """How many steps the network had done at each sample: (samples,)."""
        return np.array(self._step, np.int64)

    def __getitem__(self, name: str) -> NDArray:
        """Return the samples of one quantity: (samples, ...)."""
        return np.array(self._samples[name])

    def _sample(self, network: Network, name: str) -> NDArray:
        chosen = slice(None) if self.outputs is None else list(self.outputs)
        if name == "weights":
            return network.weights[:, chosen].copy()
        if name == "traces_pre":
            return network.traces[0]
        if name == "traces_post":
            return network.traces[1][chosen]
        return getattr(network, name)[chosen]
