"""How many cameras one server watches at a time: one more is told so, rather than slowing all of them."""

from collections.abc import Callable

from engine import settings
from engine.errors import LiveError
from engine.tasks.slots import Slots
from engine.words import counted


class CameraSlots(Slots):
    """A slot for each camera that is watched.

    Parameters
    ----------
    most
        Returns how many may be; asked at each admission.
    """

    def __init__(self, most: Callable[[], int] = settings.live_streams) -> None:
        super().__init__(most)

    def ask(self) -> None:
        """Ask whether there is room for one more.

        Raises
        ------
        LiveError
            Where there is none.
        """
        if self.taken >= self.most:
            raise self._full()

    def admit(self) -> Callable[[], None]:
        """Let one in, and return what lets it out; to call that twice changes nothing.

        Raises
        ------
        LiveError
            Where there is no room.
        """
        if (leave := self.take()) is None:
            raise self._full()
        return leave

    def _full(self) -> LiveError:
        cameras = counted(self.most, "camera is", "cameras are")
        return LiveError(
            f"The server is busy: {cameras} being watched, and it has no room for more.",
            "The camera is offered here once another one is stopped. The page Video takes a recording meanwhile.",
        )


CAMERAS = CameraSlots()
"""Of this process."""
