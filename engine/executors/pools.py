"""Who works: this process, several processes of this machine, or a Dask cluster."""

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

from engine.errors import UserError


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


@contextlib.contextmanager
def pool(jobs: int = 1, scheduler: str | None = None) -> Iterator[Workers]:
    """Open what works on jobs; leaving the ``with`` statement ends its processes, whatever they do.

    Parameters
    ----------
    jobs
        Processes of this machine; 1 works in this process, one job after the other.
    scheduler
        Address of a Dask scheduler (``"tcp://host:8786"``); ``jobs`` does not count then.

    Yields
    ------
    Workers
        A ``concurrent.futures.Executor``.

    Raises
    ------
    UserError
        Where nobody can work: fewer than one job, a scheduler that does not answer, has no workers or none that can run
        NeuroMER, or the extra ``cluster`` not installed.
    """
    if scheduler is not None:
        from engine.executors.cluster import connect

        with connect(scheduler) as cluster:
            yield cluster
    elif jobs < 1:
        raise UserError(f"{jobs} jobs at a time cannot be.", f"Ask for 1 to {os.cpu_count()}, one for each core.")
    elif jobs == 1:
        yield Here()
    else:
        from engine.executors.processes import Processes

        processes = Processes(jobs)
        try:
            yield processes
        finally:
            processes.shutdown()
