"""What a run's process does: wait for its turn, do the steps, and end in a sentence whatever happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import DataError
from engine.tasks import Cancelled
from engine.tasks.task import TaskProgress, working
from engine.training import runs, steps

_PAUSE_S = 0.5


def work(folder: Path, *, echo: bool) -> runs.Run:
    """Work on a run until it has ended, from its last finished epoch where there is one.

    Parameters
    ----------
    folder
        The run's.
    echo
        Whether the log is printed too.

    Returns
    -------
    runs.Run
        How it ended: finished or cancelled.

    Raises
    ------
    UserError
        Where another process works on it already, or it failed; then its status says the same.
    """
    run = runs.opened(folder)
    if run.state == "finished":
        raise DataError(f"The run {run.id} has finished.", "Start a new one to train again.")
    with suppress(Cancelled), working(folder, echo=echo) as progress, _turn(run, progress):
        steps.train(run, progress)
    return runs.opened(folder)


@contextmanager
def _turn(run: runs.Run, progress: TaskProgress) -> Iterator[None]:
    """Wait until no other training is at work: two at once on the same cores would each take twice as long."""
    runs.home().mkdir(parents=True, exist_ok=True)
    while True:
        with suppress(Timeout):
            if runs.is_free(run):
                turn = FileLock(runs.turn(), blocking=False).acquire()
                break
        progress.wait("waiting for another training to end")
        time.sleep(_PAUSE_S)
    with turn:
        yield
