"""Files that are there whole or not at all."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO


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
        file.write((json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())
