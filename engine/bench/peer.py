"""An alternative in a process of its own: its libraries, threads and memory stay out of ours."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from engine.bench.measurement import Comparison
from engine.bench.timing import Times, alternate

ROOT = Path(__file__).parents[2]


class PeerUnavailableError(Exception):
    """An alternative that cannot be measured here; the text says why."""


@dataclass(frozen=True)
class Alternative:
    """What ours is measured beside.

    Attributes
    ----------
    name
        What it is called where it cannot be measured; otherwise it says that itself.
    module
        Module to run, such as ``"engine.bench.peers.keras_models"``.
    packages
        What it needs besides our environment, with versions, such as ``"fer==25.10.3"``.
    patience
        Seconds to wait for it to get ready, and for each answer.
    """

    name: str
    module: str
    packages: tuple[str, ...] = ()
    patience: float = 180


def compare(
    ours: Times, other: Alternative, arguments: Sequence[str], *, rounds: int, each: tuple[int, int]
) -> Comparison:
    """Time ours and an alternative in turns, or ours alone where the other cannot be had here.

    Parameters
    ----------
    ours
        Our contestant.
    other
        What it is measured beside.
    arguments
        Of the alternative's module.
    rounds, each
        As `engine.bench.timing.alternate` takes them.
    """
    try:
        with Peer(other, arguments) as peer:
            return alternate(ours, peer.times, peer.description, rounds=rounds, each=each)
    except PeerUnavailableError as error:
        alone = alternate(ours, None, other.name, rounds=rounds, each=each)
        return replace(alone, missing=f"alternative not available: {error}")


class Peer:
    """A running alternative, to be used in a ``with`` statement.

    The module runs until it calls `engine.bench.peers.serve`, which tells that it is ready; from then on it runs once
    for every request and answers with its own time, so that the talk between the processes is not counted.

    Parameters
    ----------
    alternative
        What to run.
    arguments
        Its module's arguments.

    Attributes
    ----------
    description
        What the module says it is: names and versions.

    Raises
    ------
    PeerUnavailableError
        If its packages cannot be had, or it ends, or says nothing in time, before it is ready.
    """

    def __init__(self, alternative: Alternative, arguments: Sequence[str] = ()) -> None:
        search_path = [installed(alternative.packages).name] if alternative.packages else []
        search_path += [str(ROOT), os.environ.get("PYTHONPATH", "")]
        self._patience = alternative.patience
        self._complaints = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115, closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", alternative.module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search_path))},
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


@cache
def installed(packages: tuple[str, ...]) -> "tempfile.TemporaryDirectory[str]":
    """Install packages, without what they depend on; the only step of the measurements that may need a network.

    Returns
    -------
    tempfile.TemporaryDirectory
        Where they lie until this process ends.

    Raises
    ------
    PeerUnavailableError
        If uv is not there, or cannot get them.
    """
    if find_spec("uv"):
        uv = [sys.executable, "-m", "uv"]
    elif found := os.environ.get("UV") or shutil.which("uv"):
        uv = [found]
    else:
        raise PeerUnavailableError("uv, which would install it, is not there")
    folder = tempfile.TemporaryDirectory()
    command = [*uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", folder.name, "--no-deps"]
    done = subprocess.run([*command, *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerUnavailableError(f"uv could not install {', '.join(packages)} (is there a network?)")
    return folder
