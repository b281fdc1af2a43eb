"""Whether a lock is held: a process holds a `filelock.FileLock` while it lives, and lets go of it however it dies."""

from pathlib import Path

from filelock import FileLock, Timeout


def is_held(path: Path) -> bool:
    """Tell whether somebody holds the lock on ``path`` now; two who ask never take each other for the holder."""
    if not path.exists():
        return False
    # Asking is trying: only one may try at a time. Whoever wants to hold it waits until the question is over.
    with FileLock(path.with_name(f"{path.name}.asked")):
        try:
            with FileLock(path, blocking=False):
                return False
        except Timeout:
            return True
