"""Several processes of this machine."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from engine.interrupts import deaf_children
from engine.tasks.workers import Workers, limit


class Processes(Workers):
    """A pool of one process for each job at a time, so that a process that dies takes one job with it and no other.

    Processes are spawned, not forked: a fork would copy TensorFlow's and OpenCV's threads half alive.

    Parameters
    ----------
    jobs
        How many processes; each gets its share of the cores.
    """

    died = (BrokenProcessPool,)

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self._lanes = [_Lane(max(1, (os.cpu_count() or 1) // jobs)) for _ in range(jobs)]

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        """Give a job to the process that has least to do."""
        return min(self._lanes, key=_Lane.load).submit(function, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes, also in the middle of a job."""
        for lane in self._lanes:
            lane.end()


class _Lane:
    """One process, and the next one where it died."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._under_way: list[Future] = []
        self._open()

    def _open(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, spawning, _begin, (self._threads,))
        self._identity: Future[int] | None = None

    def load(self) -> int:
        self._under_way = [future for future in self._under_way if not future.done()]
        return len(self._under_way)

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        try:
            future = self._submit(function, *arguments, **named)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._open()
            future = self._submit(function, *arguments, **named)
        self._under_way.append(future)
        return future

    def _submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        if self._identity is None:
            with deaf_children():
                self._identity = self._pool.submit(os.getpid)
        return self._pool.submit(function, *arguments, **named)

    def end(self) -> None:
        if self.load() and self._identity is not None:
            with contextlib.suppress(BrokenProcessPool):
                number = self._identity.result()
                for process in multiprocessing.active_children():
                    if process.pid == number:
                        process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _begin(threads: int) -> None:
    """Make a process of a worker: its share of the cores, deaf to Ctrl-C (its parent decides), gone with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    limit(threads)


def _follow_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
