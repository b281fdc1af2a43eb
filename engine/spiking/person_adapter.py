"""What one person means by the expressions that a recogniser names, learnt from a few corrections by spikes."""

import io

import numpy as np
from numpy.typing import NDArray

from engine.arrays import read_arrays
from engine.errors import DataError
from engine.files import UNREADABLE
from engine.spiking.encoding import regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.plasticity import PairSTDP, ThreeFactor

WINDOW_MS = 400
HIGHEST_HZ = 1000.0
"""Rate of an expression that is certain: a spike in every step."""
GAIN_MV = 4.2
RATE = 0.45
"""By how much a correction of a certain answer changes its synapses, of the way from 0 to 1; chosen on FER2013's
PublicTest part."""
_TRACE_MS = 5.0
# An expression that is certain ends with an eligibility of 1.
_RULE = ThreeFactor(PairSTDP(1 / (WINDOW_MS * _TRACE_MS), 0.0, tau_pre_ms=_TRACE_MS, w_min=0.0, w_max=1.0), RATE)
_NEURON = Neuron(tau_m_ms=1000.0, e_l_mv=-70.0, v_th_mv=-50.0, v_r_mv=-70.0, t_ref_ms=0.0)
"""It leaks so slowly that it counts: the more it hears, the more often it fires, in proportion."""
MOST_BYTES = 1 << 20
"""Of what was saved, packed or not; seven expressions take less than 2,000."""


class PersonAdapter:
    """One spiking input for each expression that was named, one output for each that is meant.

    At the start each input drives its own output alone. A correction shows the named expressions' probabilities as
    spikes, compares the outputs' shares of all spikes with what was right, and changes each synapse by rate × error ×
    how active its input was, within 0 to 1: the delta rule of `engine.spiking.plasticity.ThreeFactor`. Nothing is
    propagated back, and no picture is kept.

    Parameters
    ----------
    expressions
        How many there are.

    Attributes
    ----------
    corrections
        How many have been learnt since the start.
    """

    def __init__(self, expressions: int) -> None:
        self._start = self._new(np.eye(expressions))
        self.network = self._new(np.eye(expressions))
        self.corrections = 0

    @property
    def weights(self) -> NDArray[np.float32]:
        """How strongly each named expression speaks for each that is meant: (expressions, expressions), 0..1."""
        return self.network.weights.copy()

    def answers(self, named: NDArray) -> NDArray:
        """Return what is meant.

        Parameters
        ----------
        named
            (n, expressions) probabilities, each row sums to 1.

        Returns
        -------
        numpy.ndarray
            (n, expressions), each row sums to 1: the probabilities, changed by as much as the outputs' shares of spikes
            have changed since the start. Where no output fires otherwise than at the start, exactly what was given.
        """
        named = np.asarray(named)
        return np.array([self._answer(row) for row in named]).reshape(named.shape) if self.corrections else named

    def correct(self, named: NDArray, meant: int) -> None:
        """Learn from one correction.

        Parameters
        ----------
        named
            (expressions,) probabilities that were answered.
        meant
            Which expression it was.

        Raises
        ------
        DataError
            For probabilities of another number of expressions or that are none, or an expression that is none.
        """
        named = np.asarray(named, np.float64)
        expressions = len(self.network.weights)
        if named.shape != (expressions,) or not np.isfinite(named).all() or named.min() < 0 or named.max() > 1.001:
            raise DataError(f"The answer {np.round(named, 3).tolist()} is none.", f"Give {expressions} of 0 to 1.")
        if not 0 <= meant < expressions:
            raise DataError(f"Expression {meant} is none.", f"There are 0 to {expressions - 1}, both included.")
        said = _shares(self.network, named, learn=True)
        self.network.teach((np.arange(expressions) == meant) - said)
        self.corrections += 1

    def reset(self) -> None:
        """Forget all corrections."""
        self.network = self._new(np.eye(len(self.network.weights)))
        self.corrections = 0

    def as_bytes(self) -> bytes:
        """Return what was learnt as an ``.npz`` of plain arrays: synapses and a count, no picture."""
        target = io.BytesIO()
        np.savez(target, weights=self.network.weights, corrections=np.int64(self.corrections))
        return target.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, name: object) -> "PersonAdapter":
        """Read what `as_bytes` returned; ``name`` is for the error.

        Raises
        ------
        DataError
            For bytes that are damaged, or of another kind.
        """
        try:
            _bounded(len(data))
            stored = read_arrays(io.BytesIO(data), lambda parts: _bounded(sum(part.file_size for part in parts)))
            weights, corrections = stored["weights"], int(stored["corrections"])
            if not np.issubdtype(weights.dtype, np.floating) or not ((weights >= 0) & (weights <= 1)).all():
                raise ValueError("these are no synapses of 0 to 1")
            if corrections < 0:
                raise ValueError(f"{corrections} corrections")
            personal = cls.of(weights, corrections)
        except UNREADABLE as error:
            raise DataError(
                f"The corrections in {name} cannot be read ({error}).", "Give a file that corrections were saved to."
            ) from error
        return personal

    @classmethod
    def of(cls, weights: NDArray, corrections: int) -> "PersonAdapter":
        """Return the layer of these synapses, (expressions, expressions) of 0..1, that so many corrections taught."""
        personal = cls(len(weights))
        personal.network, personal.corrections = personal._new(weights), corrections
        return personal

    def _answer(self, named: NDArray) -> NDArray:
        change = _shares(self.network, named, learn=False) - _shares(self._start, named, learn=False)
        if not change.any():
            return named
        meant = np.maximum(named + change, 0)
        return (meant / meant.sum()).astype(named.dtype)

    @staticmethod
    def _new(weights: NDArray) -> Network:
        if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
            raise DataError(f"The synapses have the shape {weights.shape}.", "Give as many outputs as inputs.")
        return Network(weights.astype(np.float32), _NEURON, gain_mv=GAIN_MV, reward_rule=_RULE)


def _shares(network: Network, named: NDArray, *, learn: bool) -> NDArray[np.float64]:
    """Return each output's share of all spikes: (expressions,); all 0 where none fires."""
    network.rest()
    rates_hz = np.minimum(np.asarray(named, np.float64), 1) * HIGHEST_HZ
    counts = network.run(regular(rates_hz, WINDOW_MS), learn=learn).counts()
    return counts / max(1, counts.sum())


def _bounded(size: int) -> None:
    if size > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES:,} bytes")
