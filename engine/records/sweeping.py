"""Deletion by date: at the start of a server and every hour, whether anybody looks or not."""

import logging
import os
import time
from datetime import UTC, datetime, timedelta

from engine import settings

EVERY_S = 3600.0
_JUMP_S = 3600.0

_log = logging.getLogger(__name__)


class Sweeper:
    """Deletes what has passed its date: at the first look, and then every `EVERY_S`.

    Where the clock has jumped ahead by more than time has passed, a round deletes nothing: the clock may be set right
    again before the next.
    """

    def __init__(self) -> None:
        self._wall, self._ticks = _now(), _passed()
        self._due = self._ticks

    def look(self) -> bool:
        """Delete what is to be deleted where that is due; tell whether it was done. May be called at any time."""
        wall, ticks = _now(), _passed()
        if ticks < self._due:
            return False
        ahead = (wall - self._wall).total_seconds() - (ticks - self._ticks)
        self._wall, self._ticks, self._due = wall, ticks, ticks + EVERY_S
        if ahead > _JUMP_S:
            said = "The clock jumped ahead by %s: nothing is deleted by date before the next hour."
            _log.warning(said, timedelta(seconds=ahead))
            return False
        if not anything_kept():
            return False
        from engine.records import pictures

        try:
            pictures.sweep()
        except Exception as error:  # whatever one round meets, the next is tried
            _log.warning("What has passed its date could not be deleted: %s", error)
            return False
        return True


def anything_kept() -> bool:
    """Tell whether anything can have been kept; whoever keeps nothing need not wait for a database's libraries."""
    return bool(os.environ.get("NEUROMER_DATABASE_URL")) or (settings.data_folder() / "records.db").is_file()


def _now() -> datetime:
    return datetime.now(UTC)


def _passed() -> float:
    """Return seconds that pass whatever is done to the clock, also while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
