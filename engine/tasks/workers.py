"""What works on small jobs, as `engine.tasks.pools` asks it, and how many cores each may use."""

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class Workers(Executor):
    """An executor that knows how much it can do at once and how its workers die.

    Attributes
    ----------
    width
        How many jobs it takes at a time without one waiting long.
    died
        The exceptions that a job's future has where the worker died, not the job failed.
    """

    width: int = 1
    died: tuple[type[BaseException], ...] = ()

    def check(self) -> None:
        """Raise `UserError` where nobody is left to work; asked now and then while jobs are under way."""


class Here(Workers):
    """Does a job in this process, before ``submit`` returns."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        """Do the job; return what became of it."""
        future: Future = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:
            future.set_exception(error)
        return future


def limit(count: int) -> None:
    """Keep this process's libraries to so many threads, those loaded already and those still to be loaded.

    What answers for faces (LiteRT, ONNX Runtime) asks `engine.settings.threads`. TensorFlow keeps its own number, on
    which its sums depend in the last digits: a fold gives the same figures alone and beside others.

    Parameters
    ----------
    count
        1 or more.
    """
    os.environ.update(dict.fromkeys(("NEUROMER_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(count)))
    # Not above: they read the numbers just set while they are loaded.
    import cv2
    from threadpoolctl import threadpool_limits

    cv2.setNumThreads(count)
    threadpool_limits(count)
