"""Runs: each a folder that holds what was asked, how far it is, and what came of it. Importing this needs no Keras.

A run is worked on by a process of its own (`engine.training.work`), which outlives the page that started it. Whoever
looks afterwards, in another tab or after a restart of the server, finds the run by its folder.
"""

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from engine import settings
from engine.errors import DataError
from engine.files import replace_with
from engine.tasks.lock import is_held
from engine.training.request import Request, load
from engine.training.status import ACTIVE, Status

PACKAGES = ("keras", "tensorflow", "numpy", "opencv-python-headless", "scikit-learn")


@dataclass(frozen=True)
class Run:
    """A run as it stood when it was looked at.

    Attributes
    ----------
    folder
        Where everything lies.
    request
        What was asked.
    about
        All of ``run.json``: ``request``, ``command``, ``created``, ``versions``, and once known ``data_fingerprint``.
    status
        How far it is.
    """

    folder: Path
    request: Request
    about: dict[str, Any]
    status: Status

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def title(self) -> str:
        """What is trained on what, for people."""
        return f"{self.request.configuration.title}, {Path(self.request.data).name}"

    @property
    def state(self) -> str:
        """As in `engine.training.status.Status`, or ``"stopped"`` where its process is gone."""
        return self.status.state

    @property
    def active(self) -> bool:
        """Whether a process is at work or waiting for its turn."""
        return self.state in ACTIVE

    @property
    def has_model(self) -> bool:
        """Whether there is a network to try, of the last finished epoch."""
        return (self.folder / "card.json").is_file() and (self.folder / "model.onnx").is_file()

    @property
    def predictions_path(self) -> Path:
        """Where its predictions are, once there are any."""
        return self.folder / "predictions.npz"

    def history(self) -> dict[str, list[float]]:
        """Return a number an epoch for each of ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``; or nothing."""
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.folder / "history.json").read_text(encoding="utf-8"))
        return {}

    def log(self, letters: int = 20_000) -> str:
        """Return the end of its log."""
        try:
            return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-letters:]
        except OSError:
            return ""


def home() -> Path:
    """Return the folder that holds all runs; it may not exist yet."""
    return settings.data_folder() / "runs"


def create(request: Request, folder: Path | None = None) -> Run:
    """Make a run's folder; nothing is started.

    Parameters
    ----------
    request
        What is asked.
    folder
        Where; a new folder in `home` for None.

    Raises
    ------
    DataError
        Where the folder already holds a run, or cannot be made.
    """
    try:
        if folder is None:
            folder = _new_folder(request.model)
        elif (folder / "run.json").exists():
            raise DataError(f"{folder} already holds a run.", "Go on with it by --run, or choose another folder.")
        folder.mkdir(parents=True, exist_ok=True)
        about = {
            "request": request.as_json(),
            "command": request.command(),
            "created": datetime.now().astimezone().isoformat(timespec="seconds"),
            "versions": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
        }
        write_about(folder, about)
        Status("stopped", "not started").write(folder)
    except OSError as error:
        raise DataError(
            f"No run can be made in {folder or home()} ({error.strerror or error}).",
            "Make room, or set NEUROMER_DATA to a folder that you may write to.",
        ) from error
    return opened(folder)


def start(run: Run) -> Run:
    """Start a run's process, or let it go on after its last finished epoch; it outlives the caller.

    Raises
    ------
    DataError
        Where it is at work already, or has finished.
    """
    current = opened(run.folder)
    if current.active or current.state == "finished":
        raise DataError(f"The run {run.id} is {current.state}.", "Start a new one to train again.")
    (run.folder / "cancel").unlink(missing_ok=True)
    status = current.status
    status.state, status.doing, status.what, status.remedy, status.pid = "starting", "starting", "", "", None
    try:
        status.write(run.folder)
        with (run.folder / "output.txt").open("ab") as output:
            subprocess.Popen(
                [sys.executable, "-m", "engine", "train", "--run", str(run.folder.resolve()), "--quiet"],
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONUNBUFFERED": "1"},
            )
    except OSError as error:
        raise DataError(
            f"The run {run.id} cannot be started ({error.strerror or error}).", "Make room on the disk and resume it."
        ) from error
    return opened(run.folder)


resume = start
"""A stopped, cancelled or failed run goes on after its last finished epoch."""


def cancel(run: Run) -> Run:
    """Ask a run's process to end; it does so within a batch or two and keeps what was learnt."""
    (run.folder / "cancel").touch()
    current = opened(run.folder)
    if current.state == "stopped":
        current.status.state = "cancelled"
        current.status.write(run.folder)
    return current


def remove(run: Run) -> None:
    """Remove a run with all that came of it.

    Raises
    ------
    DataError
        Where it is at work, or its files are in use.
    """
    if opened(run.folder).active:
        raise DataError(f"The run {run.id} is at work.", "Cancel it first.")
    trash = run.folder.with_name(f".removed-{uuid.uuid4().hex}")
    try:
        run.folder.rename(trash)
    except OSError as error:
        raise DataError(f"The run {run.id} cannot be removed ({error.strerror}).", "Close what is using it.") from error
    shutil.rmtree(trash, ignore_errors=True)


def opened(folder: Path) -> Run:
    """Look at a run.

    Raises
    ------
    DataError
        For a folder that holds none.
    """
    request, about = load(folder)
    return Run(folder, request, about, Status.read(folder))


def find(name: str) -> Run:
    """Look at the run with an id.

    Raises
    ------
    DataError
        Where there is none.
    """
    if name not in _ids():
        raise DataError(f"There is no run {name!r}.", f"The runs are in {home()}.")
    return opened(home() / name)


def list_all() -> list[Run]:
    """Return all runs, the newest first; folders that hold no readable run are passed over."""
    found = []
    for name in _ids():
        with contextlib.suppress(DataError):
            found.append(opened(home() / name))
    return sorted(found, key=lambda run: (run.about.get("created", ""), run.id), reverse=True)


def write_about(folder: Path, about: dict[str, Any]) -> None:
    """Write ``run.json``."""
    with replace_with(folder / "run.json") as file:
        file.write((json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode())


def is_free(run: Run) -> bool:
    """Tell whether it is this queued run's turn: nobody trains, and no live run has waited longer."""
    if is_held(home() / ".training"):
        return False
    waiting = [other for other in list_all() if other.state == "queued" and other.id != run.id]
    return all(_turn(run) <= _turn(other) for other in waiting)


def _turn(run: Run) -> tuple[str, str]:
    return run.about.get("created", ""), run.id


def _ids() -> list[str]:
    return [path.parent.name for path in home().glob("[!.]*/run.json")] if home().is_dir() else []


def _new_folder(model: str) -> Path:
    home().mkdir(parents=True, exist_ok=True)
    stem = f"{datetime.now():%Y-%m-%d-%H%M%S}-{model}"
    for number in range(1, 1000):
        folder = home() / (stem if number == 1 else f"{stem}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise FileExistsError(stem)
