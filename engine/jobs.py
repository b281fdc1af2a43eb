"""Commands in a process of their own, watched through a folder: a reload or a new start of the dashboard finds them.

A job's folder holds ``job.json`` (what was asked), ``status.json`` (how far it is), ``cancel`` (a wish), ``log.txt``
and a lock that its process holds while it lives.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from engine import settings
from engine.errors import UserError
from engine.files import replace_with
from engine.tasks import Cancelled, Progress, Status
from engine.tasks.lock import is_held
from engine.tasks.status import time_left

_LOCK = "lock"
_START_S = 30.0
_TELL_S = 0.3
_ABANDONED_S = 3600.0


@dataclass(frozen=True)
class Job:
    """One command and how far it is.

    Attributes
    ----------
    folder
        The job's.
    title
        What it does, for people.
    about
        What it works on: a data set's name.
    state
        ``"starting"``, ``"running"``, ``"finished"``, ``"failed"``, ``"cancelled"``, or ``"stopped"`` where its process
        ended without a word.
    done, total, words
        How far it is; ``total`` is 0 while nobody knows.
    seconds
        Since it began the present step.
    what, remedy
        Why it failed, or what came of it.
    """

    folder: Path
    title: str
    about: str
    state: str
    done: int = 0
    total: int = 0
    words: str = ""
    seconds: float = 0.0
    what: str = ""
    remedy: str = ""

    @property
    def alive(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in ("starting", "running")

    @property
    def seconds_left(self) -> float | None:
        """About how long the present step still takes; None while nobody can tell."""
        return time_left(self.done, self.total, self.seconds)


def new_folder() -> Path:
    """Make a folder for a job that is still to be started; files for it may be put there."""
    for left in _home().glob("*"):
        if not (left / "job.json").exists() and time.time() - left.stat().st_mtime > _ABANDONED_S:
            forget(left)
    folder = _home() / uuid.uuid4().hex
    folder.mkdir(parents=True)
    return folder


def start(folder: Path, arguments: Sequence[str], title: str, about: str) -> None:
    """Run ``python -m engine ARGUMENTS --job FOLDER`` in a process of its own.

    Parameters
    ----------
    folder
        From `new_folder`.
    arguments
        Of the command line; its verb must know ``--job``. Paths must be absolute.
    title, about
        See `Job`.

    Raises
    ------
    OSError
        Where the process cannot be started, for instance on a full disk.
    """
    asked = {"arguments": list(arguments), "title": title, "about": about, "started": time.time()}
    with replace_with(folder / "job.json") as file:
        file.write(json.dumps(asked).encode())
    with (folder / "log.txt").open("wb") as log:
        subprocess.Popen(
            [sys.executable, "-m", "engine", *arguments, "--job", str(folder)],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # A server that is stopped with Ctrl+C must not take the job with it.
            start_new_session=os.name != "nt",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def list_all() -> list[Job]:
    """Return all jobs that nobody has closed, oldest first."""
    found = []
    for file in _home().glob("*/job.json"):
        with suppress(OSError, ValueError, KeyError):
            asked = json.loads(file.read_text())
            found.append((asked["started"], _job(file.parent, asked)))
    return [job for _, job in sorted(found, key=lambda pair: pair[0])]


def read(folder: Path) -> Job | None:
    """Return one job as it is now, None where it has been closed."""
    return next((job for job in list_all() if job.folder == folder), None)


def cancel(job: Job) -> None:
    """Ask a job to stop; it does so within a moment."""
    with suppress(FileNotFoundError):
        (job.folder / "cancel").touch()


def forget(folder: Path) -> None:
    """Remove a job that is over, or that never began."""
    shutil.rmtree(folder, ignore_errors=True)


class Reporter(Progress):
    """A job's side: keeps ``status.json``, and knows whether to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(self._report, (folder / "cancel").exists, _TELL_S)

    def _report(self, status: Status) -> None:
        # A full disk must fail where the work is written, not here.
        with suppress(OSError):
            self._write("running", done=status.done, total=status.total, words=status.words, seconds=status.seconds)

    def _write(self, state: str, **said: Any) -> None:
        with replace_with(self.folder / "status.json") as file:
            file.write(json.dumps({"state": state, **said}).encode())


@contextmanager
def reporting(folder: Path) -> Iterator[Reporter]:
    """Report a job's whole life: inside, work; what is raised ends it as failed or cancelled, and is raised on."""
    reporter = Reporter(folder)
    with FileLock(folder / _LOCK, timeout=5):
        try:
            yield reporter
        except Cancelled as error:
            reporter._write("cancelled", what=error.what, remedy=error.remedy)
            raise
        except UserError as error:
            reporter._write("failed", what=error.what, remedy=error.remedy)
            raise
        except Exception:
            reporter._write("failed", what="Something went wrong inside NeuroMER.", remedy=f"See {folder / 'log.txt'}.")
            raise
        reporter._write("finished")


def _job(folder: Path, asked: dict[str, Any]) -> Job:
    # Asked before the status is read: a job that ends in between is then still seen to have finished.
    alive = is_held(folder / _LOCK)
    said: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        said = json.loads((folder / "status.json").read_text())
    state = said.pop("state", "starting")
    if state == "running" and not alive:
        state = "stopped"
    if state == "starting" and not alive and time.time() - asked["started"] > _START_S:
        state = "stopped"
    return Job(folder, asked["title"], asked["about"], state, **said)


def _home() -> Path:
    return settings.data_folder() / "jobs"
