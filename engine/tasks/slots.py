"""How many may work at a time, and who is next."""

import heapq
import itertools
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


class Turns:
    """Lets no more than so many threads work at a time; what is more urgent comes first, then who has waited longer.

    More than the cores would take as long for all together, but each more memory and the interpreter from the others.

    Parameters
    ----------
    most
        Returns how many.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._news = threading.Condition()
        self._numbers = itertools.count()
        self._waiting: list[tuple[int, int]] = []
        self._busy = 0

    @contextmanager
    def taken(self, rank: int = 0) -> Iterator[bool]:
        """Wait for a turn and hold it while inside.

        Parameters
        ----------
        rank
            The lower, the more urgent.

        Yields
        ------
        bool
            Whether nobody else is at work or waits.
        """
        with self._news:
            mine = rank, next(self._numbers)
            heapq.heappush(self._waiting, mine)
            self._news.wait_for(lambda: self._busy < self._most() and self._waiting[0] == mine)
            heapq.heappop(self._waiting)
            alone = not self._busy and not self._waiting
            self._busy += 1
            self._news.notify_all()
        try:
            yield alone
        finally:
            with self._news:
                self._busy -= 1
                self._news.notify_all()
