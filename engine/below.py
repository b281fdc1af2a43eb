"""What lies below a folder, and files that are opened without ever waiting for one."""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SYSTEMS = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini", ".directory", ".git", ".svn", ".ipynb_checkpoints"}


@dataclass(frozen=True)
class Below:
    """One thing below a folder.

    Attributes
    ----------
    path
        The folder's path as it was given, and the way below it.
    why
        Why it cannot be read, as the end of a sentence without its stop; None for a file.
    """

    path: Path
    why: str | None = None


def is_systems(name: str) -> bool:
    """Tell whether a name is one that systems and tools leave behind, and no file of the user's."""
    return name.startswith("._") or name.lower() in _SYSTEMS


def files_below(root: Path, hidden: bool = True) -> Iterator[Below]:
    """Yield all files below a folder, each folder's by name before its sub-folders, and what cannot be read there.

    Links to files and folders are followed; a folder is looked into once, however many links lead to it, and a link to
    a folder around the root is not followed.

    Parameters
    ----------
    root
        The folder.
    hidden
        Whether names with a dot in front count.

    Yields
    ------
    Below
        A file, or a folder that may not be read, a link to nothing, a pipe, a socket or a device, each with the reason.
    """
    inside = Path(os.path.realpath(root))
    around = {_identity(folder) for folder in inside.parents}
    seen: set[tuple[int, int] | None] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            if (identity := _identity(folder)) in seen:
                continue
            seen.add(identity)
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield Below(folder, _unreadable(error))
            continue
        folders = []
        for entry in entries:
            if is_systems(entry.name) or (not hidden and entry.name.startswith(".")):
                continue
            path = folder / entry.name
            try:
                if entry.is_dir():
                    if not (entry.is_symlink() and _is_met_anyway(path, inside, around)):
                        folders.append(path)
                elif entry.is_file():
                    yield Below(path)
                else:
                    yield Below(path, what_it_is(path))
            except OSError:
                yield Below(path, what_it_is(path))
        waiting += reversed(folders)


def unreadable_folder(path: Path) -> str | None:
    """Return why a folder cannot be read, as `Below.why`; None for one that can, and for what is none."""
    try:
        if path.is_dir():
            with os.scandir(path):
                pass
    except OSError as error:
        return _unreadable(error)
    return None


def _unreadable(error: OSError) -> str:
    return f"the folder cannot be read ({reason(error)})"


def _identity(folder: Path) -> tuple[int, int] | None:
    state = folder.stat()
    return (state.st_dev, state.st_ino)


def _is_met_anyway(link: Path, inside: Path, around: set[tuple[int, int] | None]) -> bool:
    """Tell whether a link leads to a folder below the root, which is met under its own name, or around it."""
    target = Path(os.path.realpath(link))
    hidden = any(part.startswith(".") for part in target.parts[len(inside.parts) :])
    return (target.is_relative_to(inside) and not hidden) or _identity(link) in around


def what_it_is(path: Path) -> str:
    """Return what is in the place of a file, as the end of a sentence: ``"it is a pipe, no file"``."""
    if path.is_symlink() and not path.exists():
        return "it is a link to nothing, or to itself"
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"it cannot be read ({reason(error)})"
    for test, what in (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISREG, "a file"),
    ):
        if test(mode):
            return f"it is {what}, no file"
    return "it is a device, no file"


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading, and nothing that one could wait for: a pipe, a socket or a device.

    Raises
    ------
    OSError
        Where it cannot be read or is no file; `reason` says it in words.
    ValueError
        For a name that no file can have.
    """
    if path.is_symlink() and not path.exists():
        raise OSError(errno.ENOENT, what_it_is(path), str(path))

    def opened(name: str, flags: int) -> int:
        if not stat.S_ISREG(os.stat(name).st_mode):  # noqa: PTH116  merely opening some devices does something
            raise OSError(errno.EINVAL, what_it_is(path), name)
        # What was a file may have become a pipe: without O_NONBLOCK opening one that nobody writes into never returns.
        descriptor = os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, what_it_is(path), name)
        return descriptor

    return open(path, "rb", opener=opened)


def reason(error: Exception) -> str:
    """Return why a file could not be read, without its name."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
