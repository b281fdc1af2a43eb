"""What a run's process does: wait for its turn, do the steps, and end in a sentence whatever happens."""

import concurrent.futures
import errno
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from engine.errors import DataError, ModelError, UserError
from engine.tasks import Cancelled
from engine.training import runs, steps
from engine.training.report import Report

_PAUSE_S = 0.5
_FULL = (errno.ENOSPC, errno.EDQUOT)


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
    try:
        runs.home().mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=1.0):
            report = Report(folder, echo=echo)
            with _ending(report):
                with _turn(run, report):
                    steps.train(run, report)
                report.end("finished")
    except TimeoutError as error:
        raise DataError(f"The run {run.id} is at work already.", "Wait for it, or cancel it.") from error
    except OSError as error:
        raise _sentence(error, folder) from error
    return runs.opened(folder)


@contextmanager
def _ending(report: Report) -> Iterator[None]:
    """Let the status say how it ended, in words that a user may read."""
    try:
        yield
    except (Cancelled, concurrent.futures.CancelledError):
        report.end("cancelled")
    except UserError as error:
        report.end("failed", error.what, error.remedy)
        raise
    except Exception as error:
        sentence = _sentence(error, report.folder)
        if not isinstance(error, (OSError, MemoryError)):
            report.say(traceback.format_exc())
        report.end("failed", sentence.what, sentence.remedy)
        raise sentence from error


@contextmanager
def _turn(run: runs.Run, report: Report) -> Iterator[None]:
    """Wait until no other training is at work: two at once on the same cores would each take twice as long."""
    queued = False
    while True:
        if runs.is_free(run):
            try:
                with FileLock(runs.home() / ".training", timeout=0):
                    yield
                    return
            except TimeoutError:
                pass
        if not queued:
            report.enter("queued", "waiting for another training to end")
            queued = True
        report.look()
        report.write()
        time.sleep(_PAUSE_S)


def _sentence(error: Exception, folder: Path) -> UserError:
    if isinstance(error, OSError) and error.errno in _FULL:
        return DataError(
            f"The disk that holds {folder} is full.",
            "Make room and resume the run; it goes on after the last finished epoch.",
        )
    if isinstance(error, OSError):
        return DataError(f"A file cannot be read or written ({error}).", "Mend that and resume the run.")
    if isinstance(error, MemoryError):
        return ModelError(
            "The memory does not suffice for this training.",
            "Close other programs or start a run with smaller batches.",
        )
    return ModelError(
        f"Something went wrong inside the training ({type(error).__name__}: {error}).",
        "Resume it; if it fails again, report what its log says.",
    )
