"""The compiled loop behind `engine.spiking.network`: it trusts its arguments, the network checks them.

Everything is driven by spikes: a step without any costs only the decays. Weights lie with an input's synapses side by
side, since inputs spike far more often than outputs; the inner loops then run over neighbours in memory, without a
branch, so that the compiler can use its vector units. It does so only in loops over few arrays: hence the many small
functions. Outputs that are refractory or fire are put back to where they were, which is quicker than to ask each.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FIXED, STDP, HEBBIAN_ELIGIBILITY, INPUT_ELIGIBILITY = range(4)
"""Modes of plasticity: none; pairs of spikes change the weights; such pairs only add to the eligibility; the inputs'
traces alone do."""


class State(NamedTuple):
    """What the loop changes in place.

    Attributes
    ----------
    v, theta
        (outputs,) potentials, and by how much use has raised the thresholds.
    refractory_left
        (outputs,) int32: for how many steps each output is still held.
    x_pre, x_post
        (inputs,) and (outputs,) traces.
    w
        (inputs, outputs) weights.
    e
        Eligibility, (inputs, outputs), or (inputs, 1) where the outputs do not count.
    """

    v: NDArray
    theta: NDArray
    refractory_left: NDArray[np.int32]
    x_pre: NDArray
    x_post: NDArray
    w: NDArray
    e: NDArray


SCALARS = (
    *("gain", "inhibition", "v_th", "v_r"),  # in mV
    *("theta_decay", "theta_plus"),  # of the adaptive thresholds
    *("pre_decay", "post_decay", "a_pre", "a_post"),  # of the traces, and by what a spike raises them
    *("w_min", "w_max", "l1_sum"),  # bounds of the weights, and what the L1 normalisation brings each output's to
    "e_decay",  # of the eligibility
    "min_trace",  # the largest trace that changes no weight in its last digit
)
"""Constants of a run in the type of the weights; a ``decay`` is what is left after a step."""
SETTINGS = (
    ("refractory_steps", np.int64),  # how long an output is held after the step in which it fired
    ("mode", np.int64),  # of plasticity, one of those above
    ("l1_every", np.int64),  # steps between two L1 normalisations; 0 for none
    ("winner_take_all", np.bool_),  # whether at most one output fires in a step
    ("nearest", np.bool_),  # whether a spike sets its trace instead of adding to it
)


@cache
def constants_type(kind: np.dtype) -> np.dtype:
    """Return the type of a record of `SCALARS` and `SETTINGS`: handed over several times as fast as a named tuple."""
    return np.dtype([*((name, kind) for name in SCALARS), *SETTINGS])


class Drive(NamedTuple):
    """What drives the outputs: in step k the inputs ``spikes[starts[k]:starts[k + 1]]`` spike.

    ``target`` (outputs,) is the potential that each output tends to, E_L + R I, and ``decay`` (outputs,) the share of
    the way there that is left after a step.
    """

    starts: NDArray[np.int64]
    spikes: NDArray[np.int32]
    target: NDArray
    decay: NDArray


class Fired(NamedTuple):
    """Room for the outputs' spikes: step and neuron of each."""

    step: NDArray[np.int64]
    neuron: NDArray[np.int32]


@njit(cache=True, nogil=True, error_model="numpy")
def advance(
    state: State, constants: NDArray[np.void], drive: Drive, begin: int, end: int, done: int, fired: Fired
) -> int:
    """Work through the steps ``begin`` to ``end - 1``, the network having done ``done`` steps; return how many fired.

    What fires is written to ``fired``, which must have room for every output in every step.
    """
    v, theta, refractory_left, x_pre, x_post, w, e = state
    starts, spikes, target, decay = drive
    fired_step, fired_neuron = fired
    c = constants[0]
    # Copied, so that the compiler need not fear that what is written changes them.
    gain, inhibition, v_th, v_r = c.gain, c.inhibition, c.v_th, c.v_r
    theta_decay, theta_plus, pre_decay, post_decay = c.theta_decay, c.theta_plus, c.pre_decay, c.post_decay
    a_pre, a_post, w_min, w_max, l1_sum = c.a_pre, c.a_post, c.w_min, c.w_max, c.l1_sum
    e_decay, min_trace, mode, l1_every = c.e_decay, c.min_trace, c.mode, c.l1_every
    refractory_steps, winner_take_all, nearest = c.refractory_steps, c.winner_take_all, c.nearest
    plastic, learns = mode != FIXED, mode == STDP
    outputs = v.shape[0]
    zero, one = w.dtype.type(0), w.dtype.type(1)
    # Pairs are added up as if nothing decayed, enlarged by what has decayed since; one pass at the end makes up for it.
    e_gain = one
    firing, clamped = np.empty(outputs, np.int32), np.arange(outputs).astype(np.int32)
    v_clamped = np.empty(outputs, w.dtype)
    refractory_count = _keep_refractory(refractory_left, clamped, outputs)
    flat_e = e.reshape(e.size)
    tiny = np.finfo(w.dtype).tiny
    written = 0
    for step in range(begin, end):
        # 1. Exact decay over one step; a neuron that is refractory stays where it is.
        for n in range(refractory_count):
            v_clamped[n] = v[clamped[n]]
        _leak(v, target, decay)
        for n in range(refractory_count):
            v[clamped[n]] = v_clamped[n]
        if theta_plus > zero:
            _decay(theta, theta_decay, tiny)
        if plastic:
            _decay(x_pre, pre_decay, tiny)
            _decay(x_post, post_decay, tiny)
        # 2. Who fires.
        count = 0
        if _any_above(v, theta, v_th):
            count = _above(v, theta, v_th, refractory_left, firing)
        if winner_take_all and count > 1:
            best = firing[0]
            for n in range(1, count):
                j = firing[n]
                if v[j] - theta[j] > v[best] - theta[best]:
                    best = j
            firing[0] = best
            count = 1
        clamped_count = refractory_count + count
        for n in range(refractory_count):
            refractory_left[clamped[n]] -= 1
        for n in range(count):
            clamped[refractory_count + n] = firing[n]
            v_clamped[refractory_count + n] = v[firing[n]]
        # 3. Inputs reach whoever is not clamped; synapses change by the traces as they were before this step.
        arrived = spikes[starts[step] : starts[step + 1]]
        if learns and count > 0:
            _potentiate(w, arrived, firing[:count], x_pre, w_min, w_max)
        if learns and (count > 0 or _any_felt(x_post, min_trace)):
            _deliver_and_change(w, arrived, v, gain, x_post, w_min, w_max)
        else:
            _deliver(w, arrived, v, gain)
        for n in range(clamped_count):
            v[clamped[n]] = v_clamped[n]
        if mode == HEBBIAN_ELIGIBILITY:
            e_gain /= e_decay
            _add_pairs(e, arrived, x_post, e_gain)
            for n in range(count):
                j = firing[n]
                for i in range(e.shape[0]):
                    e[i, j] += e_gain * x_pre[i]
        elif mode == INPUT_ELIGIBILITY:
            _add_traces(flat_e, x_pre, e_decay)
        if plastic:
            for n in range(arrived.shape[0]):
                i = arrived[n]
                x_pre[i] = a_pre if nearest else x_pre[i] + a_pre
            for n in range(count):
                j = firing[n]
                x_post[j] = a_post if nearest else x_post[j] + a_post
        # 4. Each one that fires lowers all others that are not clamped.
        if count > 0:
            lowered = inhibition * w.dtype.type(count)
            for j in range(outputs):
                v[j] -= lowered
            for n in range(clamped_count):
                v[clamped[n]] = v_clamped[n]
        # 5. Reset.
        for n in range(count):
            j = firing[n]
            v[j] = v_r
            theta[j] += theta_plus
            refractory_left[j] = refractory_steps
            fired_step[written] = step
            fired_neuron[written] = j
            written += 1
        refractory_count = _keep_refractory(refractory_left, clamped, clamped_count)
        if l1_every > 0 and (done + step - begin + 1) % l1_every == 0:
            normalise(w, l1_sum, w_min, w_max)
    if mode == HEBBIAN_ELIGIBILITY and e_gain > one:
        for i in range(e.shape[0]):
            for j in range(outputs):
                e[i, j] /= e_gain
    return written


@njit(cache=True, nogil=True, error_model="numpy")
def _keep_refractory(refractory_left: NDArray[np.int32], clamped: NDArray[np.int32], clamped_count: int) -> int:
    """Keep on the list those that are refractory from now on; return how many are."""
    count = 0
    for n in range(clamped_count):
        if refractory_left[clamped[n]] > 0:
            clamped[count] = clamped[n]
            count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _leak(v: NDArray, target: NDArray, decay: NDArray) -> None:
    for j in range(v.shape[0]):
        v[j] = target[j] + (v[j] - target[j]) * decay[j]


@njit(cache=True, nogil=True, error_model="numpy")
def _decay(x: NDArray, decay: float, tiny: float) -> None:
    """Let values decay; below the smallest normal number, where arithmetic is many times slower, they are 0."""
    for i in range(x.shape[0]):
        kept = x[i] * decay
        x[i] = kept if abs(kept) >= tiny else x.dtype.type(0)


@njit(cache=True, nogil=True, error_model="numpy")
def _add_pairs(e: NDArray, inputs: NDArray[np.int32], x_post: NDArray, e_gain: float) -> None:
    for n in range(inputs.shape[0]):
        row = e[inputs[n]]
        for j in range(row.shape[0]):
            row[j] += e_gain * x_post[j]


@njit(cache=True, nogil=True, error_model="numpy")
def _add_traces(e: NDArray, x_pre: NDArray, decay: float) -> None:
    for i in range(e.shape[0]):
        e[i] = e[i] * decay + x_pre[i]


@njit(cache=True, nogil=True, error_model="numpy")
def _any_above(v: NDArray, theta: NDArray, v_th: float) -> bool:
    """Tell whether some potential is above its threshold: quicker than to ask each, and mostly none is."""
    above = 0
    for j in range(v.shape[0]):
        above += v[j] > v_th + theta[j]
    return above > 0


@njit(cache=True, nogil=True, error_model="numpy")
def _above(
    v: NDArray, theta: NDArray, v_th: float, refractory_left: NDArray[np.int32], firing: NDArray[np.int32]
) -> int:
    """List the outputs that would fire; return how many."""
    count = 0
    for j in range(v.shape[0]):
        if refractory_left[j] == 0 and v[j] > v_th + theta[j]:
            firing[count] = j
            count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _any_felt(x_post: NDArray, min_trace: float) -> bool:
    """Tell whether some trace is large enough to change a weight in its last digit."""
    felt = 0
    for j in range(x_post.shape[0]):
        felt += abs(x_post[j]) > min_trace
    return felt > 0


@njit(cache=True, nogil=True, error_model="numpy")
def _deliver(w: NDArray, inputs: NDArray[np.int32], v: NDArray, gain: float) -> None:
    """Add what input spikes do to all potentials, four inputs at a time: potentials are loaded less often."""
    together = inputs.shape[0] // 4 * 4
    for n in range(0, together, 4):
        a, b, c, d = w[inputs[n]], w[inputs[n + 1]], w[inputs[n + 2]], w[inputs[n + 3]]
        for j in range(v.shape[0]):
            v[j] = (((v[j] + gain * a[j]) + gain * b[j]) + gain * c[j]) + gain * d[j]
    for n in range(together, inputs.shape[0]):
        row = w[inputs[n]]
        for j in range(v.shape[0]):
            v[j] += gain * row[j]


@njit(cache=True, nogil=True, error_model="numpy")
def _deliver_and_change(
    w: NDArray, inputs: NDArray[np.int32], v: NDArray, gain: float, x_post: NDArray, w_min: float, w_max: float
) -> None:
    """Deliver input spikes and change their synapses to all outputs: most traces are 0, but no branch asks which."""
    together = inputs.shape[0] // 4 * 4
    for n in range(0, together, 4):
        row_a, row_b, row_c, row_d = w[inputs[n]], w[inputs[n + 1]], w[inputs[n + 2]], w[inputs[n + 3]]
        for j in range(v.shape[0]):
            a, b, c, d = row_a[j], row_b[j], row_c[j], row_d[j]
            v[j] = (((v[j] + gain * a) + gain * b) + gain * c) + gain * d
            row_a[j] = min(max(a + x_post[j], w_min), w_max)
            row_b[j] = min(max(b + x_post[j], w_min), w_max)
            row_c[j] = min(max(c + x_post[j], w_min), w_max)
            row_d[j] = min(max(d + x_post[j], w_min), w_max)
    for n in range(together, inputs.shape[0]):
        row = w[inputs[n]]
        for j in range(v.shape[0]):
            weight = row[j]
            v[j] += gain * weight
            row[j] = min(max(weight + x_post[j], w_min), w_max)


@njit(cache=True, nogil=True, error_model="numpy")
def _potentiate(
    w: NDArray, inputs: NDArray[np.int32], firing: NDArray[np.int32], x_pre: NDArray, w_min: float, w_max: float
) -> None:
    """Change the synapses to outputs that fire; bounds wait where the input spikes too: another change is to come."""
    unbounded = np.empty(inputs.shape[0], w.dtype)
    for m in range(firing.shape[0]):
        column = w[:, firing[m]]
        for n in range(inputs.shape[0]):
            unbounded[n] = column[inputs[n]] + x_pre[inputs[n]]
        for i in range(column.shape[0]):
            column[i] = min(max(column[i] + x_pre[i], w_min), w_max)
        for n in range(inputs.shape[0]):
            column[inputs[n]] = unbounded[n]


@njit(cache=True, nogil=True, error_model="numpy")
def normalise(w: NDArray, total: float, w_min: float, w_max: float) -> None:
    """Scale every output's weights to a sum of absolute values of ``total``, then keep the bounds; in place.

    Where outputs are few, the synapses of several inputs are taken together: short loops are slow.
    """
    inputs, outputs = w.shape
    together = max(1, 128 // outputs)
    while inputs % together:
        together -= 1
    rows = w.reshape(inputs // together, together * outputs)
    scale = np.zeros(rows.shape[1], w.dtype)
    for i in range(rows.shape[0]):
        row = rows[i]
        for k in range(row.shape[0]):
            scale[k] += abs(row[k])
    for j in range(outputs):
        summed = w.dtype.type(0)
        for k in range(j, scale.shape[0], outputs):
            summed += scale[k]
        for k in range(j, scale.shape[0], outputs):
            # An output without any weight has nothing that could be scaled.
            scale[k] = total / summed if summed > 0 else summed + 1
    for i in range(rows.shape[0]):
        row = rows[i]
        for k in range(row.shape[0]):
            row[k] = min(max(row[k] * scale[k], w_min), w_max)
