"""What happened while a network ran: spikes, potentials and weights over time, and the answer."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.spiking.network import Network
from engine.spiking.raster import Raster
from engine.spiking.recorder import Recorder

_SAMPLES, _WEIGHT_SAMPLES = 1_200, 150


@dataclass(frozen=True)
class SimulationTrace:
    """What happened while a picture was shown.

    Attributes
    ----------
    inputs, outputs
        Spikes.
    names
        Of the outputs.
    dt_ms
        Length of a step.
    time_ms, potentials_mv, thresholds_mv
        (samples,), (samples, outputs) and (samples, outputs).
    reset_mv
        What an output is reset to.
    before, after
        (inputs, outputs): the weights.
    kind
        How the weights are laid out: see `engine.spiking.stimuli.weight_maps`.
    weights_ms, weights
        (samples,) and (samples, inputs, outputs): the weights over time, no sample where nothing could be learnt.
    drive_mv
        (outputs,) the constant drive.
    inhibits
        Whether outputs lower each other.
    scores
        (answers,) how much speaks for each of ``answers``; the outputs' counts where outputs are answers themselves.
    answers
        What may be answered.
    """

    inputs: Raster
    outputs: Raster
    names: tuple[str, ...]
    dt_ms: float
    time_ms: NDArray[np.floating]
    potentials_mv: NDArray
    thresholds_mv: NDArray
    reset_mv: float
    before: NDArray
    after: NDArray
    kind: str
    weights_ms: NDArray[np.floating]
    weights: NDArray
    drive_mv: NDArray[np.float64]
    inhibits: bool
    scores: NDArray[np.float64]
    answers: tuple[str, ...]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each output fired: (outputs,)."""
        return self.outputs.counts()

    @property
    def changed(self) -> int:
        """How many weights are not what they were."""
        return int((self.before != self.after).sum())

    @property
    def decision(self) -> str | None:
        """The answer for which more speaks than for any other; None on a tie, and where nothing fires."""
        first = unique_maximum(self.scores) if len(self.outputs) else None
        return None if first is None else self.answers[first]


def unique_maximum(scores: NDArray) -> int | None:
    """Return which of some scores is above all others; None on a tie."""
    best = np.flatnonzero(scores == np.max(scores))
    return int(best[0]) if len(best) == 1 else None


def record_trace(
    network: Network,
    spikes: Raster,
    names: Sequence[str],
    kind: str,
    *,
    drive_mv: NDArray | float = 0.0,
    learn: bool = False,
) -> SimulationTrace:
    """Run a copy of a network from rest, and keep all that happens; the network itself stays as it is.

    Parameters
    ----------
    network
        Any.
    spikes
        Of its inputs.
    names
        Of its outputs, which are the answers too.
    kind
        See `SimulationTrace`.
    drive_mv
        A constant drive.
    learn
        Whether its weights may change.

    Raises
    ------
    DataError
        Where potentials leave the range of numbers.
    """
    network = copy.deepcopy(network)
    network.rest()
    begin, before = network.step, network.weights.copy()
    state = Recorder(("potentials_mv", "thresholds_mv"), max_samples=_SAMPLES)
    weights = Recorder(
        ("weights",), every_steps=max(1, spikes.steps // _WEIGHT_SAMPLES), max_samples=2 * _WEIGHT_SAMPLES
    )

    def sample(seen: Network) -> None:
        state.record(seen)
        if learn and (seen.step - begin) % weights.every_steps == 0:
            weights.record(seen)

    with np.errstate(all="ignore"):
        outputs = network.run(spikes, current_mv=drive_mv, learn=learn, callback=sample)
    if not (np.isfinite(state["potentials_mv"]).all() and np.isfinite(network.weights).all()):
        raise DataError("Potentials or weights grew beyond all numbers.", "Use smaller potentials, gains or changes.")
    return SimulationTrace(
        inputs=spikes,
        outputs=outputs,
        names=tuple(names),
        dt_ms=network.dt_ms,
        time_ms=(state.step - begin) * network.dt_ms,
        potentials_mv=state["potentials_mv"],
        thresholds_mv=state["thresholds_mv"],
        reset_mv=network.neuron.v_r_mv,
        before=before,
        after=network.weights,
        kind=kind,
        weights_ms=(weights.step - begin) * network.dt_ms,
        weights=weights["weights"].reshape(-1, *before.shape),
        drive_mv=np.broadcast_to(np.asarray(drive_mv, np.float64), len(names)),
        inhibits=network.inhibition_mv != 0,
        scores=outputs.counts().astype(np.float64),
        answers=tuple(names),
    )
