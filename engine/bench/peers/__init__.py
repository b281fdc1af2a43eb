"""The alternatives that run in a process of their own: see `engine.bench.peer`."""

import os
import sys
from collections.abc import Callable

from engine.bench.timing import stopwatch


def serve(prepare: Callable[[], tuple[Callable[[], object], str]]) -> None:
    """Prepare, tell that this process is ready, then run once for every line read and print the seconds it took.

    Parameters
    ----------
    prepare
        Imports and loads what is needed, when what a library prints no longer goes where the answers are read; returns
        what is measured, as `engine.bench.timing.stopwatch` takes it, and names and versions.
    """
    # Libraries print what they like: only the answers go where the answers are read.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    once, description = prepare()
    print(description, file=answers, flush=True)
    for _ in sys.stdin:
        print(*stopwatch(once)(1), file=answers, flush=True)
