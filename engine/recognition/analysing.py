"""Recordings analysed side by side, each in a process of its own, so that whoever waits for one can do other things.

The process is `engine.recognition.analysing_process`. A recording's bytes and what is found in it go through pipes:
nothing is written to a disk. ``multiprocessing`` would run the program that started it once more in each new process,
which is a page of the dashboard where Streamlit is at work.
"""

import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import UserError, VideoError
from engine.recognition.analysis import Analysis
from engine.tasks.status import time_left

_PAUSE_S = 0.1
_MODULE = "engine.recognition.analysing_process"
_DIED = VideoError(
    "The process that analysed the recording ended without a word.",
    "Most often memory ran out: close other programs or take a shorter recording, and try again.",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How far an analysis is.

    Attributes
    ----------
    state
        ``"waiting"`` for its turn, ``"working"``, ``"finished"``, ``"failed"`` or ``"cancelled"``.
    done, total, words
        Of the present step; ``total`` is 0 while nobody knows.
    began
        When the present step began, by `time.monotonic`.
    error
        Why it failed.
    """

    state: str = "waiting"
    done: int = 0
    total: int = 0
    words: str = ""
    began: float = 0.0
    error: UserError | None = None

    @property
    def alive(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in ("waiting", "working")

    @property
    def seconds_left(self) -> float | None:
        """About how long the present step still takes; None while nobody can tell."""
        return time_left(self.done, self.total, time.monotonic() - self.began)


class Turns:
    """Lets only so many work at a time, and tells each how many threads are its share of the cores."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, given_up: threading.Event) -> Iterator[int]:
        """Wait for a turn and hold it while inside; 0 threads where it was given up before."""
        while not (free := self._take()) and not given_up.wait(_PAUSE_S):
            pass
        try:
            yield max(1, self._most // self._taken) if free else 0
        finally:
            if free:
                with self._lock:
                    self._taken -= 1

    def _take(self) -> bool:
        with self._lock:
            free = self._taken < self._most
            self._taken += free
            return free


TURNS = Turns(os.cpu_count() or 1)
"""One recording a core at a time; the others wait."""


class Analysing:
    """One recording on its way through a process.

    Parameters
    ----------
    request
        What `engine.recognition.analysing_process` takes: ``name`` and ``data``, or ``example``; ``enhance``.
    turns
        Whose turn it is.
    module
        What runs in the process.

    Attributes
    ----------
    standing
        How far it is; replaced as a whole, so that any thread may read it.
    data
        The recording's bytes; of an example once they are drawn.
    truth
        The events that are shown in an example (`engine.synthetic.TrueEvent`), once it is drawn.
    analysis
        What was found, once it is finished.
    """

    def __init__(self, request: dict[str, Any], turns: Turns = TURNS, module: str = _MODULE) -> None:
        self.standing = Standing()
        self.data: bytes | None = request.get("data")
        self.truth: Any = None
        self.analysis: Analysis | None = None
        self._request, self._turns, self._module = request, turns, module
        self._given_up = threading.Event()
        self._process: subprocess.Popen | None = None
        self._thread = threading.Thread(target=self._run, name="analysing a recording", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """End the work, also in the middle; returns at once."""
        self._given_up.set()
        if self._process is not None:
            self._process.kill()

    def wait(self, seconds: float) -> Standing:
        """Return how far it is once it has ended, or after so many seconds."""
        self._thread.join(seconds)
        return self.standing

    def _run(self) -> None:
        try:
            with self._turns.taken(self._given_up) as threads:
                if threads:
                    self._work(threads)
        except Exception:
            _log.exception("An analysis met an error that nobody expected")
            self._fail(_DIED)
        finally:
            self._request = {}
        if self.standing.alive:
            if self._given_up.is_set():
                self.standing = Standing("cancelled")
            else:
                self._fail(_DIED)

    def _work(self, threads: int) -> None:
        self.standing = Standing("working", words="Starting", began=time.monotonic())
        with subprocess.Popen(
            [sys.executable, "-m", self._module],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            self._process = process
            try:
                # Whoever cancelled a moment ago has not seen the process.
                if not self._given_up.is_set():
                    pickle.dump(self._request | {"threads": threads}, process.stdin, pickle.HIGHEST_PROTOCOL)
                    process.stdin.flush()
                    while self._hear(*pickle.load(process.stdout)):
                        pass
            except (EOFError, OSError, pickle.UnpicklingError):
                _log.warning("The process of an analysis ended: exit status %s", process.poll())
            finally:
                process.kill()
                with suppress(OSError):
                    process.stdin.close()

    def _hear(self, kind: str, *said: Any) -> bool:
        """Take one message; tell whether more are to come."""
        if kind == "progress":
            done, total, words = said
            now = time.monotonic()
            began = self.standing.began if words == self.standing.words else now
            self.standing = replace(self.standing, done=done, total=total, words=words, began=began)
        elif kind == "data":
            self.data, self.truth = said
        elif kind == "finished":
            (self.analysis,) = said
            self.standing = Standing("finished")
        else:
            self._fail(VideoError(*said))
        return self.standing.alive

    def _fail(self, error: UserError) -> None:
        self.standing = Standing("failed", error=error)
