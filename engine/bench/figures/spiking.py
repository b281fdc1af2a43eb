"""Plastic spiking networks, seconds a simulated second, beside Brian2's C++ standalone on the same input spikes."""

import tempfile
from pathlib import Path

import numpy as np

from engine.bench.measurement import Measurement
from engine.bench.peer import Alternative, compare
from engine.bench.timing import stopwatch
from engine.spiking import L1, Network, Neuron, PairSTDP, Raster
from engine.spiking.encoding import poisson

PACKAGES = ("brian2==2.9.0", "numpy==2.2.6", "sympy==1.14.0", "mpmath==1.3.0", "pyparsing==3.2.5", "py-cpuinfo==9.0.0")
"""What the alternative needs besides our environment: it calls a method that NumPy 2.4 no longer has."""
ALTERNATIVE = Alternative("Brian2 2.9.0", "engine.bench.peers.brian2_network", PACKAGES, patience=300)
SECONDS = 5
RATE_HZ = 20.0
NEURON = Neuron(tau_m_ms=20.0, e_l_mv=-70.0, v_th_mv=-55.0, v_r_mv=-75.0, t_ref_ms=2.0)
STDP = PairSTDP(0.005, -0.002, 20.0, 20.0, 0.001, 1.0)
INHIBITION_MV = 5.0
SIZES = {(1600, 400): 0.002, (400, 100): 0.0004, (1600, 7): 0.0004}
"""The target, by numbers of inputs and outputs."""


def measure() -> list[Measurement]:
    """Time each size."""
    with tempfile.TemporaryDirectory() as folder:
        return [_measure(inputs, outputs, at_most, Path(folder)) for (inputs, outputs), at_most in SIZES.items()]


def gain_mv(inputs: int) -> float:
    """Return a gain at which the outputs, which compete, fire some sixty times a second together."""
    return 1600 / inputs * 0.3


def built(inputs: int, outputs: int) -> Network:
    """Return the network as it starts."""
    weights = np.random.default_rng(0).uniform(0.001, 0.2, (inputs, outputs)).astype(np.float32)
    return Network(
        weights,
        NEURON,
        gain_mv=gain_mv(inputs),
        inhibition_mv=INHIBITION_MV,
        winner_take_all=True,
        stdp=STDP,
        l1=L1(0.1 * inputs, 100.0),
    )


def input_spikes(inputs: int) -> Raster:
    """Return Poisson spikes for all the seconds that are simulated."""
    return poisson(np.full(inputs, RATE_HZ), SECONDS * 1000, seed=1)


def _measure(inputs: int, outputs: int, at_most: float, folder: Path) -> Measurement:
    network, spikes = built(inputs, outputs), input_spikes(inputs)
    fired = len(network.run(spikes))
    note = f"ours: {fired / SECONDS / outputs:.1f} spikes a second and output, winner-take-all, L1 every 100 ms"

    file = folder / f"spikes-{inputs}.npz"
    np.savez(file, step=spikes.step, neuron=spikes.neuron)
    arguments = [str(file), str(inputs), str(outputs)]
    timed = compare(stopwatch(lambda: network.run(spikes)), ALTERNATIVE, arguments, rounds=5, each=(5, 1))
    what = f"spiking, {inputs} to {outputs}, STDP"
    return timed.measurement(what, "s a simulated second", 1 / SECONDS, at_most=at_most, note=note)
