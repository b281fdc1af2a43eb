"""Measurements as a Markdown table, which also reads well as plain text."""

from engine.bench.measurement import Measurement

_HEAD = ("what", "ours", "alternative", "times as fast", "target", "result")


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
    alternative = measurement.alternative_name
    if measurement.alternative_value is not None:
        alternative += f": {_value(measurement.alternative_value, measurement.unit)}"
    elif alternative:
        alternative += ": not available"
    return (
        measurement.name,
        "" if measurement.ours is None else _value(measurement.ours, measurement.unit),
        alternative,
        "" if measurement.ratio is None else f"{measurement.ratio:.3g}",
        measurement.target,
        _result(measurement),
    )


def _value(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}"


def _result(measurement: Measurement) -> str:
    if measurement.met is None:
        return "not measured" if measurement.target or measurement.ours is None else ""
    return "met" if measurement.met else "missed"


def _note(measurement: Measurement) -> str:
    parts = [measurement.note] if measurement.note else []
    if measurement.ours is not None:
        parts.append("medians of {} and {} repetitions".format(*measurement.repetitions))
    return "; ".join(parts)
