"""The compiled loop behind `engine.spiking.network`: it trusts its arguments, the network checks them.

Everything is driven by spikes: a step without any costs only the decays. Weights lie with an input's synapses side by
side, since inputs spike far more often than outputs; the inner loops then run over neighbours in memory, without a
branch, so that the compiler can use its vector units.
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
    the weights' bounds, the L1 sum and what the eligibility keeps. ``held_steps`` is how many steps after the one in
    which it fired an output is held, ``done`` how many steps the network had done before. ``mode`` is one of those
    above; ``e``, (inputs, outputs), or (inputs, 1) where the outputs do not count, holds the eligibility.
    """
    gain, inhibition, v_th, v_r = constants[0], constants[1], constants[2], constants[3]
    keeps_theta, theta_plus = constants[4], constants[5]
    keeps_pre, keeps_post, a_pre, a_post = constants[6], constants[7], constants[8], constants[9]
    w_min, w_max, l1_sum, keeps_e = constants[10], constants[11], constants[12], constants[13]
    plastic, learns = mode != STILL, mode == STDP
    outputs = v.shape[0]
    nothing, one = w.dtype.type(0), w.dtype.type(1)
    # Pairs are remembered as if nothing faded, enlarged by what has faded since; one pass at the end makes up for it.
    grown = one
    listens = np.empty(outputs, w.dtype)
    firing = np.empty(outputs, np.int32)
    spiking = np.zeros(w.shape[0], np.bool_)
    written = 0
    for step in range(steps):
        # 1. Exact decay over one step; a neuron that is held stays where it is.
        for j in range(outputs):
            free = held[j] == 0
            listens[j] = one if free else nothing
            v[j] = drive[j] + (v[j] - drive[j]) * keeps_v[j] if free else v[j]
            held[j] = held[j] - 1 if held[j] > 0 else 0
        if theta_plus > nothing:
            for j in range(outputs):
                theta[j] *= keeps_theta
        if plastic:
            for i in range(x_pre.shape[0]):
                x_pre[i] *= keeps_pre
            for j in range(outputs):
                x_post[j] *= keeps_post
        # 2. Who fires.
        count = 0
        for j in range(outputs):
            if listens[j] > nothing and v[j] > v_th + theta[j]:
                firing[count] = j
                count += 1
        if winner_take_all and count > 1:
            best = firing[0]
            for n in range(1, count):
                j = firing[n]
                if v[j] - theta[j] > v[best] - theta[best]:
                    best = j
            firing[0] = best
            count = 1
        for n in range(count):
            listens[firing[n]] = nothing
        # 3. Inputs reach whoever listens; synapses change by the traces as they were before this step.
        begin, end = starts[step], starts[step + 1]
        if learns and count == 0:
            for n in range(begin, end):
                row = w[inputs[n]]
                for j in range(outputs):
                    weight = row[j]
                    v[j] += gain * weight * listens[j]
                    row[j] = min(max(weight + x_post[j], w_min), w_max)
        else:
            for n in range(begin, end):
                row = w[inputs[n]]
                for j in range(outputs):
                    v[j] += gain * row[j] * listens[j]
        if learns and count > 0:
            _learn(w, inputs[begin:end], firing[:count], spiking, x_pre, x_post, w_min, w_max)
        if mode == PAIRS:
            grown /= keeps_e
            for n in range(begin, end):
                row = e[inputs[n]]
                for j in range(outputs):
                    row[j] += grown * x_post[j]
            for n in range(count):
                j = firing[n]
                for i in range(e.shape[0]):
                    e[i, j] += grown * x_pre[i]
        elif mode == INPUTS:
            for i in range(e.shape[0]):
                e[i, 0] = e[i, 0] * keeps_e + x_pre[i]
        if plastic:
            for n in range(begin, end):
                i = inputs[n]
                x_pre[i] = a_pre if nearest else x_pre[i] + a_pre
            for n in range(count):
                j = firing[n]
                x_post[j] = a_post if nearest else x_post[j] + a_post
        # 4. Each one that fires lowers all others that listen.
        if count > 0:
            lowered = inhibition * w.dtype.type(count)
            for j in range(outputs):
                v[j] -= lowered * listens[j]
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
