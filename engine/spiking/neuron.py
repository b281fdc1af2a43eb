"""The leaky integrate-and-fire neuron: its constants, and what they imply in closed form."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError


@dataclass(frozen=True)
class Neuron:
    """Constants of leaky integrate-and-fire neurons, ``tau_m dV/dt = -(V - E_L) + R I``.

    The defaults are those of the published network (github.com/galihru/NeuromorphicRecognitionComputing).

    Attributes
    ----------
    tau_m_ms
        Membrane time constant in ms: one, or one a neuron.
    e_l_mv, v_th_mv, v_r_mv
        Resting potential, threshold and reset in mV. A neuron fires where its potential is **above** the threshold.
    t_ref_ms
        How long a neuron is held at its reset after it fired, in ms, counted from the step in which it fired.
    theta_plus_mv, tau_theta_ms
        By how much each spike raises a neuron's own threshold in mV, and the time constant in ms with which that falls
        back; 0 for a fixed threshold. Source: Diehl and Cook (2015, doi 10.3389/fncom.2015.00099).

    Examples
    --------
    Driven at twice its rheobase, 40 mV, it fires every 18 steps of 1 ms:

    >>> Neuron().interval_steps(40.0, dt_ms=1.0)
    18
    >>> round(Neuron().rate_hz(40.0), 1)
    54.9
    >>> Neuron().interval_steps(20.0, dt_ms=1.0) is None
    True
    """

    tau_m_ms: float | Sequence[float] = 20.0
    e_l_mv: float = -70.0
    v_th_mv: float = -50.0
    v_r_mv: float = -75.0
    t_ref_ms: float = 2.0
    theta_plus_mv: float = 0.0
    tau_theta_ms: float = 1e5

    def check(self, dt_ms: float) -> None:
        """Refuse what no neuron can have, and a time step that does not go with it.

        Raises
        ------
        DataError
            With the field, its value and what is allowed.
        """
        positive("dt_ms", dt_ms)
        for value in np.ravel(self.tau_m_ms):
            positive("tau_ms", float(value))
        positive("tau_theta_ms", self.tau_theta_ms)
        for name in ("e_l_mv", "v_th_mv", "v_r_mv"):
            finite(name, getattr(self, name))
        not_negative("theta_plus_mv", self.theta_plus_mv)
        not_negative("t_ref_ms", self.t_ref_ms)
        if self.v_r_mv > self.v_th_mv:
            raise DataError(
                f"v_r_mv is {self.v_r_mv:g}, above v_th_mv, {self.v_th_mv:g}.",
                "A neuron must be reset to its threshold or below, or it would fire for ever.",
            )
        if 0 < self.t_ref_ms < dt_ms:
            raise DataError(
                f"dt_ms is {dt_ms:g}, longer than t_ref_ms, {self.t_ref_ms:g}.",
                "Use a time step of at most the refractory time, or no refractory time.",
            )
        whole_steps("t_ref_ms", self.t_ref_ms, dt_ms)

    def interval_steps(self, drive_mv: float, dt_ms: float) -> int | None:
        """Return after how many steps a neuron fires again under a constant drive; None where it never does.

        Parameters
        ----------
        drive_mv
            R I in mV.
        dt_ms
            Length of a step.

        Notes
        -----
        (ceil(tau ln((E + RI - V_r) / (E + RI - V_th)) / dt) - 1) + t_ref / dt: it fires in the first step that ends
        above the threshold, and the step in which it fired counts among those of the refractory time. The threshold
        does not adapt.
        """
        rise_ms = self._rise_ms(drive_mv)
        if math.isinf(rise_ms):
            return None
        held = max(1, whole_steps("t_ref_ms", self.t_ref_ms, dt_ms))
        return math.ceil(rise_ms / dt_ms) - 1 + held

    def rate_hz(self, drive_mv: float) -> float:
        """Return the firing rate in Hz under a constant drive R I in mV, in continuous time."""
        return 1000 / (self._rise_ms(drive_mv) + self.t_ref_ms)

    def _rise_ms(self, drive_mv: float) -> float:
        """Return how long a potential takes from the reset to the threshold; infinite where it never gets there."""
        target = self.e_l_mv + drive_mv
        if target <= self.v_th_mv:
            return math.inf
        tau_ms = np.asarray(self.tau_m_ms, np.float64).item()
        return tau_ms * math.log((target - self.v_r_mv) / (target - self.v_th_mv))


def decay(tau_ms: float | Sequence[float] | np.ndarray, dt_ms: float) -> np.ndarray:
    """Return what an exponential keeps of itself over a step, exp(-dt / tau): exact for any step."""
    return np.exp(-dt_ms / np.asarray(tau_ms, np.float64))


def whole_steps(name: str, duration_ms: float, dt_ms: float) -> int:
    """Return how many steps a duration takes.

    Raises
    ------
    DataError
        Where it is no whole number of steps.
    """
    if not math.isfinite(duration_ms / dt_ms):
        raise DataError(f"{name} is {duration_ms:g} ms, too many steps of {dt_ms:g} ms.", "Take longer steps.")
    steps = round(duration_ms / dt_ms)
    if not math.isclose(steps * dt_ms, duration_ms, rel_tol=1e-6, abs_tol=1e-9):
        raise DataError(
            f"{name} is {duration_ms:g} ms, which is no whole number of steps of {dt_ms:g} ms.",
            f"Use a multiple of {dt_ms:g}, such as {max(1, steps) * dt_ms:g}.",
        )
    return steps


def finite(name: str, value: float) -> None:
    """Refuse what is not a finite number."""
    if not math.isfinite(value):
        raise DataError(f"{name} is {value}.", "Give a finite number.")


def positive(name: str, value: float) -> None:
    """Refuse what is not finite and above 0."""
    if not (math.isfinite(value) and value > 0):
        raise DataError(f"{name} is {value:g}.", "Give a finite number above 0.")


def not_negative(name: str, value: float) -> None:
    """Refuse what is not finite or below 0."""
    if not (math.isfinite(value) and value >= 0):
        raise DataError(f"{name} is {value:g}.", "Give a finite number of 0 or above.")
