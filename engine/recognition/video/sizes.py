"""How large a recording's pictures are, and where that changes: streams grow, and telephones are turned."""

from collections import Counter

from engine.videos import Frame

Size = tuple[int, int]
"""Width and height in pixels."""


class Sizes:
    """Takes the frames of one recording in their order.

    Attributes
    ----------
    read
        Size of the latest picture as it was read; (0, 0) before the first.
    """

    def __init__(self) -> None:
        self.read: Size = (0, 0)
        self._latest: tuple[object, Size, Size] | None = None
        self._counts: Counter[Size] = Counter()
        self._changes: list[tuple[float, Size, Size]] = []

    @property
    def usual(self) -> Size:
        """The size that most pictures have in the recording."""
        return self._counts.most_common(1)[0][0]

    def take(self, frame: Frame) -> bool:
        """Take the next frame; return whether it has another size, or is turned otherwise, than the one before."""
        self.read = frame.picture.shape[1], frame.picture.shape[0]
        before, self._latest = self._latest, (frame.layout, self.read, frame.size)
        self._counts[frame.size] += 1
        if before is None or before == self._latest:
            return False
        self._changes.append((frame.time_s, before[2], frame.size))
        return True

    def sentences(self) -> list[str]:
        """Return what a reader has to know of the changes."""
        if not self._changes:
            return []
        (time_s, before, after), count = self._changes[0], len(self._changes)
        how = "are turned" if before == after else f"change from {_pixels(before)} to {_pixels(after)} pixels"
        if count == 1:
            return [f"The pictures {how} at {time_s:.2f} s: motion is not followed across that."]
        return [
            f"The pictures change their size or are turned {count} times, between {time_s:.2f} and "
            f"{self._changes[-1][0]:.2f} s; first they {how}. Motion is not followed across such a change."
        ]


def _pixels(size: Size) -> str:
    return f"{size[0]} × {size[1]}"
