"""When frames are shown, and what is missing between them, in sentences."""

import heapq
import math

from engine.words import counted

GAP_S = 1.0  # a longer stretch without a frame is said
STUCK = 3  # so many frames in a row may share a time before the times are taken for useless
RESET_S = 1.0  # times that go back by more have begun again, as where two recordings were joined
TOLD = 20  # sentences of one kind; what comes after is counted


class FrameClock:
    """Makes times of frames rise strictly, and remembers what it had to mend.

    Parameters
    ----------
    interval_s
        Expected between two frames.
    """

    def __init__(self, interval_s: float) -> None:
        self._interval = interval_s
        self._last = self._sound = -math.inf
        self._offset = 0.0
        self._stuck = self._mended = self._unknown = self._gaps = self._taken = self._still = 0
        self._first_mended = 0.0
        self._said: list[str] = []

    def __call__(self, raw_s: float | None, after_break: bool = False) -> float:
        """Return when a frame is shown whose file says ``raw_s``, None where it says nothing.

        A stretch without frames is not said ``after_break``, which is said anyway.
        """
        self._taken += 1
        if raw_s is None:
            self._unknown += 1
            return self._step(self._last + self._interval if self._last > -math.inf else 0.0)
        time_s = raw_s + self._offset
        if time_s > self._last:
            if not after_break and math.inf > time_s - self._last > max(GAP_S, 3 * self._interval):
                self._gaps += 1
                if self._gaps <= TOLD:
                    self._said.append(f"From {self._last:.2f} to {time_s:.2f} s the recording holds no frames.")
            self._stuck, self._sound = 0, time_s
            return self._step(time_s)
        self._mended += 1
        if self._mended == 1:
            self._first_mended = self._last
        if self._last - time_s > RESET_S:
            self._offset += self._last + self._interval - time_s
            self._sound = self._last + self._interval
            return self._step(self._sound)
        self._stuck += 1
        if self._stuck <= STUCK:  # before the next one, whose time may be right again
            return self._step(self._last + (max(self._sound + self._interval, self._last) - self._last) / 2)
        self._still += 1
        return self._step(self._last + self._interval)

    @property
    def stands(self) -> bool:
        """Whether the times are none: most frames share one."""
        return self._still > self._taken / 2

    def sentences(self) -> list[str]:
        """Return what a reader has to know of the times."""
        said = list(self._said)
        if self._gaps > TOLD:
            said.append(f"{self._gaps - TOLD} further stretches of more than {GAP_S:g} s hold no frames.")
        if self._mended:
            said.append(
                f"The times of {_frames(self._mended)} went backwards or stood still, first at "
                f"{self._first_mended:.2f} s; they were put in order, so times around them are estimates."
            )
        if self._unknown:
            said.append(f"{_frames(self._unknown).capitalize()} came without a time; they were spaced evenly.")
        return said

    def _step(self, time_s: float) -> float:
        # However small the step, it is one.
        self._last = time_s if time_s > self._last else math.nextafter(self._last, math.inf)
        return self._last


class DecodingGaps:
    """Keeps account of what could not be decoded: each stretch becomes one sentence.

    Attributes
    ----------
    unshown
        Packets that the file itself has not to be shown.
    lost
        All frames that were missing, forgiven ones too.
    """

    def __init__(self) -> None:
        self._stretches: list[tuple[float, float, int, bool]] = []
        self._further = self._lost = 0
        self._last = 0.0
        self.unshown = self.lost = 0

    @property
    def open(self) -> bool:
        """Whether something was lost since the last sound frame."""
        return self._lost > 0

    def lose(self, count: int = 1) -> None:
        """Note that so many frames are missing after the last sound one."""
        self._lost += count
        self.lost += count

    def forgive(self) -> None:
        """Forget what was lost since the last sound frame: after a jump, what belongs before it."""
        self._lost = 0

    def mend(self, time_s: float, whole: bool) -> None:
        """Note that a sound frame is shown at ``time_s``, and whether it is whole by itself or builds on others."""
        if self._lost and len(self._stretches) < TOLD:
            self._stretches.append((self._last, time_s, self._lost, whole))
        elif self._lost:
            self._further += self._lost
        self._lost, self._last = 0, time_s

    def sentences(self) -> list[str]:
        """Return a sentence a stretch."""
        said = [
            f"The file is damaged at {start:.2f} s: {_frames(lost)} could not be read; reading goes on at {end:.2f} s"
            f"{'' if whole else ', at first with pictures that may be smeared'}."
            for start, end, lost, whole in self._stretches
        ]
        if self._further:
            said.append(f"{_frames(self._further).capitalize()} more in further places could not be read.")
        if self._lost:
            said.append(f"The file is damaged at {self._last:.2f} s, and nothing after it could be read.")
        return said


class FrameAccount:
    """Compares the times of what goes into a decoder with what comes out, so that no frame is lost silently."""

    def __init__(self) -> None:
        self._due: list[int] = []
        self._spoilt: set[int] = set()

    def put(self, stamp: int | None, whole: bool) -> None:
        """Note the time stamp of a packet that holds one frame, and whether it arrived whole."""
        if stamp is not None:
            heapq.heappush(self._due, stamp)
            if not whole:
                self._spoilt.add(stamp)

    def take(self, stamp: int | None) -> int:
        """Return how many frames that were due before this one never came; ``None`` at the end: before none."""
        lost = 0
        while self._due and (stamp is None or self._due[0] <= stamp):
            lost += heapq.heappop(self._due) != stamp
        return lost

    def spoilt(self, stamp: int | None) -> bool:
        """Tell whether the frame of this stamp came from a packet that was not whole."""
        return stamp in self._spoilt


def _frames(count: int) -> str:
    return counted(count, "frame", spelt=True)
