"""What one speed measurement says, and many of them as a Markdown table, which also reads well as plain text."""

import os
import platform
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

_HEAD = ("what", "ours", "alternative", "times as fast", "target", "result")


@cache
def describe_machine() -> str:
    """Return processor, usable cores, system and Python: ``"Intel(R) Xeon(R), 2 cores, Linux, Python 3.11.7"``."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


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
    machine: str = field(default_factory=describe_machine)

    @classmethod
    def missing(cls, name: str, why: str) -> Self:
        """Return a measurement that could not be made."""
        return cls(name, "", None, "", None, None, "", None, (0, 0), f"not measured: {why}")


@dataclass(frozen=True)
class Comparison:
    """Two contestants' values, less is better.

    Attributes
    ----------
    ours, theirs
        Medians, of times in seconds; theirs is None where there is no alternative, or it could not be measured.
    repetitions
        Runs behind each.
    name
        What the alternative is: names and versions.
    missing
        Why it could not be measured, as the end of a note; empty where it was.
    """

    ours: float
    theirs: float | None
    repetitions: tuple[int, int]
    name: str = ""
    missing: str = ""

    def measurement(
        self,
        what: str,
        unit: str,
        per_second: float = 1.0,
        *,
        at_most: float | None = None,
        times_as_fast: float | None = None,
        note: str = "",
    ) -> Measurement:
        """Work out the ratio and judge it.

        Parameters
        ----------
        what
            What was measured.
        unit, per_second
            Unit of the measurement's values, and how many of it one of ours is.
        at_most
            Target for our value itself, in `unit`.
        times_as_fast
            Target for the ratio; only one of the two may be given.
        note
            What a reader has to know besides.

        Raises
        ------
        ValueError
            If there are two targets.
        """
        if at_most is not None and times_as_fast is not None:
            raise ValueError(f"Expected one target. Received at_most={at_most} and times_as_fast={times_as_fast}.")
        ours, theirs = self.ours * per_second, None if self.theirs is None else self.theirs * per_second
        ratio = None if theirs is None else theirs / ours
        target, met = "", None
        if at_most is not None:
            target, met = f"at most {at_most:g} {unit}", ours <= at_most
        elif times_as_fast is not None:
            target = f"at least {times_as_fast:g} times as fast"
            met = None if ratio is None else ratio >= times_as_fast
        note = "; ".join(filter(None, (note, self.missing)))
        return Measurement(what, unit, ours, self.name, theirs, ratio, target, met, self.repetitions, note)


def format_table(measurements: list[Measurement]) -> str:
    """Return the machine, a table with a line a measurement, and the notes below it.

    Parameters
    ----------
    measurements
        As `engine.bench.run` returns them.

    Returns
    -------
    str
        Markdown, without a line break at the end.
    """
    rows = [_HEAD, *(_cells(measurement) for measurement in measurements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [f"- {measurement.name}: {note}" for measurement in measurements if (note := _note(measurement))]
    machines = dict.fromkeys(measurement.machine for measurement in measurements)
    return "\n".join([*machines, "", *lines, *([""] if notes else []), *notes])


def _cells(measurement: Measurement) -> tuple[str, ...]:
    def value(number: float | None) -> str:
        return "" if number is None else f"{number:.3g} {measurement.unit}"

    alternative = measurement.alternative_name
    if alternative:
        alternative += f": {value(measurement.alternative_value) or 'not available'}"
    if measurement.met is None:
        result = "not measured" if measurement.target or measurement.ours is None else ""
    else:
        result = "met" if measurement.met else "missed"
    ratio = "" if measurement.ratio is None else f"{measurement.ratio:.3g}"
    return measurement.name, value(measurement.ours), alternative, ratio, measurement.target, result


def _note(measurement: Measurement) -> str:
    parts = [measurement.note] if measurement.note else []
    if measurement.ours is not None:
        parts.append("medians of {} and {} repetitions".format(*measurement.repetitions))
    return "; ".join(parts)
