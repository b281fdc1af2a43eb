"""A network that is shown something that changes, in true time and without an end: what a camera needs."""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.spiking.encoding import RegularSpikes
from engine.spiking.network import Network
from engine.spiking.raster import Raster
from engine.spiking.recorder import Recorder
from engine.spiking.simulation_trace import SimulationTrace

KEPT_MS = 1_000
"""Of the latest time, so much can be looked at."""


class StreamingNetwork:
    """Advances a network by the time that has passed, a step at a time, with evenly spaced spikes of changing rates.

    Nothing is learnt, and nothing begins anew with a new picture: potentials go on from where they were.

    Parameters
    ----------
    network
        Is advanced; nobody else may use it meanwhile.
    current_mv
        A constant drive.
    window_ms
        Over so much of the latest time outputs' spikes are counted.
    most_ms
        At most so much is simulated at once: where more has passed, the rest of it is left out.
    """

    def __init__(self, network: Network, current_mv: float = 0.0, window_ms: int = 400, most_ms: float = 200.0) -> None:
        self._network, self._current_mv, self._most_ms = network, current_mv, most_ms
        self._window, self._kept = (round(each / network.dt_ms) for each in (window_ms, KEPT_MS))
        self._spikes = RegularSpikes(len(network.weights), network.dt_ms)
        self._parts: deque[tuple[Raster, Raster, Recorder]] = deque()
        self._left_ms = 0.0

    def rest(self) -> None:
        """Begin anew: potentials at rest, no spike before."""
        self._network.rest()
        self._spikes.rest()
        self._parts.clear()
        self._left_ms = 0.0

    def advance(self, rates_hz: NDArray, duration_ms: float) -> int:
        """Simulate what has passed, with these rates, and return in how many steps.

        What is less than a step counts the next time.

        Parameters
        ----------
        rates_hz
            (inputs,) 0 or above.
        duration_ms
            0 or above.

        Raises
        ------
        DataError
            For a rate that is negative or not finite.
        """
        self._left_ms = min(self._left_ms + duration_ms, self._most_ms)
        steps = int(self._left_ms / self._network.dt_ms + 1e-6)
        self._left_ms -= steps * self._network.dt_ms
        if not steps:
            return 0
        inputs = self._spikes.next(rates_hz, steps)
        state = Recorder(("potentials_mv", "thresholds_mv"), max_samples=steps + 1)
        outputs = self._network.run(inputs, current_mv=self._current_mv, learn=False, callback=state.record)
        self._parts.append((inputs, outputs, state))
        while self.steps - self._parts[0][0].steps >= self._kept:
            self._parts.popleft()
        return steps

    @property
    def steps(self) -> int:
        """How many of the latest steps can be looked at."""
        return sum(inputs.steps for inputs, _, _ in self._parts)

    def counts(self) -> NDArray[np.int64]:
        """Return how often each output fired in the latest window: (outputs,)."""
        counts = np.zeros(self._network.weights.shape[1], np.int64)
        left = self._window
        for _, outputs, _ in reversed(self._parts):
            late = outputs.step >= outputs.steps - left
            counts += np.bincount(outputs.neuron[late], minlength=len(counts))
            left -= outputs.steps
            if left <= 0:
                break
        return counts

    def trace(self, names: Sequence[str], kind: str) -> SimulationTrace | None:
        """Return what happened in the latest time, at most `KEPT_MS` and one advance; None where nothing has.

        Parameters
        ----------
        names
            Of the outputs.
        kind
            See `engine.spiking.simulation_trace.SimulationTrace`.
        """
        if not self._parts:
            return None
        network, dt_ms, steps = self._network, self._network.dt_ms, self.steps
        states = [state for _, _, state in self._parts]
        weights = network.weights.copy()
        return SimulationTrace(
            inputs=_joined([inputs for inputs, _, _ in self._parts]),
            outputs=_joined([outputs for _, outputs, _ in self._parts]),
            names=tuple(names),
            dt_ms=dt_ms,
            time_ms=np.arange(1, steps + 1) * dt_ms,
            potentials_mv=np.concatenate([state["potentials_mv"] for state in states]),
            thresholds_mv=np.concatenate([state["thresholds_mv"] for state in states]),
            reset_mv=network.neuron.v_r_mv,
            before=weights,
            after=weights,
            kind=kind,
            weights_ms=np.zeros(0),
            weights=np.zeros((0, *weights.shape)),
            drive_mv=np.full(len(names), self._current_mv),
            inhibits=network.inhibition_mv != 0,
            scores=self.counts().astype(np.float64),
            answers=tuple(names),
        )


def _joined(parts: list[Raster]) -> Raster:
    begins = np.cumsum([0, *(part.steps for part in parts)])
    step = np.concatenate([part.step + begin for part, begin in zip(parts, begins, strict=False)])
    neuron = np.concatenate([part.neuron for part in parts])
    return Raster(step, neuron, int(begins[-1]), parts[0].neurons)
