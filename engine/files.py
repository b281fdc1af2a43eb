"""Files that are there whole or not at all."""

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from engine import arrays

UNREADABLE = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, MemoryError)
"""What reading a file of arrays raises that is missing, damaged or of another form."""


@contextmanager
def replace_with(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of ``path`` once it is written whole.

    Until then, and after any error, what was at ``path`` is still there.

    Raises
    ------
    OSError
        Where it cannot be written, for instance on a full disk.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file; raises `OSError` as `replace_with`."""
    with replace_with(path) as file:
        # A lone surrogate, as in a file's name that is no text, becomes the escape that JSON has for it.
        file.write((json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))


def write_arrays(path: Path, about: Any, *, compress: bool = False, **given: np.ndarray) -> None:
    """Write an ``.npz`` of plain arrays with what JSON can say of them; raises `OSError` as `replace_with`."""
    with replace_with(path) as file:
        named: dict[str, Any] = {"about": np.array(json.dumps(about)), **given}
        (np.savez_compressed if compress else np.savez)(file, **named)


def read_arrays(path: Path) -> tuple[Any, dict[str, np.ndarray]]:
    """Return what `write_arrays` was told of the arrays, and the arrays; raises one of `UNREADABLE`."""
    stored = arrays.read_arrays(path)
    return json.loads(str(stored.pop("about"))), stored


def unpacked(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a file in a zip, and unpack no more than it says that it has: it may hold far more.

    Raises
    ------
    Exception
        One of the many of `zipfile` for a file that is damaged; also where it holds more.
    """
    with packed.open(entry) as file:
        return file.read(entry.file_size + 1)  # without a number all is unpacked at once
