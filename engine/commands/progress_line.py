"""How far long work is, in one line of the terminal."""

import sys
import time
from contextlib import suppress

from engine.jobs import time_left

_TELL_S = 0.1


class ProgressLine:
    """Draws one line over and over; where standard error is no terminal, a line for each new step."""

    def __init__(self) -> None:
        self._words = ""
        self._began = self._told = 0.0

    def __call__(self, done: int, total: int, words: str) -> None:
        """Tell that ``done`` of ``total`` are done."""
        now, new = time.monotonic(), words != self._words
        if new:
            self._words, self._began = words, now
        if not sys.stderr.isatty():
            if new:
                self._write(f"{words} ...\n")
        elif new or now - self._told >= _TELL_S or done == total:
            self._told = now
            left = time_left(done, total, now - self._began)
            counted = f" {done:,} of {total:,} ({done / total:.0%})" if total else ""
            self._write(f"\r\x1b[K{words}{counted}{'' if left is None else f', {in_words(left)} left'}")

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self._words and sys.stderr.isatty():
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        # Nobody may be listening any more.
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()


def in_words(seconds: float) -> str:
    """Return a time to wait: ``about 40 s``, ``about 3 min``."""
    if seconds < 90:
        return f"about {max(1, round(seconds)):d} s"
    return f"about {seconds / 60:.0f} min"
