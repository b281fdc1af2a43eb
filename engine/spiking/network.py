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

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files import UNREADABLE, read_arrays, write_arrays
from engine.spiking import kernels
from engine.spiking.neuron import Neuron, decay, finite, whole_steps
from engine.spiking.plasticity import L1, PairSTDP, ThreeFactor
from engine.spiking.raster import Raster

_AT_ONCE = 1_000
"""Most steps in one call of the compiled loop; bounds the memory that spikes take there."""
_LINE = 64
"""Bytes of a cache line."""


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
    stdp, reward_rule, l1
        How the weights change while learning; None: not so. At most one of ``stdp``, which changes them at once, and
        ``reward_rule``, which waits for `teach`.

    Attributes
    ----------
    step
        How many steps have been simulated.

    Raises
    ------
    DataError
        For a value that cannot be, with the field and what is allowed.

    Examples
    --------
    Two inputs fire together in step 1 and make an output fire in step 2; the synapses that did so grow.

    >>> import numpy as np
    >>> network = Network(np.array([[0.5], [0.5]]), gain_mv=30.0, stdp=PairSTDP())
    >>> fired = network.run(Raster.of([1, 1, 6], [0, 1, 0], steps=20, neurons=2))
    >>> fired.step.tolist(), fired.neuron.tolist()
    ([2], [0])
    >>> network.weights.round(4).ravel().tolist()
    [0.5031, 0.5048]
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
        reward_rule: ThreeFactor | None = None,
        l1: L1 | None = None,
    ) -> None:
        for rule in (stdp, reward_rule, l1):
            if rule is not None:
                rule.check()
        if stdp is not None and reward_rule is not None:
            raise DataError(
                "Both stdp and reward_rule are given.", "Weights change at once or by a third signal: give one."
            )
        neuron = neuron or Neuron()
        self.neuron, self.dt_ms, self.stdp, self.reward_rule, self.l1 = neuron, dt_ms, stdp, reward_rule, l1
        weights = _checked_weights(weights, self._pairs)
        self.gain_mv, self.inhibition_mv, self.winner_take_all = gain_mv, inhibition_mv, winner_take_all
        neuron.check(dt_ms)
        finite("gain_mv", gain_mv)
        finite("inhibition_mv", inhibition_mv)
        inputs, outputs = weights.shape
        if np.size(neuron.tau_m_ms) not in (1, outputs):
            raise DataError(
                f"tau_ms has {np.size(neuron.tau_m_ms)} values for {outputs} outputs.", "Give one, or one an output."
            )
        self._l1_every = 0 if l1 is None else whole_steps("every_ms", l1.every_ms, dt_ms)
        if l1 is not None and self._l1_every < 1:
            raise DataError(f"every_ms is {l1.every_ms:g}, shorter than a step.", f"Use a multiple of {dt_ms:g}.")
        kind = weights.dtype
        self._state = kernels.State(
            v=np.full(outputs, neuron.e_l_mv, kind),
            theta=np.zeros(outputs, kind),
            refractory_left=np.zeros(outputs, np.int32),
            x_pre=np.zeros(inputs, kind),
            x_post=np.zeros(outputs, kind),
            w=weights,
            e=np.zeros((inputs, 0 if reward_rule is None else outputs if reward_rule.hebbian else 1), kind),
        )
        self.step = 0
        if l1 is not None:
            kernels.normalise(weights, kind.type(l1.sum), *(kind.type(bound) for bound in self._bounds()))

    @property
    def _pairs(self) -> PairSTDP | None:
        return self.stdp if self.reward_rule is None else self.reward_rule.stdp

    @property
    def weights(self) -> NDArray:
        """As they are now: (inputs, outputs); may be changed in place."""
        return self._state.w

    @property
    def potentials_mv(self) -> NDArray:
        """Membrane potentials after the last step: (outputs,), in mV."""
        return self._state.v.copy()

    @property
    def thresholds_mv(self) -> NDArray:
        """What each output's potential must be above to fire: (outputs,), in mV."""
        return self.neuron.v_th_mv + self._state.theta

    @property
    def adapted_mv(self) -> NDArray:
        """By how much use has raised each output's threshold: (outputs,), in mV; may be set."""
        return self._state.theta.copy()

    @adapted_mv.setter
    def adapted_mv(self, raised: NDArray) -> None:
        self._state.theta[:] = raised

    @property
    def traces(self) -> tuple[NDArray, NDArray]:
        """The inputs' and the outputs' traces after the last step: (inputs,) and (outputs,), in units of the weight."""
        return self._state.x_pre.copy(), self._state.x_post.copy()

    def run(
        self,
        spikes: Raster,
        *,
        current_mv: float | NDArray = 0.0,
        learn: bool = True,
        callback: Callable[["Network"], None] | None = None,
        callback_every: int = 1,
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
        callback, callback_every
            ``callback`` is called with the network after every ``callback_every`` steps; it must not change it.

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
        current_mv = np.asarray(current_mv, np.float64)
        if not np.isfinite(current_mv).all():
            raise DataError("current_mv holds a number that is not finite.", "Give finite numbers.")
        every = spikes.steps if callback is None else callback_every
        at_once = min(max(1, every), self._longest())
        fired = kernels.Fired(np.empty(at_once * outputs, np.int64), np.empty(at_once * outputs, np.int32))
        constants, found = self._constants(learn), []
        kind = self.weights.dtype
        target = np.full(outputs, self.neuron.e_l_mv + current_mv, kind)
        leak = np.full(outputs, decay(self.neuron.tau_m_ms, self.dt_ms), kind)
        driven = kernels.Drive(spikes.starts(), spikes.neuron, target, leak)
        begin = 0
        while begin < spikes.steps:
            end = min(begin + at_once, spikes.steps, begin - begin % every + every)
            count = kernels.advance(self._state, constants, driven, begin, end, self.step, fired)
            self.step += end - begin
            found.append((fired.step[:count].copy(), fired.neuron[:count].copy()))
            begin = end
            if callback is not None and begin % every == 0:
                callback(self)
        if len(found) == 1:
            return Raster(*found[0], spikes.steps, outputs)
        found.append((fired.step[:0], fired.neuron[:0]))
        step, neuron = (np.concatenate(each) for each in zip(*found, strict=True))
        return Raster(step, neuron, spikes.steps, outputs)

    @property
    def eligibility(self) -> NDArray:
        """What each synapse would change: (inputs, outputs), in units of the weight per unit of signal and rate."""
        e = self._state.e
        return np.broadcast_to(e, self.weights.shape).copy() if e.size else np.zeros_like(self.weights)

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
        if self.reward_rule is None:
            raise DataError("The network has no three-factor rule.", "Build it with reward_rule=ThreeFactor().")
        signal = np.broadcast_to(np.asarray(signal, self.weights.dtype), self.weights.shape[1])
        if not np.isfinite(signal).all():
            raise DataError("The signal holds a number that is not finite.", "Give finite numbers.")
        rule, w = self.reward_rule, self._state.w
        w += w.dtype.type(rule.rate) * self._state.e * signal
        np.clip(w, rule.stdp.w_min, rule.stdp.w_max, out=w)

    def rest(self) -> None:
        """Put potentials, traces and eligibility back to the start; weights and adapted thresholds stay."""
        self._state.v[:] = self.neuron.e_l_mv
        for zeroed in (self._state.refractory_left, self._state.x_pre, self._state.x_post, self._state.e):
            zeroed[:] = 0

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
            "reward_rule": None if self.reward_rule is None else asdict(self.reward_rule),
            "l1": None if self.l1 is None else asdict(self.l1),
            "network": {name: getattr(self, name) for name in _CONSTANTS},
            "step": self.step,
        }
        write_arrays(path, about, **self._state._asdict())

    @classmethod
    def load(cls, path: Path) -> "Network":
        """Read what `save` wrote; it goes on as if it had never been put away.

        Raises
        ------
        DataError
            For a file that is missing, damaged or of another form.
        """
        try:
            about, stored = read_arrays(path)
            state = {
                name: stored[name if name in stored else _OLD_NAMES.get(name, f"_{name}")]
                for name in kernels.State._fields
            }
            tau = about["neuron"].pop("tau_m_ms")
            rule = about["third"] if "third" in about else about["reward_rule"]
            network = cls(
                state["w"],
                Neuron(tau_m_ms=tau[0] if len(tau) == 1 else tuple(tau), **about["neuron"]),
                stdp=about["stdp"] and PairSTDP(**about["stdp"]),
                reward_rule=rule and ThreeFactor(**rule | {"stdp": PairSTDP(**rule["stdp"])}),
                l1=about["l1"] and L1(**about["l1"]),
                **about["network"],
            )
            for name, values in state.items():
                getattr(network._state, name)[...] = values
            network.step = int(about["step"])
        except UNREADABLE as error:
            raise DataError(
                f"The network in {path} cannot be read ({error}).", "Give a file that a network was saved to."
            ) from error
        return network

    def _longest(self) -> int:
        """Return how many steps the compiled loop may take at once before what it remembers grows too large."""
        if self.reward_rule is None:
            return _AT_ONCE
        return int(max(1, min(_AT_ONCE, 20 * self.reward_rule.tau_e_ms / self.dt_ms)))

    def _mode(self) -> int:
        if self.reward_rule is None:
            return kernels.FIXED if self.stdp is None else kernels.STDP
        return kernels.HEBBIAN_ELIGIBILITY if self.reward_rule.hebbian else kernels.INPUT_ELIGIBILITY

    def _bounds(self) -> tuple[float, float]:
        pairs = self._pairs
        return (-np.inf, np.inf) if pairs is None else (pairs.w_min, pairs.w_max)

    def _constants(self, learn: bool) -> NDArray[np.void]:
        neuron, stdp, rule, kind = self.neuron, self._pairs or PairSTDP(), self.reward_rule, self.weights.dtype
        w_min, w_max = self._bounds()
        values = {
            "gain": self.gain_mv,
            "inhibition": self.inhibition_mv,
            "v_th": neuron.v_th_mv,
            "v_r": neuron.v_r_mv,
            "theta_decay": decay(neuron.tau_theta_ms, self.dt_ms),
            "theta_plus": neuron.theta_plus_mv,
            "pre_decay": decay(stdp.tau_pre_ms, self.dt_ms),
            "post_decay": decay(stdp.tau_post_ms, self.dt_ms),
            "a_pre": stdp.a_pre,
            "a_post": stdp.a_post,
            "w_min": w_min,
            "w_max": w_max,
            "l1_sum": 0.0 if self.l1 is None else self.l1.sum,
            "e_decay": 1.0 if rule is None else decay(rule.tau_e_ms, self.dt_ms),
            # A weight is at least w_min; what is added to it is lost below a quarter of its last digit.
            "min_trace": np.spacing(kind.type(w_min)) / 4 if w_min > 0 else 0.0,
            "refractory_steps": max(0, whole_steps("t_ref_ms", neuron.t_ref_ms, self.dt_ms) - 1),
            "mode": self._mode() if learn else kernels.FIXED,
            "l1_every": self._l1_every if learn else 0,
            "winner_take_all": self.winner_take_all,
            "nearest": stdp.nearest,
        }
        layout = kernels.constants_type(kind)
        return np.array([tuple(values[name] for name in layout.names or ())], layout)


_CONSTANTS = ("dt_ms", "gain_mv", "inhibition_mv", "winner_take_all")
_OLD_NAMES = dict(
    zip(kernels.State._fields, ("_v", "_theta", "_held", "_x_pre", "_x_post", "weights", "_e"), strict=True)
)
"""What the arrays were called in files of before; ``reward_rule`` was ``third``."""


def _checked_weights(weights: NDArray, stdp: PairSTDP | None) -> NDArray:
    weights = np.asarray(weights)
    weights = _copied(weights, weights.dtype if weights.dtype in (np.float32, np.float64) else np.dtype(np.float64))
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


def _copied(values: NDArray, kind: np.dtype) -> NDArray:
    """Copy values to where a cache line begins: the compiled loop's vectors, a line long, then lie in one line each."""
    room = np.empty(values.size * kind.itemsize + _LINE, np.uint8)
    begin = -room.ctypes.data % _LINE
    copy = room[begin : begin + values.size * kind.itemsize].view(kind).reshape(values.shape)
    copy[...] = values
    return copy
