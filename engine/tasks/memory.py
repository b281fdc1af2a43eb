"""A task in memory only: a function called in a process of its own, so that whoever waits for it can do other things.

What is private, such as a recording, goes through pipes and touches no disk. The task ends with its parent and is not
resumed. ``multiprocessing`` would run the program that started it once more in each new process, which is a page of the
dashboard where Streamlit is at work.
"""

import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.tasks.failure import DIED
from engine.tasks.progress import Cancelled
from engine.tasks.slots import CORES, Slots
from engine.tasks.status import Status

_log = logging.getLogger(__name__)


class MemoryTask:
    """One call on its way through a process.

    Parameters
    ----------
    function
        Can be imported by another process, and takes ``progress``, a `engine.tasks.Progress`.
    slots
        How many work at a time.
    **asked
        What else the function takes; pickled.

    Attributes
    ----------
    status
        How far it is; replaced as a whole, so that any thread may read it.
    result
        What the function returned, once it is finished.
    """

    def __init__(self, function: Callable[..., Any], /, *, slots: Slots = CORES, **asked: Any) -> None:
        self.status = Status("waiting", words="waiting for its turn, others are at work")
        self.result: Any = None
        self._call: Any = (function, asked)
        self._slots = slots
        self._cancelled = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="a task in memory", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """End the work, also in the middle; returns at once."""
        self._cancelled.set()
        if self._process is not None:
            self._process.kill()

    def wait(self, seconds: float) -> Status:
        """Return how far it is once it has ended, or after so many seconds."""
        self._thread.join(seconds)
        return self.status

    def _run(self) -> None:
        try:
            with self._slots.held(self._check) as threads:
                self._work(threads)
        except Cancelled:
            pass
        except Exception:
            _log.exception("A task met an error that nobody expected")
        finally:
            self._call = None
        if self.status.alive:
            self.status = _ended("cancelled", Cancelled()) if self._cancelled.is_set() else _ended("failed", DIED)

    def _work(self, threads: int) -> None:
        self.status = Status("running", words="starting")
        with subprocess.Popen(
            [sys.executable, "-m", "engine.tasks.memory_process"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdin is not None and process.stdout is not None
            self._process = process
            try:
                # Whoever cancelled a moment ago has not seen the process.
                self._check()
                for part in (threads, self._call):
                    pickle.dump(part, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                while self.status.alive:
                    status, self.result = pickle.load(process.stdout)
                    self.status = status
            except (EOFError, OSError, pickle.UnpicklingError):
                _log.warning("The process of a task ended: exit status %s", process.poll())
            finally:
                process.kill()
                with suppress(OSError):
                    process.stdin.close()

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled


def _ended(state: str, error: UserError) -> Status:
    return Status(state, what=error.what, remedy=error.remedy)
