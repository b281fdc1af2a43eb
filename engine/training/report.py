"""What a run's process tells the world while it works, and how it hears that it is to end."""

import json
import os
import time
from pathlib import Path

from engine.files import replace_with
from engine.tasks import Cancelled
from engine.training.status import Status
from engine.training.watch import Watch

_WRITE_S, _LOOK_S = 1.0, 0.25
_RESERVE_BYTES = 65_536


class Report(Watch):
    """Writes status, history and log into a run's folder; ends the work where somebody put a file ``cancel`` there.

    A small reserve on the disk lets it still say that the disk is full.

    Parameters
    ----------
    folder
        The run's.
    echo
        Whether the log is printed too.
    """

    def __init__(self, folder: Path, *, echo: bool) -> None:
        self.folder, self.echo = folder, echo
        self.status = Status.read(folder)
        self._began, self._before = time.monotonic(), self.status.seconds
        self._wrote = self._looked = 0.0
        self._epochs: tuple[float, int] | None = None
        self._reserve = folder / ".reserve"
        self._reserve.write_bytes(os.urandom(_RESERVE_BYTES))

    def enter(self, state: str, doing: str) -> None:
        """Say that another stage begins."""
        self.status.state, self.status.doing, self.status.pid = state, doing, os.getpid()
        self.status.epoch_left = None
        self.say(doing)
        self.write()
        self.look()

    def look(self) -> None:
        """Raise `Cancelled` where the work is to end."""
        if self.asked_to_end():
            raise Cancelled

    def asked_to_end(self) -> bool:
        """Whether somebody wants the work to end."""
        return (self.folder / "cancel").exists()

    def begin(self, epochs: int, done: int = 0) -> None:
        """Say how many epochs, or folds, there are and how many were done before."""
        self.status.epochs, self.status.epoch = epochs, done
        self.status.batch = self.status.batches = 0
        self._epochs = (time.monotonic(), done)

    def batch(self, epoch: int, done: int, batches: int) -> None:
        """Hear that a batch is done."""
        now = time.monotonic()
        if now - self._looked >= _LOOK_S:
            self._looked = now
            self.look()
        self.status.batch, self.status.batches = done, batches
        if now - self._wrote >= _WRITE_S:
            self._estimate(epoch + done / batches, epoch)
            self.write()

    def epoch(self, epochs: int, history: dict[str, list[float]]) -> None:
        """Hear that an epoch is done."""
        with replace_with(self.folder / "history.json") as file:
            file.write(json.dumps(history).encode())
        self.status.epoch, self.status.batch = epochs, 0
        self._estimate(epochs, epochs)
        self.say(_line(epochs, self.status.epochs, {name: values[-1] for name, values in history.items()}))
        self.write()

    def fold(self, done: int, folds: int) -> None:
        """Hear that a fold of a cross-validation is done."""
        self.look()
        self.status.epoch, self.status.epochs = done, folds
        self._estimate(done, done)
        self.say(f"fold {done} of {folds} done")
        self.write()

    def end(self, state: str, what: str = "", remedy: str = "") -> None:
        """Say how it ended; works on a full disk too."""
        self._reserve.unlink(missing_ok=True)
        self.status.state, self.status.doing, self.status.what, self.status.remedy = state, "", what, remedy
        self.status.epoch_left = self.status.total_left = None
        self.say(f"{state}: {what} {remedy}" if what else state)
        self.write()

    def say(self, line: str) -> None:
        """Write a line into the log."""
        line = f"{time.strftime('%H:%M:%S')}  {line}"
        if self.echo:
            print(line, flush=True)
        with (self.folder / "log.txt").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def write(self) -> None:
        """Write the status."""
        self._wrote = time.monotonic()
        self.status.seconds = self._before + self._wrote - self._began
        self.status.write(self.folder)

    def _estimate(self, done: float, epoch: int) -> None:
        began, before = self._epochs or (time.monotonic(), 0)
        if done > before:
            each = (time.monotonic() - began) / (done - before)
            self.status.epoch_left = max(0.0, epoch + 1 - done) * each
            self.status.total_left = max(0.0, self.status.epochs - done) * each


def _line(epoch: int, epochs: int, last: dict[str, float]) -> str:
    words = {"loss": "loss", "accuracy": "accuracy"}
    words |= {f"val_{name}": f"validation {word}" for name, word in words.items()}
    parts = [
        f"{words[name]} {last[name]:.2%}" if "accuracy" in name else f"{words[name]} {last[name]:.4f}"
        for name in words
        if name in last
    ]
    return f"epoch {epoch} of {epochs}: " + ", ".join(parts)
