"""What one speed measurement says."""

from dataclasses import dataclass, field
from typing import Self

from engine.bench.machine import describe


@dataclass(frozen=True)
class Measurement:
    """One figure: ours, an alternative's, and whether ours reaches its target.

    Attributes
    ----------
    name
        What was measured.
    unit
        Unit of both values, such as ``"ms"``; less is better.
    ours
        Median of our times, None where nothing was measured.
    alternative_name
        What ours is compared with, by name and version.
    alternative_value
        Median of its times, None where it was not available.
    ratio
        How many times as fast as the alternative ours is, None without an alternative.
    target
        The target in words, empty where there is none.
    met
        Whether the target is reached, None where there is none or it could not be told.
    repetitions
        How often ours and the alternative were timed, warm-ups not counted.
    note
        What a reader has to know besides: why something is missing, what exactly was compared.
    machine
        Where it was measured.
    """

    name: str
    unit: str
    ours: float | None
    alternative_name: str
    alternative_value: float | None
    ratio: float | None
    target: str
    met: bool | None
    repetitions: tuple[int, int]
    note: str = ""
    machine: str = field(default_factory=describe)

    @classmethod
    def compare(
        cls,
        name: str,
        unit: str,
        ours: float,
        alternative_name: str,
        alternative_value: float | None,
        *,
        repetitions: tuple[int, int],
        at_most: float | None = None,
        times_as_fast: float | None = None,
        note: str = "",
    ) -> Self:
        """Work out the ratio and judge it.

        Parameters
        ----------
        at_most
            Target for our value itself, in `unit`.
        times_as_fast
            Target for the ratio; only one of the two may be given.
        """
        if at_most is not None and times_as_fast is not None:
            raise ValueError(f"Expected one target. Received at_most={at_most} and times_as_fast={times_as_fast}.")
        ratio = None if alternative_value is None else alternative_value / ours
        target, met = "", None
        if at_most is not None:
            target, met = f"at most {at_most:g} {unit}", ours <= at_most
        elif times_as_fast is not None:
            target = f"at least {times_as_fast:g} times as fast"
            met = None if ratio is None else ratio >= times_as_fast
        return cls(name, unit, ours, alternative_name, alternative_value, ratio, target, met, repetitions, note)

    @classmethod
    def missing(cls, name: str, why: str) -> Self:
        """Return a measurement that could not be made."""
        return cls(name, "", None, "", None, None, "", None, (0, 0), f"not measured: {why}")
