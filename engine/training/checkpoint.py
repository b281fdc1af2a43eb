"""Everything a training needs to go on after its last finished epoch, in a file replaced whole or not at all."""

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.errors import ModelError
from engine.files import replace_with


@dataclass
class Checkpoint:
    """A training after its last finished epoch.

    Attributes
    ----------
    epoch
        How many epochs are finished.
    model
        The network's variables, the states of its random generators included.
    optimizer
        The optimizer's variables: moments, step counter, moving averages.
    history
        A list of one number an epoch for each of ``loss``, ``accuracy``, ``val_loss`` ...
    best_loss, waited
        The lowest validation loss so far and how many epochs ago it was.
    answering
        The network's variables to answer with: those of the best epoch with early stopping, the moving averages with
        averaging, else the last ones.
    """

    epoch: int
    model: list[np.ndarray]
    optimizer: list[np.ndarray]
    answering: list[np.ndarray]
    history: dict[str, list[float]] = field(default_factory=dict)
    best_loss: float | None = None
    waited: int = 0

    def save(self, path: Path) -> None:
        """Write an ``.npz`` of plain arrays; the file that was there stays whole until this one is.

        Raises
        ------
        OSError
            Where it cannot be written, for instance on a full disk.
        """
        about = json.dumps(
            {"epoch": self.epoch, "history": self.history, "best_loss": self.best_loss, "waited": self.waited}
        )
        arrays = {
            f"{part}/{number:04d}": value
            for part in ("model", "optimizer", "answering")
            for number, value in enumerate(getattr(self, part))
        }
        with replace_with(path) as file:
            np.savez(file, about=np.array(about), **arrays)

    @classmethod
    def load(cls, path: Path) -> "Checkpoint":
        """Read what `save` wrote.

        Raises
        ------
        ModelError
            For a file that is missing, damaged or of another form.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"]))
                parts: dict[str, list[np.ndarray]] = {"model": [], "optimizer": [], "answering": []}
                for name in sorted(set(stored.files) - {"about"}):
                    parts[name.partition("/")[0]].append(stored[name])
            return cls(**parts, **about)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"The checkpoint {path.name} cannot be read ({error}).", "Remove it; the training then begins anew."
            ) from error
