"""Everything a training needs to go on after its last finished epoch, in a file replaced whole or not at all."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.errors import ModelError
from engine.files import UNREADABLE, read_arrays, write_arrays
from engine.kept import sound

_ABOUT = {"epoch": int, "history": {str: [float]}, "best_loss": (float, None), "waited": int}


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
        about = {name: getattr(self, name) for name in ("epoch", "history", "best_loss", "waited")}
        arrays = {
            f"{part}/{number:04d}": value
            for part in ("model", "optimizer", "answering")
            for number, value in enumerate(getattr(self, part))
        }
        write_arrays(path, about, **arrays)

    @classmethod
    def load(cls, path: Path) -> "Checkpoint":
        """Read what `save` wrote.

        Raises
        ------
        ModelError
            For a file that is missing, damaged or of another form.
        """
        try:
            said, arrays = read_arrays(path)
            kept = sound(said, _ABOUT)
            about = {name: kept[name] for name in _ABOUT}
            parts: dict[str, list[np.ndarray]] = {"model": [], "optimizer": [], "answering": []}
            for name in sorted(arrays):
                if (part := name.partition("/")[0]) in parts:  # and none that a newer version adds
                    parts[part].append(arrays[name])
            return cls(**about, **parts)  # type: ignore[arg-type]  # of one type as far as a file can tell
        except UNREADABLE as error:
            raise ModelError(
                f"The checkpoint {path.name} cannot be read ({error}).", "Remove it; the training then begins anew."
            ) from error
