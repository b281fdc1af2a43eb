"""The compiled loop behind `engine.spiking.network`: it trusts its arguments, the network checks them.

Everything is driven by spikes: a step without any costs only the decays. Weights lie with an input's synapses side by
side, since inputs spike far more often than outputs; the inner loops then run over neighbours in memory, without a
branch, so that the compiler can use its vector units. It does so only in loops over few arrays: hence the many small
functions. Outputs that are refractory or fire are put back to where they were, which is quicker than to ask each.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

STILL, STDP, PAIRS, INPUTS = range(4)
"""Nothing is learnt; pairs of spikes change the weights; they are remembered; the inputs' traces alone are."""


@njit(cache=True, nogil=True, error_model="numpy")
def advance(
    first: int,
    steps: int,
    starts: NDArray[np.int64],
    inputs: NDArray[np.int32],
    drive: NDArray,
    v: NDArray,
    theta: NDArray,
    held: NDArray[np.int32],
    x_pre: NDArray,
    x_post: NDArray,
    w: NDArray,
    keeps_v: NDArray,
    constants: NDArray,
    held_steps: int,
    winner_take_all: bool,
    mode: int,
    nearest: bool,
    e: NDArray,
    l1_every: int,
    done: int,
    fired_step: NDArray[np.int64],
    fired_neuron: NDArray[np.int32],
) -> int:
    """Work through ``steps`` steps from step ``first`` on; return how many spikes were written.

    ``inputs[starts[k]:starts[k + 1]]`` are the inputs that spike in step k, counted from ``first``. ``drive`` is the
    potential that each output tends to, E_L + R I. ``constants`` holds, in the type of the weights: gain, inhibition,
    threshold, reset, what the adaptive threshold keeps and gains, what the traces keep and gain (pre, post, pre, post),
    the weights' bounds, the L1 sum, what the eligibility keeps, and the largest trace that changes no weight in its
    last digit. ``held_steps`` is how many steps after the one in which it fired an output is held, ``done`` how many
    steps the network had done before. ``mode`` is one of those above; ``e``, (inputs, outputs), or (inputs, 1) where
    the outputs do not count, holds the eligibility.
    """
    gain, inhibition, v_th, v_r = constants[0], constants[1], constants[2], constants[3]
    keeps_theta, theta_plus = constants[4], constants[5]
    keeps_pre, keeps_post, a_pre, a_post = constants[6], constants[7], constants[8], constants[9]
    w_min, w_max, l1_sum, keeps_e = constants[10], constants[11], constants[12], constants[13]
    felt = constants[14]
    plastic, learns = mode != STILL, mode == STDP
    outputs = v.shape[0]
    nothing, one = w.dtype.type(0), w.dtype.type(1)
    # Pairs are remembered as if nothing faded, enlarged by what has faded since; one pass at the end makes up for it.
    grown = one
    firing, deaf = np.empty(outputs, np.int32), np.empty(outputs, np.int32)
    active = np.empty(outputs, np.int32)
    stays = np.empty(outputs, w.dtype)
    spiking = np.zeros(w.shape[0], np.bool_)
    remembered = e.reshape(e.size)
    tiny = np.finfo(w.dtype).tiny
    written = 0
    for step in range(steps):
        # 1. Exact decay over one step; a neuron that is held stays where it is.
        deaf_count = _leak(v, drive, keeps_v, held, deaf, stays)
        if theta_plus > nothing:
            _fade(theta, keeps_theta, tiny)
        if plastic:
            _fade(x_pre, keeps_pre, tiny)
            _fade(x_post, keeps_post, tiny)
        # 2. Who fires.
        count = 0
        if _any_above(v, theta, v_th):
            count = _above(v, theta, v_th, held, firing)
        if winner_take_all and count > 1:
            best = firing[0]
            for n in range(1, count):
                j = firing[n]
                if v[j] - theta[j] > v[best] - theta[best]:
                    best = j
            firing[0] = best
            count = 1
        for n in range(deaf_count):
            held[deaf[n]] -= 1
        for n in range(count):
            deaf[deaf_count] = firing[n]
            stays[deaf_count] = v[firing[n]]
            deaf_count += 1
        # 3. Inputs reach whoever listens; synapses change by the traces as they were before this step.
        arrived = inputs[starts[step] : starts[step + 1]]
        fading = _felt(x_post, felt, active) if learns else 0
        if count == 0 and 4 * fading > outputs:
            _reach_and_change(w, arrived, v, gain, x_post, w_min, w_max)
        else:
            _reach(w, arrived, v, gain)
            if learns and count > 0:
                _learn(w, arrived, firing[:count], spiking, x_pre, x_post, w_min, w_max)
            elif fading > 0:
                _change(w, arrived, active[:fading], x_post, w_min, w_max)
        for n in range(deaf_count):
            v[deaf[n]] = stays[n]
        if mode == PAIRS:
            grown /= keeps_e
            _pair(e, arrived, x_post, grown)
            for n in range(count):
                j = firing[n]
                for i in range(e.shape[0]):
                    e[i, j] += grown * x_pre[i]
        elif mode == INPUTS:
            _remember(remembered, x_pre, keeps_e)
        if plastic:
            for n in range(arrived.shape[0]):
                i = arrived[n]
                x_pre[i] = a_pre if nearest else x_pre[i] + a_pre
            for n in range(count):
                j = firing[n]
                x_post[j] = a_post if nearest else x_post[j] + a_post
        # 4. Each one that fires lowers all others that listen.
        if count > 0:
            lowered = inhibition * w.dtype.type(count)
            for j in range(outputs):
                v[j] -= lowered
            for n in range(deaf_count):
                v[deaf[n]] = stays[n]
        # 5. Reset.
        for n in range(count):
            j = firing[n]
            v[j] = v_r
            theta[j] += theta_plus
            held[j] = held_steps
            fired_step[written] = first + step
            fired_neuron[written] = j
            written += 1
        if l1_every > 0 and (done + step + 1) % l1_every == 0:
            normalise(w, l1_sum, w_min, w_max)
    if mode == PAIRS and grown > one:
        for i in range(e.shape[0]):
            for j in range(outputs):
                e[i, j] /= grown
    return written


@njit(cache=True, nogil=True, error_model="numpy")
def _leak(
    v: NDArray,
    drive: NDArray,
    keeps: NDArray,
    held: NDArray[np.int32],
    deaf: NDArray[np.int32],
    stays: NDArray,
) -> int:
    """Let potentials decay; list those that are held, and at which potential; return how many are."""
    count = 0
    for j in range(v.shape[0]):
        if held[j] > 0:
            deaf[count] = j
            stays[count] = v[j]
            count += 1
    for j in range(v.shape[0]):
        v[j] = drive[j] + (v[j] - drive[j]) * keeps[j]
    for n in range(count):
        v[deaf[n]] = stays[n]
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _fade(x: NDArray, keeps: float, tiny: float) -> None:
    """Let values decay; below the smallest normal number, where arithmetic is many times slower, they are 0."""
    for i in range(x.shape[0]):
        kept = x[i] * keeps
        x[i] = kept if abs(kept) >= tiny else x.dtype.type(0)


@njit(cache=True, nogil=True, error_model="numpy")
def _pair(e: NDArray, inputs: NDArray[np.int32], x_post: NDArray, grown: float) -> None:
    for n in range(inputs.shape[0]):
        row = e[inputs[n]]
        for j in range(row.shape[0]):
            row[j] += grown * x_post[j]


@njit(cache=True, nogil=True, error_model="numpy")
def _remember(e: NDArray, x_pre: NDArray, keeps: float) -> None:
    for i in range(e.shape[0]):
        e[i] = e[i] * keeps + x_pre[i]


@njit(cache=True, nogil=True, error_model="numpy")
def _any_above(v: NDArray, theta: NDArray, v_th: float) -> bool:
    """Tell whether some potential is above its threshold: quicker than to ask each, and mostly none is."""
    above = 0
    for j in range(v.shape[0]):
        above += v[j] > v_th + theta[j]
    return above > 0


@njit(cache=True, nogil=True, error_model="numpy")
def _above(v: NDArray, theta: NDArray, v_th: float, held: NDArray[np.int32], firing: NDArray[np.int32]) -> int:
    """List the outputs that would fire; return how many."""
    count = 0
    for j in range(v.shape[0]):
        if held[j] == 0 and v[j] > v_th + theta[j]:
            firing[count] = j
            count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _felt(x_post: NDArray, felt: float, active: NDArray[np.int32]) -> int:
    """List the outputs whose trace is large enough to change a weight in its last digit; return how many.

    Where they are more than a quarter, the list is not wanted and not made.
    """
    count = 0
    for j in range(x_post.shape[0]):
        count += abs(x_post[j]) > felt
    if count == 0 or 4 * count > x_post.shape[0]:
        return count
    count = 0
    for j in range(x_post.shape[0]):
        if abs(x_post[j]) > felt:
            active[count] = j
            count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _reach(w: NDArray, inputs: NDArray[np.int32], v: NDArray, gain: float) -> None:
    """Add what input spikes do to all potentials, two inputs at a time: potentials are loaded half as often."""
    for n in range(0, inputs.shape[0] - 1, 2):
        row, other = w[inputs[n]], w[inputs[n + 1]]
        for j in range(v.shape[0]):
            v[j] = (v[j] + gain * row[j]) + gain * other[j]
    if inputs.shape[0] % 2:
        row = w[inputs[inputs.shape[0] - 1]]
        for j in range(v.shape[0]):
            v[j] += gain * row[j]


@njit(cache=True, nogil=True, error_model="numpy")
def _reach_and_change(
    w: NDArray,
    inputs: NDArray[np.int32],
    v: NDArray,
    gain: float,
    x_post: NDArray,
    w_min: float,
    w_max: float,
) -> None:
    for n in range(inputs.shape[0]):
        row = w[inputs[n]]
        for j in range(v.shape[0]):
            weight = row[j]
            v[j] += gain * weight
            row[j] = min(max(weight + x_post[j], w_min), w_max)


@njit(cache=True, nogil=True, error_model="numpy")
def _change(
    w: NDArray,
    inputs: NDArray[np.int32],
    active: NDArray[np.int32],
    x_post: NDArray,
    w_min: float,
    w_max: float,
) -> None:
    """Change the synapses from inputs that spike to the outputs whose trace is felt."""
    for n in range(inputs.shape[0]):
        row = w[inputs[n]]
        for m in range(active.shape[0]):
            j = active[m]
            row[j] = min(max(row[j] + x_post[j], w_min), w_max)


@njit(cache=True, nogil=True, error_model="numpy")
def _learn(
    w: NDArray,
    inputs: NDArray[np.int32],
    firing: NDArray[np.int32],
    spiking: NDArray[np.bool_],
    x_pre: NDArray,
    x_post: NDArray,
    w_min: float,
    w_max: float,
) -> None:
    """Change the synapses of a step in which outputs fire; the bounds come once, after both changes of a synapse."""
    for n in range(inputs.shape[0]):
        spiking[inputs[n]] = True
    for i in range(w.shape[0]):
        for n in range(firing.shape[0]):
            j = firing[n]
            changed = w[i, j] + x_pre[i]
            w[i, j] = changed if spiking[i] else min(max(changed, w_min), w_max)
    for n in range(inputs.shape[0]):
        i = inputs[n]
        spiking[i] = False
        row = w[i]
        for j in range(row.shape[0]):
            row[j] = min(max(row[j] + x_post[j], w_min), w_max)


@njit(cache=True, nogil=True, error_model="numpy")
def normalise(w: NDArray, total: float, w_min: float, w_max: float) -> None:
    """Scale every output's weights to a sum of absolute values of ``total``, then keep the bounds; in place."""
    scale = np.zeros(w.shape[1], w.dtype)
    for i in range(w.shape[0]):
        row = w[i]
        for j in range(row.shape[0]):
            scale[j] += abs(row[j])
    for j in range(scale.shape[0]):
        # An output without any weight has nothing that could be scaled.
        scale[j] = total / scale[j] if scale[j] > 0 else scale[j] + 1
    for i in range(w.shape[0]):
        row = w[i]
        for j in range(row.shape[0]):
            row[j] = min(max(row[j] * scale[j], w_min), w_max)
