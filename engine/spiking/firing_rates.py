"""How fast a neuron fires under constant drives: simulated, and in closed form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.raster import Raster

_CURVE_MS, _CURVE_STEPS, _CURVE_DRIVES = 2_000.0, 20_000, 61


@dataclass(frozen=True)
class FiringRates:
    """How fast a neuron fires under constant drives, three times over.

    Attributes
    ----------
    drive_mv
        (drives,) R I.
    simulated_hz
        (drives,) from the intervals between simulated spikes; NaN where there were fewer than two in the time.
    steps_hz
        (drives,) in closed form for whole steps, 0 where it never fires.
    closed_hz
        (drives,) in closed form for continuous time.
    """

    drive_mv: NDArray[np.float64]
    simulated_hz: NDArray[np.float64]
    steps_hz: NDArray[np.float64]
    closed_hz: NDArray[np.float64]


def firing_rates(neuron: Neuron, dt_ms: float) -> FiringRates:
    """Simulate a neuron under drives of 0 to three times the weakest that makes it fire, beside its closed forms.

    Parameters
    ----------
    neuron
        Without adaptation.
    dt_ms
        Length of a step.

    Raises
    ------
    DataError
        For constants that cannot be.
    """
    neuron.check(dt_ms)
    # A neuron that fires without any drive is shown over a span of its own.
    span = neuron.v_th_mv - neuron.e_l_mv
    drive = np.linspace(0, 3 * span if span > 0 else 50, _CURVE_DRIVES)
    steps = int(min(_CURVE_STEPS, max(1, round(_CURVE_MS / dt_ms))))
    network = Network(np.zeros((1, len(drive))), neuron, dt_ms=dt_ms)
    spikes = network.run(Raster.of([], [], steps, 1), current_mv=drive)
    simulated = np.full(len(drive), np.nan)
    for at in range(len(drive)):
        step = spikes.step[spikes.neuron == at]
        if len(step) > 1:
            simulated[at] = 1000 * (len(step) - 1) / ((step[-1] - step[0]) * dt_ms)
        elif neuron.interval_steps(drive[at], dt_ms) is None:
            simulated[at] = 0
    intervals = [neuron.interval_steps(each, dt_ms) for each in drive]
    return FiringRates(
        drive,
        simulated,
        np.array([0.0 if each is None else 1000 / (each * dt_ms) for each in intervals]),
        np.array([neuron.rate_hz(each) for each in drive]),
    )
