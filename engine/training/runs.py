"""Runs: each a task on disk whose folder holds what was asked, and what came of it. Importing this needs no Keras."""

import contextlib
import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from engine import settings
from engine.errors import DataError
from engine.files import write_json
from engine.kept import read_json, sound
from engine.tasks import Status, task
from engine.tasks.lock import is_held
from engine.tasks.task import Task
from engine.training.request import CROSS_VALIDATIONS, Request, load

PACKAGES = ("keras", "tensorflow", "numpy", "opencv-python-headless", "scikit-learn")
RESUMABLE = ("stopped", "cancelled", "failed")
ASKED = "run.json"


@dataclass(frozen=True)
class Run(Task):
    """A run as it stood when it was looked at.

    Attributes
    ----------
    request
        What was asked; ``about`` is all of ``run.json``: ``request``, ``command``, ``created``, ``versions``, and once
        known ``data_fingerprint``.
    """

    request: Request

    @property
    def title(self) -> str:
        """What is trained on what, for people."""
        return f"{self.request.configuration.title}, {Path(self.request.data).name}"

    @property
    def done(self) -> int:
        """How many epochs are done, or folds of a cross-validation."""
        if self.request.split in CROSS_VALIDATIONS:
            return len(list((self.folder / "folds").glob("*.npy")))
        return len(self.history().get("loss", ()))

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
        series = ("loss", "accuracy", "val_loss", "val_accuracy")
        with contextlib.suppress(OSError, ValueError):
            said = sound(read_json(self.folder / "history.json"), {key: [float] for key in series})
            found = {name: said[name] for name in series if name in said}
            if len(found) in (2, 4) and "loss" in found and len({len(each) for each in found.values()}) == 1:
                return found
        return {}


def home() -> Path:
    """Return the folder that holds all runs of whoever asks; it may not exist yet."""
    return settings.library_folder() / "runs"


def turn() -> Path:
    """Return the file that whoever trains holds a lock on: one at a time on this machine."""
    return settings.data_folder() / "runs" / ".training"


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
        elif (folder / ASKED).exists():
            raise DataError(f"{folder} already holds a run.", "Go on with it by --run, or choose another folder.")
        folder.mkdir(parents=True, exist_ok=True)
        about = {
            "request": request.as_json(),
            "command": request.command(),
            "created": datetime.now().astimezone().isoformat(timespec="seconds"),
            "versions": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
        }
        write_json(folder / ASKED, about)
        task.write_status(folder, Status("stopped"))
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
    if current.alive or current.state == "finished":
        raise DataError(f"The run {run.id} is {current.state}.", "Start a new one to train again.")
    task.spawn(run.folder, ["train", "--run", str(run.folder.resolve()), "--quiet"])
    return opened(run.folder)


def opened(folder: Path) -> Run:
    """Look at a run.

    Raises
    ------
    DataError
        For a folder that holds none.
    """
    request, about = load(folder)
    return Run(folder, about, task.read_status(folder), request)


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
    """Return all runs, the newest first; those that cannot be read are in `damaged`."""
    found = []
    for name in _ids():
        with contextlib.suppress(DataError):
            found.append(opened(home() / name))
    return sorted(found, key=_age, reverse=True)


def damaged() -> list[tuple[Path, DataError]]:
    """Return the folders of those runs whose ``run.json`` cannot be read, each with the reason."""
    found = []
    for name in _ids():
        try:
            load(home() / name)
        except DataError as error:
            if (home() / name / ASKED).exists():  # else it was removed meanwhile
                found.append((home() / name, error))
    return found


def is_free(run: Run) -> bool:
    """Tell whether it is this queued run's turn: nobody trains, and no live run has waited longer."""
    waiting = [other for other in list_all() if other.state == "waiting" and other.id != run.id]
    return not is_held(turn()) and all(_age(run) <= _age(other) for other in waiting)


def _age(run: Run) -> tuple[str, str]:
    return run.about["created"], run.id


def _ids() -> list[str]:
    return [path.parent.name for path in home().glob("[!.]*/" + ASKED)] if home().is_dir() else []


def _new_folder(model: str) -> Path:
    home().mkdir(parents=True, exist_ok=True)
    stem = f"{datetime.now():%Y-%m-%d-%H%M%S}-{model}"
    for number in range(1, 1000):
        folder = home() / (stem if number == 1 else f"{stem}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise FileExistsError(stem)
