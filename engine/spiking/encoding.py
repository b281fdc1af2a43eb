"""What turns numbers into spikes: rates or strengths in, a raster out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.spiking.neuron import positive
from engine.spiking.raster import Raster


@dataclass(frozen=True)
class OnOff:
    """How far features lie above (ON) or below (OFF) some thresholds, each as a strength of 0 or above.

    With one threshold, what is usual, that is a feature's sign and size. With several of them, a population of inputs
    speaks for each feature, and what reads them can bend its answer at every threshold (Pouget, Dayan and Zemel 2000,
    doi 10.1038/35039062).

    Attributes
    ----------
    mean, deviation
        (d,) what is usual.
    most
        Number of standard deviations from the mean at which a feature ends.
    thresholds
        Where the inputs begin to speak, in standard deviations from the mean.

    Examples
    --------
    >>> import numpy as np
    >>> OnOff.of(np.array([[0.0], [2.0]])).strengths(np.array([[0.0], [3.0]]))
    array([[0., 1.],
           [2., 0.]])
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    most: float = 3.0
    thresholds: tuple[float, ...] = (0.0,)

    @classmethod
    def of(cls, features: NDArray, most: float = 3.0, thresholds: tuple[float, ...] = (0.0,)) -> "OnOff":
        """Learn what is usual from (n, d) features.

        Raises
        ------
        DataError
            For another shape, no row, or a number that is not finite.
        """
        features = np.asarray(features, np.float64)
        if features.ndim != 2 or not len(features) or not np.isfinite(features).all():
            raise DataError(f"The features have the shape {features.shape}.", "Give a finite row for each picture.")
        deviation = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(deviation > 0, deviation, 1), most, tuple(thresholds))

    @property
    def inputs(self) -> int:
        """How many strengths there are of one picture."""
        return 2 * len(self.thresholds) * len(self.mean)

    def strengths(self, features: NDArray) -> NDArray[np.float64]:
        """Return the strengths in standard deviations: (..., d) to (..., inputs).

        First ON for each threshold, then OFF for each; (..., d) of every kind.
        """
        off_by = np.clip((np.asarray(features) - self.mean) / self.deviation, -self.most, self.most)
        over = [off_by - threshold for threshold in self.thresholds]
        return np.maximum(np.concatenate([*over, *(-above for above in over)], axis=-1), 0)


def poisson(rates_hz: NDArray, steps: int, dt_ms: float = 1.0, *, seed: int = 0) -> Raster:
    """Draw spikes of which each comes by chance, independently of the others.

    In each step a neuron spikes with the probability 1 - exp(-rate × dt), that of at least one event of a Poisson
    process; the same seed gives the same spikes.

    Parameters
    ----------
    rates_hz
        (n,) in spikes a second, 0 or above.
    steps, dt_ms
        How many steps, and their length in ms.
    seed
        Of the draws.

    Raises
    ------
    DataError
        For a rate that is negative or not finite, or a step that is not above 0.

    Examples
    --------
    >>> import numpy as np
    >>> poisson(np.array([100.0]), steps=1000, seed=0).counts()
    array([89])
    """
    rates = _checked("rates_hz", rates_hz)
    positive("dt_ms", dt_ms)
    chance = -np.expm1(-rates * dt_ms / 1000)
    return Raster.of_table(np.random.default_rng(seed).random((steps, len(rates))) < chance)


def regular(rates_hz: NDArray, steps: int, dt_ms: float = 1.0) -> Raster:
    """Return evenly spaced spikes: after every time t a neuron has spiked floor(rate × t) times.

    Parameters and errors as in `poisson`; at most one spike a step, so that a higher rate is one a step.

    Examples
    --------
    >>> import numpy as np
    >>> spikes = regular(np.array([100.0, 50.0]), steps=40)
    >>> list(zip(spikes.step.tolist(), spikes.neuron.tolist()))
    [(9, 0), (19, 0), (19, 1), (29, 0), (39, 0), (39, 1)]
    """
    rates = _checked("rates_hz", rates_hz)
    positive("dt_ms", dt_ms)
    a_step = np.minimum(rates * dt_ms / 1000, 1.0)
    # A little more than 0, so that a count that is whole is not missed by a rounding.
    counts = np.floor(steps * a_step + 1e-9).astype(np.int64)
    neuron = np.repeat(np.arange(len(rates), dtype=np.int32), counts)
    ordinal = np.arange(len(neuron)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    step = np.ceil((ordinal - 1e-9) / a_step[neuron]).astype(np.int32) - 1
    order = np.argsort(step, kind="stable")
    return Raster(step[order].astype(np.int64), neuron[order], steps, len(rates))


class RegularSpikes:
    """Spikes as `regular` spaces them, that go on where they ended when rates change.

    Parameters
    ----------
    neurons
        How many there are.
    dt_ms
        Length of a step.
    """

    def __init__(self, neurons: int, dt_ms: float = 1.0) -> None:
        positive("dt_ms", dt_ms)
        self._dt_ms = dt_ms
        self._due = np.zeros(neurons)  # how much of its next spike each neuron has on it

    def rest(self) -> None:
        """Begin anew: no neuron is anywhere near its next spike."""
        self._due[:] = 0

    def next(self, rates_hz: NDArray, steps: int) -> Raster:
        """Return the spikes of the next steps, 1 or more, with these rates, (neurons,); errors as in `poisson`."""
        rates = _checked("rates_hz", rates_hz)
        if rates.shape != self._due.shape:
            raise DataError(f"There are {len(rates)} rates for {len(self._due)} inputs.", "Give one an input.")
        a_step = np.minimum(rates * self._dt_ms / 1000, 1.0)
        counts = np.floor(self._due + a_step * np.arange(steps + 1)[:, None] + 1e-9)
        self._due += a_step * steps - counts[-1]
        step, neuron = np.nonzero(np.diff(counts, axis=0))
        return Raster(step, neuron.astype(np.int32), steps, len(rates))


def rates(strengths: NDArray, max_rate_hz: float) -> NDArray[np.float64]:
    """Return rates proportional to strengths, the strongest one ``max_rate_hz``; all 0 where none is above 0."""
    strengths = _checked("strengths", strengths)
    positive("max_rate_hz", max_rate_hz)
    strongest = strengths.max(initial=0)
    return strengths * (max_rate_hz / strongest) if strongest > 0 else strengths


def _checked(name: str, values: NDArray) -> NDArray[np.float64]:
    values = np.asarray(values, np.float64).ravel()
    bad = np.flatnonzero(~((values >= 0) & np.isfinite(values)))
    if len(bad):
        raise DataError(f"{name}[{bad[0]}] is {values[bad[0]]:g}.", "Give finite numbers of 0 or above.")
    return values
