"""How many may work at a time."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PAUSE_S = 0.1


class Slots:
    """Counts those who are at work, and lets no more than so many in.

    Parameters
    ----------
    most
        Returns how many; asked each time.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._taken: set[object] = set()
        self._lock = threading.Lock()

    @property
    def most(self) -> int:
        """How many may work at a time."""
        return self._most()

    @property
    def taken(self) -> int:
        """How many are at work."""
        return len(self._taken)

    def take(self) -> Callable[[], None] | None:
        """Take a slot and return what gives it back, where calling that twice changes nothing; None for none free."""
        with self._lock:
            if self.taken >= self.most:
                return None
            mine = object()
            self._taken.add(mine)
        return lambda: self._taken.discard(mine)

    @contextmanager
    def held(self, check: Callable[[], None]) -> Iterator[int]:
        """Wait for a slot and hold it while inside.

        Parameters
        ----------
        check
            Called while it waits; what it raises ends the wait.

        Yields
        ------
        int
            How many threads are its share of those slots that are cores.
        """
        while (give_back := self.take()) is None:
            check()
            time.sleep(_PAUSE_S)
        try:
            yield max(1, self.most // self.taken)
        finally:
            give_back()


CORES = Slots(lambda: os.cpu_count() or 1)
"""A task in memory for each core; the others wait."""
