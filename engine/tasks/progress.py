"""How long work tells how far it is, and is told to stop."""

import time
from collections.abc import Callable

from engine.errors import DataError
from engine.tasks.status import Status, time_left


class Cancelled(DataError):  # noqa: N818 - it is no error: somebody asked for it
    """The work was stopped by whoever asked for it."""

    def __init__(self) -> None:
        super().__init__("It was cancelled.", "What was there before is unchanged.")


class Progress:
    """Both ends of the line between long work and whoever waits for it.

    Parameters
    ----------
    tell
        Is told how far the work is; None tells nobody.
    cancelled
        Asked at each step whether to stop.
    every_s
        Seconds between two times that ``tell`` is called, so that telling costs nothing; the beginning and the end of
        a step are told at once.

    Examples
    --------
    >>> progress = Progress(lambda status: print(status.sentence), every_s=0)
    >>> for done in range(3):
    ...     progress.step(done, 2, "reading")
    reading, 0 of 2
    reading, 1 of 2
    reading, 2 of 2
    """

    def __init__(
        self,
        tell: Callable[[Status], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        every_s: float = 0.25,
    ) -> None:
        self._tell, self._cancelled, self._every_s = tell, cancelled, every_s
        self._untold: Status | None = None
        self._words: str | None = None
        self._began = self._told = 0.0
        self._first: float = 0

    def check(self) -> None:
        """Raise `Cancelled` where the work is to stop."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled

    def step(self, done: float, total: float, words: str) -> None:
        """Tell how far the work is; may be called often.

        Parameters
        ----------
        done, total
            How much of the present step; ``total`` is 0 while nobody knows.
        words
            What is being done; other words are another step.

        Raises
        ------
        Cancelled
            Where the work is to stop.
        """
        self.check()
        if self._tell is None:
            return
        now = time.monotonic()
        new = words != self._words or done < self._first
        if new:
            self._words, self._began, self._first = words, now, done
        seconds = now - self._began
        left = time_left(done - self._first, total - self._first, seconds)
        self._untold = Status("running", done, total, words, seconds, left)
        if new or 0 < done == total or now - self._told >= self._every_s:
            self._told = now
            self.flush()

    def flush(self) -> None:
        """Tell the last step now, where it has not been told."""
        if self._tell is not None and self._untold is not None:
            untold, self._untold = self._untold, None
            self._tell(untold)

    def say(self, line: str) -> None:
        """Put a line into the work's log, where it has one."""


SILENT = Progress()
"""Tells nobody, and nobody stops it."""
