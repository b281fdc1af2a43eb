"""Two contestants, timed in turns."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from engine.bench.measurement import Measurement

Times = Callable[[int], list[float]]
"""Runs a contestant so many times, one after the other, and returns the seconds of each run."""

REST_S = 0.1
"""Pause before a turn: idle threads of ONNX Runtime keep a core busy for some time, which would slow the other side."""


def stopwatch(work: Callable[[], object]) -> Times:
    """Return a contestant that calls `work` in this process."""

    def times(count: int) -> list[float]:
        taken = []
        for _ in range(count):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
        return taken

    return times


@dataclass(frozen=True)
class Comparison:
    """Two contestants' times.

    Attributes
    ----------
    ours, theirs
        Medians in seconds; theirs is None where there is no alternative, or it could not be measured.
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
        self, what: str, unit: str, per_second: float = 1.0, *, note: str = "", **target: float | None
    ) -> Measurement:
        """Return what was measured, in a unit of which a second has so many; targets as `Measurement.compare` has."""
        theirs = None if self.theirs is None else self.theirs * per_second
        return Measurement.compare(
            what,
            unit,
            self.ours * per_second,
            self.name,
            theirs,
            repetitions=self.repetitions,
            note="; ".join(filter(None, (note, self.missing))),
            **target,
        )


def alternate(
    ours: Times, theirs: Times | None, name: str = "", *, rounds: int, each: tuple[int, int], rest: float = REST_S
) -> Comparison:
    """Time both in turns, ours first, so that whatever else the machine does falls on both.

    Parameters
    ----------
    ours, theirs
        The contestants; None for an alternative that is not available.
    name
        What the alternative is.
    rounds
        Number of turns of each, after one for warming up that does not count.
    each
        Runs in a turn of ours and of theirs.
    rest
        Pause before each turn in seconds.
    """
    our_times: list[float] = []
    their_times: list[float] = []
    for turn in range(-1, rounds):
        for contestant, count, times in ((ours, each[0], our_times), (theirs, each[1], their_times)):
            if contestant is None:
                continue
            time.sleep(rest)
            taken = contestant(count)
            if turn >= 0:
                times += taken
    repetitions = len(our_times), len(their_times)
    return Comparison(median(our_times), median(their_times) if their_times else None, repetitions, name)
