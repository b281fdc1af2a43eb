"""Answers kept in a file while a long comparison runs, so that a stopped one goes on."""

import json
from pathlib import Path
from typing import Any

from engine.errors import DataError
from engine.files import replace_with


def read(path: Path | None) -> dict[str, Any]:
    """Return what is kept there; nothing where there is no file yet, or none is named.

    Raises
    ------
    DataError
        For a file that cannot be read, or holds something else.
    """
    if path is None or not path.exists():
        return {}
    remedy = "Name another file, or remove it."
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}).", remedy) from error
    if not isinstance(kept, dict):
        raise DataError(f"{path} holds no answers.", remedy)
    return kept


def write(path: Path | None, kept: dict[str, Any]) -> None:
    """Keep it: whole, or what was there before; nowhere for None."""
    if path is not None:
        with replace_with(path) as file:
            file.write(json.dumps(kept).encode())
