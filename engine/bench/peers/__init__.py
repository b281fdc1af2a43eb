"""The alternatives that run in a process of their own: see `engine.bench.peer`."""

import os
import sys
import time
from collections.abc import Callable


def serve(prepare: Callable[[], tuple[Callable[[], object], str]]) -> None:
    """Prepare, tell that this process is ready, then run once for every line read and print the seconds it took.

    Parameters
    ----------
    prepare
        Imports and loads what is needed, when what a library prints no longer goes where the answers are read; returns
        what is measured, and names and versions. What is measured may return its own seconds, a float, where it knows
        better.
    """
    # Libraries print what they like: only the answers go where the answers are read.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    once, description = prepare()
    print(description, file=answers, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        own = once()
        print(own if isinstance(own, float) else time.perf_counter() - start, file=answers, flush=True)
