"""Two contestants, timed in turns."""

import time
from collections.abc import Callable
from statistics import median

from engine.bench.measurement import Comparison

Times = Callable[[int], list[float]]
"""Runs a contestant so many times, one after the other, and returns the seconds of each run."""

REST_S = 0.1
"""Pause before a turn: idle threads of ONNX Runtime keep a core busy for some time, which would slow the other side."""


def stopwatch(work: Callable[[], object]) -> Times:
    """Return a contestant that calls `work` in this process; where that returns a float, these are its seconds."""

    def times(count: int) -> list[float]:
        taken = []
        for _ in range(count):
            start = time.perf_counter()
            own = work()
            taken.append(own if isinstance(own, float) else time.perf_counter() - start)
        return taken

    return times


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
