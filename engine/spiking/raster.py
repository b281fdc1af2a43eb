"""Spikes: which neuron fired in which step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import DataError


@dataclass(frozen=True)
class Raster:
    """Spikes of some neurons over some steps, in the order of the steps.

    Attributes
    ----------
    step, neuron
        (n,) int64 and (n,) int32: spike by spike.
    steps, neurons
        How many there are of each, spikes or not.

    Examples
    --------
    >>> spikes = Raster.of([3, 0], [1, 0], steps=5, neurons=2)
    >>> spikes.step.tolist(), spikes.neuron.tolist(), spikes.counts().tolist()
    ([0, 3], [0, 1], [1, 1])
    """

    step: NDArray[np.int64]
    neuron: NDArray[np.int32]
    steps: int
    neurons: int

    @classmethod
    def of(cls, step: ArrayLike, neuron: ArrayLike, steps: int, neurons: int) -> "Raster":
        """Return checked spikes in order; those of one step by neuron.

        Raises
        ------
        DataError
            For no step or no neuron, a spike outside them, or the same one twice, with its number.
        """
        for name, count in (("steps", steps), ("neurons", neurons)):
            if count < 1:
                raise DataError(f"The raster has {count} {name}.", "Give 1 or more; spikes there may be none.")
        step, neuron = np.asarray(step, np.int64).ravel(), np.asarray(neuron, np.int64).ravel()
        if len(step) != len(neuron):
            raise ValueError(f"Expected a neuron for each step. Received {len(step)} and {len(neuron)}.")
        for name, values, end in (("step", step, steps), ("neuron", neuron, neurons)):
            if len(bad := np.flatnonzero((values < 0) | (values >= end))):
                raise DataError(
                    f"Input spike {bad[0]} has the {name} {values[bad[0]]}.",
                    f"There are 0 to {end - 1}, both included.",
                )
        order = np.lexsort((neuron, step))
        step, neuron = step[order], neuron[order]
        if len(twice := np.flatnonzero((np.diff(step) == 0) & (np.diff(neuron) == 0))):
            raise DataError(
                f"Neuron {neuron[twice[0]]} spikes twice in step {step[twice[0]]}.", "Give each spike once."
            )
        return cls(step, neuron.astype(np.int32), steps, neurons)

    @classmethod
    def of_table(cls, spikes: NDArray[np.bool_]) -> "Raster":
        """Return the spikes of a (steps, neurons) table of truth values."""
        step, neuron = np.nonzero(spikes)
        return cls(step.astype(np.int64), neuron.astype(np.int32), *spikes.shape)

    def __len__(self) -> int:
        return len(self.step)

    def starts(self) -> NDArray[np.int64]:
        """Return (steps + 1,) where each step's spikes begin, and where the last one's end."""
        return np.searchsorted(self.step, np.arange(self.steps + 1))

    def counts(self) -> NDArray[np.int64]:
        """Return how often each neuron fired: (neurons,)."""
        return np.bincount(self.neuron, minlength=self.neurons)
