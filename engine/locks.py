"""Locks on files: a process holds one for as long as it lives, and lets go of it however it dies."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_S = 5.0
_PAUSE_S = 0.02


@contextmanager
def held(path: Path, patience: float = _PATIENCE_S) -> Iterator[None]:
    """Hold a lock while inside.

    Parameters
    ----------
    path
        Of a file that is only there to be locked; created where it is missing, and left behind.
    patience
        Seconds to wait for whoever holds it.

    Raises
    ------
    TimeoutError
        Where somebody else holds it for longer.
    """
    with path.open("a+b") as file:
        end = time.monotonic() + patience
        while not _try(file.fileno(), exclusive=True):
            if time.monotonic() > end:
                raise TimeoutError(f"{path} is held by another process.")
            time.sleep(_PAUSE_S)
        try:
            yield
        finally:
            _release(file.fileno())


def is_held(path: Path) -> bool:
    """Tell whether some process holds the lock on ``path`` now."""
    if not path.exists():
        return False
    with path.open("a+b") as file:
        if not _try(file.fileno(), exclusive=False):
            return True
        _release(file.fileno())
        return False


if os.name == "nt":
    import msvcrt

    def _try(descriptor: int, exclusive: bool) -> bool:
        del exclusive
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(descriptor: int, exclusive: bool) -> bool:
        # Those who only ask share the lock, so that two of them never take each other for its holder.
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
