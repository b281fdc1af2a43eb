"""A layer of leaky integrate-and-fire neurons behind plastic synapses, simulated exactly.

What happens in step k, in this order:

1. Potentials and traces decay exactly over one step; at the start potentials are at rest and traces are 0.
2. A neuron that is not refractory fires if its potential is above its threshold, strictly. With winner-take-all, only
   the one that is furthest above its threshold does.
3. Each input spike adds gain × weight (the weight before any change in this step) to the outputs that are neither
   refractory nor firing now. Plasticity reads the traces as they were before this step's spikes raise them, so that an
   input and an output that fire in the same step change nothing; the bounds follow; then the traces rise.
4. Each firing output lowers every other output that is neither refractory nor firing by the inhibition.
5. A neuron that fired is reset, and held at the reset for the steps k + 1 to k + t_ref / dt - 1.

The L1 normalisation comes once before the start, and after each of its intervals at the end of a step.
"""

import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files import replace_with
from engine.spiking import kernels
from engine.spiking.neuron import Neuron, decay, finite, whole_steps
from engine.spiking.plasticity import L1, PairSTDP, ThreeFactor
from engine.spiking.raster import Raster

_AT_ONCE = 1_000
"""Steps between two looks outside the compiled loop; bounds the memory that spikes take there."""


class Network:
    """Inputs, plastic synapses and outputs, and the state that they are in.

    Parameters
    ----------
    weights
        (inputs, outputs), float32 or float64, in which everything is computed; copied.
    neuron
        Of the outputs; the published one for None.
    dt_ms
        Length of a step in ms.
    gain_mv
        What an input spike adds to a potential per unit of weight, in mV.
    inhibition_mv
        By how much each firing output lowers every other one, in mV.
    winner_take_all
        Whether at most one output fires in a step.
    stdp, third, l1
        How the weights change while learning; None: not so. At most one of ``stdp``, which changes them at once, and
        ``third``, which waits for `teach`.

    Attributes
    ----------
    weights
        (inputs, outputs), as they are now.
    potentials_mv, thresholds_mv
        (outputs,) as they are now.
    traces
        (inputs,) and (outputs,), as they are now.
    step
        How many steps have been simulated.

    Raises
    ------
    DataError
        For a value that cannot be, with the field and what is allowed.
    """

    def __init__(
        self,
        weights: NDArray,
        neuron: Neuron | None = None,
        *,
        dt_ms: float = 1.0,
        gain_mv: float = 1.0,
        inhibition_mv: float = 0.0,
        winner_take_all: bool = False,
        stdp: PairSTDP | None = None,
        third: ThreeFactor | None = None,
        l1: L1 | None = None,
    ) -> None:
        for rule in (stdp, third, l1):
            if rule is not None:
                rule.check()
        if stdp is not None and third is not None:
            raise DataError("Both stdp and third are given.", "Weights change at once or by a third signal: give one.")
        neuron = neuron or Neuron()
        self.neuron, self.dt_ms, self.stdp, self.third, self.l1 = neuron, dt_ms, stdp, third, l1
        self.weights = _checked_weights(weights, self._pairs)
        self.gain_mv, self.inhibition_mv, self.winner_take_all = gain_mv, inhibition_mv, winner_take_all
        neuron.check(dt_ms)
        finite("gain_mv", gain_mv)
        finite("inhibition_mv", inhibition_mv)
        inputs, outputs = self.weights.shape
        if np.size(neuron.tau_m_ms) not in (1, outputs):
            raise DataError(
                f"tau_ms has {np.size(neuron.tau_m_ms)} values for {outputs} outputs.", "Give one, or one an output."
            )
        self._l1_every = 0 if l1 is None else whole_steps("every_ms", l1.every_ms, dt_ms)
        if l1 is not None and self._l1_every < 1:
            raise DataError(f"every_ms is {l1.every_ms:g}, shorter than a step.", f"Use a multiple of {dt_ms:g}.")
        kind = self.weights.dtype
        self._v = np.full(outputs, neuron.e_l_mv, kind)
        self._theta = np.zeros(outputs, kind)
        self._held = np.zeros(outputs, np.int32)
        self._x_pre, self._x_post = np.zeros(inputs, kind), np.zeros(outputs, kind)
        self._e = np.zeros((inputs, 0 if third is None else outputs if third.hebbian else 1), kind)
        self._keeps_v = np.broadcast_to(decay(neuron.tau_m_ms, dt_ms), outputs).astype(kind)
        self._held_steps = max(0, whole_steps("t_ref_ms", neuron.t_ref_ms, dt_ms) - 1)
        self.step = 0
        if l1 is not None:
            kernels.normalise(self.weights, kind.type(l1.sum), *(kind.type(bound) for bound in self._bounds()))

    @property
    def _pairs(self) -> PairSTDP | None:
        return self.stdp if self.third is None else self.third.stdp

    @property
    def potentials_mv(self) -> NDArray:
        """Membrane potentials after the last step: (outputs,), in mV."""
        return self._v.copy()

    @property
    def thresholds_mv(self) -> NDArray:
        """What each output's potential must be above to fire: (outputs,), in mV."""
        return self.neuron.v_th_mv + self._theta

    @property
    def adapted_mv(self) -> NDArray:
        """By how much use has raised each output's threshold: (outputs,), in mV; may be set."""
        return self._theta.copy()

    @adapted_mv.setter
    def adapted_mv(self, raised: NDArray) -> None:
        self._theta[:] = raised

    @property
    def traces(self) -> tuple[NDArray, NDArray]:
        """The inputs' and the outputs' traces after the last step: (inputs,) and (outputs,), in units of the weight."""
        return self._x_pre.copy(), self._x_post.copy()

    def run(
        self,
        spikes: Raster,
        *,
        current_mv: float | NDArray = 0.0,
        learn: bool = True,
        every: int | None = None,
        look: Callable[["Network"], None] | None = None,
    ) -> Raster:
        """Simulate as many steps as a raster has, going on from the present state.

        Parameters
        ----------
        spikes
            Of the inputs.
        current_mv
            A constant drive R I in mV: one, or one an output.
        learn
            Whether weights change, by STDP and by normalisation; traces stand still where they do not.
        every, look
            ``look`` is called with the network after every ``every`` steps, and sees its state; it must not change it.

        Returns
        -------
        Raster
            Of the outputs; its steps count from 0.

        Raises
        ------
        DataError
            For a raster of another number of inputs.
        """
        inputs, outputs = self.weights.shape
        if spikes.neurons != inputs:
            raise DataError(f"The raster has {spikes.neurons} neurons for {inputs} inputs.", "Give one an input.")
        drive = np.broadcast_to(self.neuron.e_l_mv + np.asarray(current_mv, np.float64), outputs)
        if not np.isfinite(drive).all():
            raise DataError("current_mv holds a number that is not finite.", "Give finite numbers.")
        drive = drive.astype(self.weights.dtype)
        at_once = min(every or _AT_ONCE, _AT_ONCE, self._longest())
        step, neuron = np.empty(at_once * outputs, np.int64), np.empty(at_once * outputs, np.int32)
        starts, constants, found = spikes.starts(), self._constants(), []
        begin = 0
        while begin < spikes.steps:
            end = min(begin + at_once, spikes.steps, begin - begin % every + every if every else spikes.steps)
            count = self._advance(begin, end, starts, spikes.neuron, drive, constants, learn, step, neuron)
            found.append((step[:count].copy(), neuron[:count].copy()))
            begin = end
            if look is not None and every and begin % every == 0:
                look(self)
        steps = np.concatenate([each for each, _ in found]) if found else step[:0]
        neurons = np.concatenate([each for _, each in found]) if found else neuron[:0]
        return Raster(steps, neurons, spikes.steps, outputs)

    @property
    def eligibility(self) -> NDArray:
        """What each synapse would change: (inputs, outputs), in units of the weight per unit of signal and rate."""
        return np.broadcast_to(self._e, self.weights.shape).copy() if self._e.size else np.zeros_like(self.weights)

    def teach(self, signal: float | NDArray) -> None:
        """Change the weights by rate × signal × eligibility, within the bounds; the eligibility stays.

        Parameters
        ----------
        signal
            One reward for all outputs, or (outputs,) an error for each.

        Raises
        ------
        DataError
            For a network without a three-factor rule, or a signal that is not finite.
        """
        if self.third is None:
            raise DataError("The network has no three-factor rule.", "Build it with third=ThreeFactor().")
        signal = np.broadcast_to(np.asarray(signal, self.weights.dtype), self.weights.shape[1])
        if not np.isfinite(signal).all():
            raise DataError("The signal holds a number that is not finite.", "Give finite numbers.")
        rule = self.third
        self.weights += self.weights.dtype.type(rule.rate) * self._e * signal
        np.clip(self.weights, rule.stdp.w_min, rule.stdp.w_max, out=self.weights)

    def rest(self) -> None:
        """Put potentials, traces and eligibility back to the start; weights and adapted thresholds stay."""
        self._v[:], self._held[:], self._x_pre[:], self._x_post[:] = self.neuron.e_l_mv, 0, 0, 0
        self._e[:] = 0

    def save(self, path: Path) -> None:
        """Write constants and the whole state as an ``.npz`` of plain arrays.

        Raises
        ------
        OSError
            Where it cannot be written.
        """
        about = {
            "neuron": asdict(self.neuron) | {"tau_m_ms": np.ravel(self.neuron.tau_m_ms).tolist()},
            "stdp": None if self.stdp is None else asdict(self.stdp),
            "third": None if self.third is None else asdict(self.third),
            "l1": None if self.l1 is None else asdict(self.l1),
            "network": {name: getattr(self, name) for name in _CONSTANTS},
            "step": self.step,
        }
        with replace_with(path) as file:
            np.savez(file, about=np.array(json.dumps(about)), **{name: getattr(self, name) for name in _STATE})

    @classmethod
    def load(cls, path: Path) -> "Network":
        """Read what `save` wrote; it goes on as if it had never been put away.

        Raises
        ------
        DataError
            For a file that is missing, damaged or of another form.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"]))
                state = {name: stored[name] for name in _STATE}
            tau = about["neuron"].pop("tau_m_ms")
            network = cls(
                state["weights"],
                Neuron(tau_m_ms=tau[0] if len(tau) == 1 else tuple(tau), **about["neuron"]),
                stdp=about["stdp"] and PairSTDP(**about["stdp"]),
                third=about["third"] and ThreeFactor(**about["third"] | {"stdp": PairSTDP(**about["third"]["stdp"])}),
                l1=about["l1"] and L1(**about["l1"]),
                **about["network"],
            )
            for name, values in state.items():
                getattr(network, name)[...] = values
            network.step = int(about["step"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
            raise DataError(
                f"The network in {path} cannot be read ({error}).", "Give a file that a network was saved to."
            ) from error
        return network

    def _advance(
        self,
        begin: int,
        end: int,
        starts: NDArray,
        inputs: NDArray,
        drive: NDArray,
        constants: NDArray,
        learn: bool,
        step: NDArray,
        neuron: NDArray,
    ) -> int:
        count = kernels.advance(
            begin,
            end - begin,
            starts[begin : end + 1],
            inputs,
            drive,
            self._v,
            self._theta,
            self._held,
            self._x_pre,
            self._x_post,
            self.weights,
            self._keeps_v,
            constants,
            self._held_steps,
            self.winner_take_all,
            self._mode() if learn else kernels.STILL,
            self._pairs is not None and self._pairs.nearest,
            self._e,
            self._l1_every if learn else 0,
            self.step,
            step,
            neuron,
        )
        self.step += end - begin
        return count

    def _longest(self) -> int:
        """Return how many steps the compiled loop may take at once before what it remembers grows too large."""
        if self.third is None:
            return _AT_ONCE
        return int(max(1, min(_AT_ONCE, 20 * self.third.tau_e_ms / self.dt_ms)))

    def _mode(self) -> int:
        if self.third is None:
            return kernels.STILL if self.stdp is None else kernels.STDP
        return kernels.PAIRS if self.third.hebbian else kernels.INPUTS

    def _bounds(self) -> tuple[float, float]:
        pairs = self._pairs
        return (-np.inf, np.inf) if pairs is None else (pairs.w_min, pairs.w_max)

    def _constants(self) -> NDArray:
        neuron, stdp = self.neuron, self._pairs or PairSTDP()
        values = [
            self.gain_mv,
            self.inhibition_mv,
            neuron.v_th_mv,
            neuron.v_r_mv,
            decay(neuron.tau_theta_ms, self.dt_ms),
            neuron.theta_plus_mv,
            decay(stdp.tau_pre_ms, self.dt_ms),
            decay(stdp.tau_post_ms, self.dt_ms),
            stdp.a_pre,
            stdp.a_post,
            *self._bounds(),
            0.0 if self.l1 is None else self.l1.sum,
            1.0 if self.third is None else decay(self.third.tau_e_ms, self.dt_ms),
            # A weight is at least w_min; what is added to it is lost below a quarter of its last digit.
            np.spacing(self.weights.dtype.type(max(0.0, self._bounds()[0]))) / 4 if self._bounds()[0] > 0 else 0.0,
        ]
        return np.array(values, self.weights.dtype)


_CONSTANTS = ("dt_ms", "gain_mv", "inhibition_mv", "winner_take_all")
_STATE = ("weights", "_v", "_theta", "_held", "_x_pre", "_x_post", "_e")


def _checked_weights(weights: NDArray, stdp: PairSTDP | None) -> NDArray:
    weights = np.array(weights, order="C")
    if weights.dtype not in (np.float32, np.float64):
        weights = weights.astype(np.float64)
    if weights.ndim != 2 or 0 in weights.shape:
        raise DataError(f"weights have the shape {weights.shape}.", "Give a row an input and a column an output.")
    if len(bad := np.argwhere(~np.isfinite(weights))):
        raise DataError(f"The weight of input {bad[0][0]} to output {bad[0][1]} is not finite.", "Give finite numbers.")
    if stdp is not None and len(bad := np.argwhere((weights < stdp.w_min) | (weights > stdp.w_max))):
        i, j = bad[0]
        raise DataError(
            f"The weight of input {i} to output {j} is {weights[i, j]:g}.",
            f"Give weights of w_min, {stdp.w_min:g}, to w_max, {stdp.w_max:g}.",
        )
    return weights
