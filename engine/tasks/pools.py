"""Many small jobs: in this process, in several processes of this machine, or on a Dask cluster; results in order.

All three are a ``concurrent.futures.Executor``, so what is worked on need not know where. A worker that dies, by a
crash or for want of memory, costs the job that it worked on a second try and nothing else.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.errors import UserError
from engine.tasks.cluster import connect
from engine.tasks.processes import Processes
from engine.tasks.workers import Here, Workers

LOOK_S = 0.5  # how often a wait is interrupted to ask whether the work is still wanted
MOST_JOBS = 256
"""Processes at a time; far more would run out of files before they run out of cores."""

AHEAD = 4  # times the workers: so many jobs may be taken before the oldest is done, which is what bounds the memory


@dataclass
class _Job:
    number: int
    item: Any
    deaths: int = 0


def in_order(
    function: Callable[[Any], Any],
    items: Iterable[Any],
    jobs: int = 1,
    scheduler: str | None = None,
    *,
    retries: int = 1,
    progress: Callable[[int, int | None], None] | None = None,
    check: Callable[[], None] | None = None,
    lost: Callable[[Any, UserError], Any] | None = None,
) -> Iterator[Any]:
    """Call a function on each item and yield the results in the items' order, as they come.

    Only a few items are taken ahead, so that memory does not grow with their number.

    Parameters
    ----------
    function
        Takes an item. For other processes it must be one that can be imported; items and results are pickled.
    items
        Any number of them.
    jobs, scheduler
        Where: see `pool`.
    retries
        How often an item is tried again after its worker died. An error that the function itself raises is final.
    progress
        Called with the number of results so far, and of items or None where that is unknown.
    check
        Called about twice a second; what it raises (see `engine.tasks.Progress.check`) ends the work.
    lost
        Makes the result of an item whose workers died each time, from the item and the error; raised for None.

    Raises
    ------
    UserError
        Where nobody can work (see `pool`), where a cluster went away, and for an item whose
        workers died each time, with its number.
    Cancelled
        Where ``check`` says so.
    """
    total = len(items) if isinstance(items, Sized) else None
    coming = (_Job(number, item) for number, item in enumerate(items))
    taken = given = done = 0
    again: list[_Job] = []
    running: dict[Future, _Job] = {}
    results: dict[int, Any] = {}
    with pool(jobs, scheduler) as workers:
        while True:
            while len(running) < workers.width and (again or taken < given + AHEAD * workers.width):
                job = again.pop() if again else next(coming, None)
                if job is None:
                    break
                taken = max(taken, job.number + 1)
                running[workers.submit(function, job.item)] = job
            if not running:
                return
            for future in wait(running, LOOK_S, FIRST_COMPLETED).done:
                job = running.pop(future)
                try:
                    results[job.number] = _result(workers, future, job, retries, lost)
                except _WorkerDiedError:
                    again.append(job)
                    continue
                done += 1
                if progress is not None:
                    progress(done, total)
            while given in results:
                yield results.pop(given)
                given += 1
            if check is not None:
                check()
            workers.check()


@contextmanager
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
        Where nobody can work: fewer than one job or more than `MOST_JOBS`, a scheduler that does not answer, has no
        workers or none that can run NeuroMER, or the extra ``cluster`` not installed.
    """
    if scheduler is not None:
        with connect(scheduler) as cluster:
            yield cluster
    elif not 1 <= jobs <= MOST_JOBS:
        raise UserError(f"{jobs} jobs at a time cannot be.", f"Ask for 1 to {os.cpu_count()}, one for each core.")
    elif jobs == 1:
        yield Here()
    else:
        processes = Processes(jobs)
        try:
            yield processes
        finally:
            processes.shutdown()


class _WorkerDiedError(Exception):
    """A job has to be done again."""


def _result(
    workers: Workers, future: Future, job: _Job, retries: int, lost: Callable[[Any, UserError], Any] | None
) -> Any:
    try:
        return future.result()
    except workers.died as error:
        job.deaths += 1
        if job.deaths <= retries:
            raise _WorkerDiedError from error
        trouble = UserError(
            f"Job {job.number + 1} was given up: the process that worked on it ended each time, {job.deaths} times.",
            "Most often memory ran out: use fewer jobs at a time.",
        )
        if lost is None:
            raise trouble from error
        return lost(job.item, trouble)
    except CancelledError as error:
        raise UserError(
            f"The cluster gave up job {job.number + 1}: its scheduler has ended or was cut off.",
            "Start the scheduler again, then repeat.",
        ) from error
