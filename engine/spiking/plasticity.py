"""Rules by which synapses change, each with its equation; the network applies them, in the order that it documents."""

import math
from dataclasses import dataclass

from engine.errors import DataError
from engine.spiking.neuron import finite, positive


@dataclass(frozen=True)
class PairSTDP:
    """Spike-timing-dependent plasticity of pairs of spikes, on two traces.

    With Δt the time from an input's spike to an output's: ``Δw = a_pre exp(-Δt / tau_pre)`` for Δt > 0 and
    ``Δw = a_post exp(Δt / tau_post)`` for Δt < 0; 0 at Δt = 0. An input's spike raises its trace by ``a_pre``, which
    every later spike of an output adds to the weight; an output's spike raises its trace by ``a_post`` likewise.
    Source: Song, Miller and Abbott (2000, doi 10.1038/78829); on traces: Morrison, Diesmann and Gerstner (2008, doi
    10.1007/s00422-008-0233-1).

    Attributes
    ----------
    a_pre, a_post
        What a pair without delay would change, in units of the weight; ``a_post`` below 0 depresses.
    tau_pre_ms, tau_post_ms
        Time constants of the traces in ms.
    w_min, w_max
        Bounds of the weights, kept after every change.
    nearest
        Whether only the nearest spike counts (a spike sets its trace instead of adding to it), not all of them.

    Examples
    --------
    An output that fires 10 ms after its input strengthens the synapse by a_pre exp(-10 / 20):

    >>> import numpy as np
    >>> from engine.spiking import Network, Raster
    >>> network = Network(np.array([[0.5], [0.5]]), gain_mv=60.0, stdp=PairSTDP(a_pre=0.01, tau_pre_ms=20.0))
    >>> network.weights[:] = [[0.1], [0.9]]
    >>> network.run(Raster.of([0, 9], [0, 1], steps=15, neurons=2)).step.tolist()
    [10]
    >>> float(network.weights[0, 0].round(5)), round(0.1 + 0.01 * math.exp(-10 / 20), 5)
    (0.10607, 0.10607)
    """

    a_pre: float = 0.005
    a_post: float = -0.002
    tau_pre_ms: float = 20.0
    tau_post_ms: float = 20.0
    w_min: float = 0.001
    w_max: float = 1.0
    nearest: bool = False

    def check(self) -> None:
        """Refuse what cannot be, with the field and its value.

        Raises
        ------
        DataError
            For numbers that are not finite, time constants of 0 or below, or bounds in the wrong order.
        """
        for name in ("a_pre", "a_post"):
            finite(name, getattr(self, name))
        positive("tau_pre_ms", self.tau_pre_ms)
        positive("tau_post_ms", self.tau_post_ms)
        check_bounds(self.w_min, self.w_max)


@dataclass(frozen=True)
class ThreeFactor:
    """Learning that waits for a third signal: each synapse remembers for a while what it might change.

    ``tau_e de_ij/dt = -e_ij + tau_e c_ij(t)``, and when a signal M comes, ``Δw_ij = rate M_j e_ij``, then the bounds.
    M_j is an error of each output (what it should have done less what it did) or one reward for all.

    Two kinds of eligibility: with ``hebbian``, c_ij is what pair STDP would have changed at once (reward-modulated
    STDP: Izhikevich 2007, doi 10.1093/cercor/bhl152; Frémaux and Gerstner 2016, doi 10.3389/fncir.2015.00085). Without,
    c_ij is the input's trace alone, and with an error for each output that is the delta rule of a spiking readout
    (Widrow and Hoff 1960; e-prop's rule for output synapses: Bellec et al. 2020, doi 10.1038/s41467-020-17236-y).

    Attributes
    ----------
    stdp
        The traces, the pairs' changes and the bounds.
    rate
        Of learning, per unit of the signal.
    tau_e_ms
        Time constant of the eligibility in ms; infinite: it stays until it is cleared.
    hebbian
        Whether the outputs' spikes count for the eligibility.
    """

    stdp: PairSTDP = PairSTDP(a_pre=1.0, a_post=0.0, w_min=-1.0, w_max=1.0)
    rate: float = 1e-3
    tau_e_ms: float = math.inf
    hebbian: bool = False

    def check(self) -> None:
        """Refuse what cannot be, with the field and its value.

        Raises
        ------
        DataError
            As for the STDP; for a rate that is not finite, or a time constant that is not above 0.
        """
        self.stdp.check()
        finite("rate", self.rate)
        if not self.tau_e_ms > 0:
            raise DataError(f"tau_e_ms is {self.tau_e_ms:g}.", "Give a number above 0, or infinity.")


@dataclass(frozen=True)
class L1:
    """Normalisation of every output's weights: ``w_ij <- w_ij S / sum_k |w_kj|``, then the bounds.

    Attributes
    ----------
    sum
        S, in units of the weight.
    every_ms
        How long after one normalisation the next one comes; the first is before the start.
    """

    sum: float = 10.0
    every_ms: float = 100.0

    def check(self) -> None:
        """Refuse a sum or an interval of 0 or below.

        Raises
        ------
        DataError
            With the field and its value.
        """
        positive("sum", self.sum)
        positive("every_ms", self.every_ms)


def check_bounds(w_min: float, w_max: float) -> None:
    """Refuse bounds that no weight can keep.

    Raises
    ------
    DataError
        With both values.
    """
    finite("w_min", w_min)
    finite("w_max", w_max)
    if w_min > w_max:
        raise DataError(f"w_min is {w_min:g}, above w_max, {w_max:g}.", "Give bounds in the right order.")
