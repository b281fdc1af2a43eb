"""How many cameras one server watches at a time: one more is told so, rather than slowing all of them."""

import threading
from collections.abc import Callable

from engine import settings
from engine.errors import LiveError


class Room:
    """Counts those who are in.

    Parameters
    ----------
    most
        How many there is room for; asked at each admission.
    """

    def __init__(self, most: Callable[[], int] = settings.live_streams) -> None:
        self._most = most
        self._inside: set[int] = set()
        self._last = 0
        self._lock = threading.Lock()

    @property
    def inside(self) -> int:
        """How many are in."""
        return len(self._inside)

    @property
    def most(self) -> int:
        """How many there is room for."""
        return self._most()

    def ask(self) -> None:
        """Ask whether there is room for one more.

        Raises
        ------
        LiveError
            Where there is none.
        """
        if self.inside >= (most := self.most):
            cameras = "1 camera is" if most == 1 else f"{most} cameras are"
            raise LiveError(
                f"The server is busy: {cameras} being watched, and it has no room for more.",
                "The camera is offered here once another one is stopped. The page Video takes a recording meanwhile.",
            )

    def admit(self) -> Callable[[], None]:
        """Let one in, and return what lets it out; to call that twice changes nothing.

        Raises
        ------
        LiveError
            Where there is no room.
        """
        with self._lock:
            self.ask()
            self._last += 1
            number = self._last
            self._inside.add(number)

        def leave() -> None:
            with self._lock:
                self._inside.discard(number)

        return leave


ROOM = Room()
"""Of this process."""
