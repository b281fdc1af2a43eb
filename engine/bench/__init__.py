"""Speed, always beside a named alternative that is measured in the same run.

A time alone says as much about the machine as about the code. So every figure alternates between ours and the
alternative, compares the medians, and names machine and repetitions.
"""

import pkgutil
import sys
from importlib import import_module
from pathlib import Path

from engine.bench.measurement import Measurement, format_table
from engine.errors import UserError

__all__ = ["FIGURES", "Measurement", "format_table", "run"]

FIGURES = tuple(sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent / "figures")])))
"""Each is a module whose function ``measure`` returns its measurements; it is imported when its turn comes."""


def run(only: str | None = None) -> list[Measurement]:
    """Measure the figures, one after the other.

    A figure that cannot be measured becomes a measurement without values whose note says why; the others go on.

    Parameters
    ----------
    only
        Measure only the figures with this in their name, None for all.

    Returns
    -------
    list of Measurement
        One or more a figure.

    Raises
    ------
    UserError
        If no figure has `only` in its name.
    """
    chosen = [name for name in FIGURES if only is None or only in name]
    if not chosen:
        raise UserError(f"No speed figure has {only!r} in its name.", f"There are: {', '.join(FIGURES)}.")
    measurements = []
    for name in chosen:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        try:
            measurements += import_module(f"engine.bench.figures.{name}").measure()
        except Exception as error:  # whatever one figure meets, the others are still wanted
            measurements.append(Measurement.missing(name, f"{type(error).__name__}: {error}"))
    return measurements
