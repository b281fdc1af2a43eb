"""How long work on data sets tells how far it is, and is told to stop."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import DataError

Progress = Callable[[int, int, str], None]
"""Is told how many of how many are done, and in a few words what is being done."""

Cancelled = Callable[[], bool]
"""Is asked now and then whether to stop."""


class CancelledError(DataError):
    """The work was stopped by whoever asked for it."""

    def __init__(self) -> None:
        super().__init__("It was cancelled.", "What was there before is unchanged.")


@dataclass(frozen=True)
class Watch:
    """Both ends of the line between long work and whoever waits for it.

    Attributes
    ----------
    progress
        Called often; a reporter that writes or draws must slow itself down.
    cancelled
        Asked often.
    """

    progress: Progress | None = None
    cancelled: Cancelled | None = None

    def step(self, done: int, total: int, words: str) -> None:
        """Tell how far the work is.

        Raises
        ------
        CancelledError
            Where it is to stop.
        """
        if self.cancelled is not None and self.cancelled():
            raise CancelledError
        if self.progress is not None:
            self.progress(done, total, words)


SILENT = Watch()
"""Tells nobody, and nobody stops it."""
