"""Ctrl+C at any moment: one line, and the exit status that a shell expects of a command that was interrupted."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Self

INTERRUPTED = 130


class Interrupts:
    """While inside, Ctrl+C ends the process with one line, whatever it is doing.

    Where nobody may interrupt, as a shell's background jobs, and in other threads than the first, it does nothing.

    Parameters
    ----------
    last
        Whether the process ends after it: then nothing is left to interrupt, and its exit status stands.
    """

    def __init__(self, *, last: bool = False) -> None:
        self._last = last
        own = threading.current_thread() is threading.main_thread()
        self._heard = own and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
        self._orderly = False

    def __enter__(self) -> Self:
        if self._heard:
            self._before, self._hook = signal.signal(signal.SIGINT, self._heed), sys.unraisablehook
            sys.unraisablehook = self._lost
        return self

    def __exit__(self, *_: object) -> None:
        if self._heard:
            signal.signal(signal.SIGINT, signal.SIG_IGN if self._last else self._before)
            sys.unraisablehook = self._hook

    @contextmanager
    def orderly(self) -> Iterator[None]:
        """Inside, the first Ctrl+C raises `KeyboardInterrupt`, so that what was begun is put away; not so a second."""
        self._orderly = True
        try:
            yield
        finally:
            self._orderly = False

    def _heed(self, _: int, frame: FrameType | None) -> None:
        if not self._orderly:
            leave()
        self._orderly = False
        raise KeyboardInterrupt

    def _lost(self, told: Any) -> None:
        # What is raised while an object is taken away has nobody who could catch it.
        if told.exc_type is KeyboardInterrupt:
            leave()
        self._hook(told)


def say_so(more: str = "") -> None:
    """Say in one line that it was interrupted, and what more there is to say, on standard error itself."""
    with suppress(OSError):
        os.write(2, f"{' '.join(['Interrupted.', *more.split()])}\n".encode("utf-8", "replace"))


def leave() -> None:
    """End this process now, as one that was interrupted."""
    say_so()
    os._exit(INTERRUPTED)


@contextmanager
def deaf_children() -> Iterator[None]:
    """Let processes that are started inside never hear of Ctrl+C, which a terminal sends to all: their parent decides.

    What is sent meanwhile is heard afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
