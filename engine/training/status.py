"""How far a run is, in a small file that is replaced whole: whoever looks never sees half of it."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from engine.files import replace_with
from engine.tasks.lock import is_held

STARTING_S = 60.0
"""How long a process may take from its start until it holds its lock, in seconds."""

ACTIVE = ("starting", "queued", "running")
"""States in which a process is at work; a run that says so without one was stopped."""

RESUMABLE = ("stopped", "cancelled", "failed")


@dataclass
class Status:
    """What a run's process says of itself.

    Attributes
    ----------
    state
        ``"starting"``, ``"queued"`` (another training is at work), ``"running"``, ``"finished"``, ``"cancelled"`` or
        ``"failed"``.
    doing
        What it is at, in a few words.
    epoch, epochs, batch, batches
        How many are done, and of how many; the batches of the present epoch. Folds count as epochs in a
        cross-validation.
    seconds, epoch_left, total_left
        How long it has worked in all, and about how long the epoch and the whole will still take; None: not yet known.
    pid, heartbeat
        The process, and when it last wrote this, in seconds since 1970.
    what, remedy
        Why it failed and what to do about it.
    """

    state: str = "starting"
    doing: str = ""
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    seconds: float = 0.0
    epoch_left: float | None = None
    total_left: float | None = None
    pid: int | None = None
    heartbeat: float = field(default_factory=time.time)
    what: str = ""
    remedy: str = ""

    def write(self, folder: Path) -> None:
        """Write ``status.json``.

        Raises
        ------
        OSError
            Where it cannot be written; the one before is still whole.
        """
        self.heartbeat = time.time()
        with replace_with(folder / "status.json") as file:
            file.write(json.dumps(asdict(self)).encode())

    @classmethod
    def read(cls, folder: Path) -> "Status":
        """Read a run's status; where a process should be at work and none is, the state is ``"stopped"``.

        A damaged file counts as stopped too: whatever wrote it is gone.
        """
        try:
            status = cls._stored(folder)
            if status.state in ACTIVE and not is_held(folder / "lock"):
                # It may have ended, or begun, between the two looks.
                status = cls._stored(folder)
                starting = status.state == "starting" and time.time() - status.heartbeat < STARTING_S
                if status.state in ACTIVE and not starting and not is_held(folder / "lock"):
                    status.state = "stopped"
            return status
        except (OSError, ValueError, TypeError):
            return cls("stopped")

    @classmethod
    def _stored(cls, folder: Path) -> "Status":
        return cls(**json.loads((folder / "status.json").read_text(encoding="utf-8")))
