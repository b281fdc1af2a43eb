"""An alternative in a process of its own: its libraries, threads and memory stay out of ours."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


class PeerUnavailableError(Exception):
    """An alternative that cannot be measured here; the text says why."""


class Peer:
    """A running alternative, to be used in a ``with`` statement.

    The module runs until it calls `engine.bench.peers.serve`, which tells that it is ready; from then on it runs once
    for every request and answers with its own time, so that the talk between the processes is not counted.

    Parameters
    ----------
    module
        Module to run, such as ``"engine.bench.peers.keras_predict"``.
    arguments
        Its arguments.
    search_path
        Folders in which it looks for libraries before the environment's own.
    patience
        Seconds to wait for it to get ready, and for each answer.

    Attributes
    ----------
    description
        What the module says it is: names and versions.

    Raises
    ------
    PeerUnavailableError
        If it ends, or says nothing in time, before it is ready.
    """

    def __init__(
        self, module: str, arguments: Sequence[str] = (), search_path: Sequence[Path] = (), patience: float = 180
    ) -> None:
        self._patience = patience
        self._complaints = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115, closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*search_path, ROOT]))},
        )
        try:
            self.description = self._answer()
        except PeerUnavailableError:
            self.close()
            raise

    def times(self, count: int) -> list[float]:
        """Run it `count` times; return the seconds of each run."""
        taken = []
        for _ in range(count):
            # A process that has ended takes no request; the answer below says with what last words.
            with contextlib.suppress(BrokenPipeError):
                print("again", file=self._process.stdin, flush=True)
            taken.append(float(self._answer()))
        return taken

    def close(self) -> None:
        """End the process."""
        if not self._complaints.closed:
            self._process.kill()
            self._process.communicate()
            self._complaints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self) -> str:
        alarm = threading.Timer(self._patience, self._process.kill)
        alarm.start()
        assert self._process.stdout is not None  # it is a pipe
        line = self._process.stdout.readline()
        alarm.cancel()
        if line:
            return line.strip()
        self._process.wait()
        self._complaints.seek(0)
        words = self._complaints.read().strip().splitlines()
        raise PeerUnavailableError(words[-1] if words else f"it ended with status {self._process.returncode}")
