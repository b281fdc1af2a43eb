"""A task that is kept on disk: it works in a process of its own and is watched through a folder.

A reload, a second tab or a new start of the server finds it again. In its folder are a JSON file with what was asked,
``status.json`` (how far it is), ``log.txt`` (what it says), ``output.txt`` (what its process prints), ``cancel``
(somebody's wish) and ``lock``, which its process holds while it lives.
"""

import os
import shutil
import subprocess
import sys
import time
import traceback
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from engine import settings
from engine.errors import DataError, UserError
from engine.files import write_json
from engine.kept import form_of, read_json, sound
from engine.tasks.failure import explained
from engine.tasks.lock import is_held
from engine.tasks.progress import Cancelled, Progress
from engine.tasks.status import Status

_STATUS, _LOG, _OUTPUT, _CANCEL, _LOCK, _RESERVE = "status.json", "log.txt", "output.txt", "cancel", "lock", ".reserve"
_ASKED = "job.json"
_JOBS = "jobs"
_KEPT = {_STATUS, _LOG, _OUTPUT, _CANCEL, _LOCK, f"{_LOCK}.asked", _ASKED}
_RESERVE_BYTES = 65_536
_TICK_S = 2.0  # how exactly file systems tell when something was written, FAT the least
_STARTING_S = 60.0  # how long a process may take from its start until it holds its lock
_ABANDONED_S = 3600.0
_TELL_S = 0.5


@dataclass(frozen=True)
class Task:
    """A task as it stood when it was looked at.

    Attributes
    ----------
    folder
        Where everything lies.
    about
        What was asked, as its JSON file says.
    status
        How far it is.
    """

    folder: Path
    about: dict[str, Any]
    status: Status

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def title(self) -> str:
        """What it does, for people."""
        return self.about["title"]

    @property
    def topic(self) -> str:
        """What it works on: a data set's name."""
        return self.about["about"]

    @property
    def state(self) -> str:
        """As in `engine.tasks.Status`."""
        return self.status.state

    @property
    def alive(self) -> bool:
        """Whether a process is at work or waiting for its turn."""
        return self.status.alive

    @property
    def cancelling(self) -> bool:
        """Whether somebody asked it to stop."""
        return (self.folder / _CANCEL).exists()

    def cancel(self) -> None:
        """Ask it to stop; it does so within a moment."""
        with suppress(FileNotFoundError):
            (self.folder / _CANCEL).touch()
            if (now := read_status(self.folder)).state == "stopped":
                write_status(self.folder, replace(now, state="cancelled"))

    def log(self, letters: int = 20_000) -> str:
        """Return the end of its log."""
        try:
            return (self.folder / _LOG).read_text(encoding="utf-8", errors="replace")[-letters:]
        except OSError:
            return ""


def new_folder() -> Path:
    """Make a folder for a task that is still to be started; files for it may be put there.

    Raises
    ------
    DataError
        Where as many are at work as may be.
    """
    everybodys = [each for library in settings.library_folders() for each in _in(library)]
    if (busy := sum(each.alive for each in everybodys)) >= settings.TASKS_MAX:
        raise DataError(
            f"{busy} tasks are at work on data sets, and no more than {settings.TASKS_MAX} are at a time.",
            "Wait for one to end, or cancel one.",
        )
    folder = settings.library_folder() / _JOBS / uuid.uuid4().hex
    folder.mkdir(parents=True)
    return folder


def start(folder: Path, arguments: Sequence[str], title: str, topic: str) -> None:
    """Run ``python -m engine ARGUMENTS --job FOLDER`` in a process of its own.

    Parameters
    ----------
    folder
        From `new_folder`.
    arguments
        Of the command line; its verb must know ``--job``. Paths must be absolute.
    title, topic
        See `Task`.

    Raises
    ------
    DataError
        As `spawn`.
    """
    asked = {"arguments": list(arguments), "title": title, "about": topic, "started": time.time()}
    spawn(folder, [*arguments, "--job", str(folder)], _ASKED, asked)


def sweep() -> None:
    """Remove what was given to tasks that never began, or that are over, and what removals that were killed left."""
    for folder in [each for library in settings.library_folders() for each in (library / _JOBS).glob("*")]:
        with suppress(OSError):
            if (folder / _ASKED).exists() and not folder.name.startswith("."):
                for given in set(folder.iterdir()) if not read_status(folder).alive else ():
                    if given.name not in _KEPT and given.is_file():
                        given.unlink()
            elif time.time() - folder.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(folder, ignore_errors=True)


def list_all() -> list[Task]:
    """Return all tasks of whoever asks that were started by `start` and that nobody has closed, oldest first."""
    return _in(settings.library_folder())


def _in(library: Path) -> list[Task]:
    found = []
    for file in (library / _JOBS).glob("[!.]*/" + _ASKED):
        with suppress(OSError):  # it was closed from another tab meanwhile
            instead = {"title": f"Work whose {_ASKED} is damaged", "about": "", "started": file.stat().st_mtime}
            about: dict[str, Any] = {}
            with suppress(OSError, ValueError):
                about = sound(read_json(file), {"title": str, "about": str, "started": float})
            found.append(Task(file.parent, instead | about, read_status(file.parent)))
    return sorted(found, key=lambda task: task.about["started"])


def spawn(folder: Path, arguments: Sequence[str], file: str | None = None, asked: dict[str, Any] | None = None) -> None:
    """Begin the process of a task, for the first time or to go on; it outlives the caller.

    Parameters
    ----------
    folder
        The task's.
    arguments
        Of ``python -m engine``.
    file, asked
        What was asked, and the file's name to keep it in; None where that is kept already.

    Raises
    ------
    DataError
        Where it cannot be started, for instance on a full disk.
    """
    try:
        (folder / _CANCEL).unlink(missing_ok=True)
        now = replace(_stored(folder), state="starting", words="", seconds_left=None, what="", remedy="", pid=None)
        write_status(folder, now)
        if file is not None:
            write_json(folder / file, asked)
        with (folder / _OUTPUT).open("ab") as output:
            subprocess.Popen(
                [sys.executable, "-m", "engine", *arguments],
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A server that is stopped with Ctrl+C must not take the task with it.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                env=os.environ
                | {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONUNBUFFERED": "1", "NEUROMER_OWNER": settings.owner()},
            )
    except OSError as error:
        raise DataError(
            f"The work cannot be started ({error.strerror or error}).", "Make room on the disk and try again."
        ) from error


def remove(folder: Path) -> None:
    """Remove a task that is over, or that never began, with all that came of it; one that is gone already stays so.

    Raises
    ------
    DataError
        Where it is at work, or its files are in use.
    """
    if read_status(folder).alive:
        raise DataError(f"{folder.name} is at work.", "Cancel it first.")
    trash = folder.with_name(f".removed-{uuid.uuid4().hex}")
    try:
        folder.rename(trash)
    except FileNotFoundError:  # from another tab
        return
    except OSError as error:
        raise DataError(f"{folder.name} cannot be removed ({error.strerror}).", "Close what is using it.") from error
    shutil.rmtree(trash, ignore_errors=True)


def read_status(folder: Path) -> Status:
    """Read how far a task is; where a process should be at work and none is, the state is ``"stopped"``.

    A damaged file counts as stopped too: whatever wrote it is gone.
    """
    try:
        status = _stored(folder)
        if status.alive and not is_held(folder / _LOCK):
            # It may have ended, or begun, between the two looks.
            status = _stored(folder)
            if status.alive and not _starting(folder, status) and not is_held(folder / _LOCK):
                return replace(status, state="stopped")
        return status
    except OSError:  # its folder went away meanwhile, or nobody may write there
        return Status("stopped")


def write_status(folder: Path, status: Status) -> None:
    """Write how far a task is; raises `OSError` where that cannot be, and the status before is still whole."""
    write_json(folder / _STATUS, asdict(status))


class TaskProgress(Progress):
    """A task's own side: keeps its status and its log, and hears when somebody put ``cancel`` into its folder."""

    def __init__(self, folder: Path, *, echo: bool) -> None:
        super().__init__(self._keep, (folder / _CANCEL).exists, _TELL_S)
        self.folder, self._echo = folder, echo
        self.status = _stored(folder)
        self._worked_before, self._began_work = self.status.worked, time.monotonic()

    def wait(self, words: str) -> None:
        """Say that it waits for its turn, and for whom."""
        self.check()
        self._keep(replace(self.status, state="waiting", words=words))

    def say(self, line: str) -> None:
        """Put a line into the log."""
        line = f"{time.strftime('%H:%M:%S')}  {line}"
        if self._echo:
            print(line, flush=True)
        with suppress(OSError), (self.folder / _LOG).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def end(self, state: str, error: UserError | None = None) -> None:
        """Say how it ended; works on a full disk too."""
        self.flush()
        (self.folder / _RESERVE).unlink(missing_ok=True)
        what, remedy = (error.what, error.remedy) if error else ("", "")
        self.say(f"{state}: {error}" if error else state)
        self._keep(replace(self.status, state=state, words="", seconds_left=None, what=what, remedy=remedy))

    def _keep(self, status: Status) -> None:
        if status.words and status.words != self.status.words:
            self.say(status.words)
        worked = self._worked_before + time.monotonic() - self._began_work
        self.status = replace(status, worked=worked, pid=os.getpid())
        # A full disk must fail where the work is written, not here.
        with suppress(OSError):
            write_status(self.folder, self.status)


@contextmanager
def working(folder: Path, *, echo: bool = False) -> Iterator[TaskProgress]:
    """Work on a task inside: its lock is held, its status kept, and whatever is raised ends it in a sentence.

    Parameters
    ----------
    folder
        The task's.
    echo
        Whether its log is printed too.

    Raises
    ------
    DataError
        Where another process works on it.
    UserError
        Whatever went wrong inside, as the status says it; `Cancelled` where somebody asked for it.
    """
    try:
        lock = FileLock(folder / _LOCK).acquire(timeout=1)
    except Timeout as error:
        raise DataError(f"{folder.name} is at work already.", "Wait for it, or cancel it.") from error
    except OSError as error:
        raise explained(error, str(folder)) from error
    with lock:
        progress = TaskProgress(folder, echo=echo)
        try:
            # Given up at the end, so that a full disk can still be said.
            (folder / _RESERVE).write_bytes(os.urandom(_RESERVE_BYTES))
            yield progress
        except Exception as error:
            if not isinstance(error, (UserError, OSError, MemoryError)):
                progress.say(traceback.format_exc())
            said = explained(error, str(folder))
            progress.end("cancelled" if isinstance(error, Cancelled) else "failed", said)
            if said is error:
                raise
            raise said from error
        progress.end("finished")


def _starting(folder: Path, status: Status) -> bool:
    # A clock that was set back meanwhile says nothing of how long ago that was.
    return status.state == "starting" and 0 <= _since(folder / _STATUS) < _STARTING_S


def _since(path: Path) -> float:
    # What was written within the same tick may seem to come from the future.
    return time.time() - path.stat().st_mtime + _TICK_S


_FORMS = form_of(Status)


def _stored(folder: Path) -> Status:
    try:
        said = read_json(folder / _STATUS)
        # What makes no sense is as if it were not there, and what a newer version writes beside is not looked at.
        kept = sound(_as_now(said) if "epochs" in said else said, _FORMS)
        return Status(**{"state": "stopped"} | {name: kept[name] for name in _FORMS if name in kept})
    except (OSError, ValueError, TypeError, KeyError):
        return Status("stopped")


def _as_now(said: dict[str, Any]) -> dict[str, Any]:
    """Read what trainings wrote until 2026."""
    within = said["batch"] / said["batches"] if said["batches"] else 0
    return {
        "state": "waiting" if said["state"] == "queued" else said["state"],
        "done": said["epoch"] + within,
        "total": said["epochs"],
        "words": said["doing"],
        "seconds_left": said["total_left"],
        "worked": said["seconds"],
    } | {key: said[key] for key in ("pid", "what", "remedy")}
