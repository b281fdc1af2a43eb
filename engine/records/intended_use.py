"""What NeuroMER is for, accepted once by everybody who uses it: a file in the data folder holds who, which text, when.

Not in the database, which takes most of a second to open: this is asked before the first page.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from engine import settings
from engine.files import write_json
from engine.kept import read_json

FILE = "intended-use.json"


def accepted(owner: str, text: str) -> bool:
    """Tell whether somebody has accepted this very text.

    Parameters
    ----------
    owner
        Who.
    text
        What was shown; another text is asked about anew. A file that cannot be read counts as none.
    """
    known = _known().get(owner)
    return isinstance(known, dict) and known.get("text") == _digest(text)


def accept(owner: str, text: str) -> None:
    """Note that somebody has accepted a text, now.

    Raises
    ------
    OSError
        Where nothing can be written.
    """
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        write_json(path, _known() | {owner: {"text": _digest(text), "accepted_at": now}})


def _path() -> Path:
    return settings.data_folder() / FILE


def _known() -> dict[str, Any]:
    try:
        known = read_json(_path())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
