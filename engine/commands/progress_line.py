"""How far long work is, in one line of the terminal."""

import sys
from contextlib import suppress
from typing import Self

from engine.console import printable, unfiltered
from engine.tasks import Progress, Status
from engine.tasks.status import in_words


class ProgressLine(Progress):
    """Draws one line over and over while inside; where standard error is no terminal, a line for each new step."""

    def __init__(self) -> None:
        super().__init__(self._draw, every_s=0.1)
        self._drawn = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self._drawn and sys.stderr.isatty():
            self._write("\r\x1b[K")

    def _draw(self, status: Status) -> None:
        new, self._drawn = status.words != self._drawn, status.words
        if sys.stderr.isatty():
            counted = f" {status.done:,} of {status.total:,} ({status.share:.0%})" if status.total else ""
            left = "" if status.seconds_left is None else f", {in_words(status.seconds_left)} left"
            self._write(f"\r\x1b[K{printable(status.words)}{counted}{left}")
        elif new:
            self._write(f"{printable(status.words)} ...\n")

    @staticmethod
    def _write(text: str) -> None:
        # Nobody may be listening any more.
        with suppress(OSError):
            unfiltered(sys.stderr).write(text)
            sys.stderr.flush()
