"""How long work tells how far it is, and is told to stop."""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, pairwise

from engine.errors import DataError
from engine.tasks.status import Status
from engine.tasks.time_left import TimeLeft


class Cancelled(DataError):  # noqa: N818 - it is no error: somebody asked for it
    """The work was stopped by whoever asked for it."""

    def __init__(self) -> None:
        super().__init__("It was cancelled.", "What was there before is unchanged.")


class Progress:
    """Both ends of the line between long work and whoever waits for it.

    Work of several steps is divided by `split` before it begins: each step then fills its part of one bar, and the
    time left is that of the whole work. Where it is not divided, each step fills the bar anew.

    Parameters
    ----------
    tell
        Is told how far the work is; None tells nobody.
    cancelled
        Asked at each step whether to stop.
    every_s
        Seconds between two times that ``tell`` is called, so that telling costs nothing; the beginning and the end of
        a step are told at once.

    Examples
    --------
    >>> progress = Progress(lambda status: print(f"{status.share:.0%} {status.sentence}"), every_s=0)
    >>> reading, writing = progress.split(1, 3)
    >>> for done in range(3):
    ...     reading.step(done, 2, "reading")
    0% reading, 0 of 2
    12% reading, 1 of 2
    25% reading, 2 of 2
    >>> writing.step(1, 2, "writing")
    62% writing, 1 of 2
    """

    def __init__(
        self,
        tell: Callable[[Status], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        every_s: float = 0.25,
    ) -> None:
        self._tell, self._cancelled, self._every_s = tell, cancelled, every_s
        self._untold: Status | None = None
        self._words: str | None = None
        self._began = self._told = 0.0
        self._first: float = 0
        self._done, self._total, self._part = 0.0, 0.0, (0.0, 1.0)
        self._start, self._reached = 0.0, 0.0
        self._time_left: TimeLeft | None = None

    def check(self) -> None:
        """Raise `Cancelled` where the work is to stop."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled

    def split(self, *weights: float, expected_s: float | None = None) -> tuple["Progress", ...]:
        """Divide the work into parts that are done one after the other, each with as many steps as it likes.

        A part may be divided again; inside it, one step at most should count, else those after the first stand still.

        Parameters
        ----------
        *weights
            How long each part takes beside the others, 0 or more.
        expected_s
            About how many seconds all parts take together, where that is known beforehand.

        Returns
        -------
        tuple of Progress
            One a part, to be given to whatever does it.
        """
        self._begin_anew(TimeLeft())
        return self._split(weights, expected_s, 0.0, 1.0)

    def step(self, done: float, total: float, words: str) -> None:
        """Tell how far the work is; may be called often.

        Parameters
        ----------
        done, total
            How much of the present step; ``total`` is 0 while nobody knows.
        words
            What is being done; other words are another step, unless they go on counting to the same total.

        Raises
        ------
        Cancelled
            Where the work is to stop.
        """
        if self._time_left is not None:
            self._begin_anew(None)
        self._step(done, total, words, 0.0, 1.0)

    def flush(self) -> None:
        """Tell the last step now, where it has not been told."""
        if self._tell is not None and self._untold is not None:
            untold, self._untold = self._untold, None
            self._tell(untold)

    def say(self, line: str) -> None:
        """Put a line into the work's log, where it has one."""

    def _begin_anew(self, time_left: TimeLeft | None) -> None:
        """Leave what was done before out of the bar; parts of one whole have a common time left."""
        self._time_left, self._words, self._reached = time_left, None, 0.0
        self._done = self._total = 0.0

    def _split(
        self, weights: tuple[float, ...], expected_s: float | None, start: float, end: float
    ) -> tuple["Progress", ...]:
        if self._tell is None:
            return (self,) * len(weights)
        whole = sum(weights)
        if self._time_left is not None and expected_s is not None and end > start:
            self._time_left.expect(expected_s / (end - start))
        shares = [weight / whole if whole else 1 / len(weights) for weight in weights]
        edges = [start + (end - start) * share for share in accumulate(shares, initial=0.0)]
        return tuple(_Part(self, *each) for each in pairwise(edges))

    def _step(self, done: float, total: float, words: str, start: float, end: float) -> None:
        self.check()
        if self._tell is None:
            return
        now = time.monotonic()
        changed, self._words = words != self._words, words
        # Other words for what goes on being counted are no other step: "fold 1", "fold 2".
        moved = (start, end) != self._part
        goes_on = 0 < total == self._total and done >= self._done
        new = moved or done < self._first or (changed and not goes_on)
        self._done, self._total, self._part = done, total, (start, end)
        if new:
            self._began, self._first = now, done
            self._start = 0.0 if self._time_left is None else max(start, self._reached)
        status = Status("running", done, total, words, now - self._began, start=self._start, end=max(self._start, end))
        if self._time_left is None:
            left = TimeLeft.of_step(done - self._first, total - self._first, status.seconds)
        else:
            left = self._time_left.of_all(status, self._first, now, new=new)
        self._untold = replace(status, seconds_left=left)
        self._reached = max(self._reached, status.share)
        if new or changed or 0 < done == total or now - self._told >= self._every_s:
            self._told = now
            self.flush()


class _Part(Progress):
    """A part of other work's bar, from ``start`` to ``end``, 0..1; whoever does that work is told and asked."""

    def __init__(self, whole: Progress, start: float, end: float) -> None:
        self._whole, self._from, self._to = whole, start, end

    def check(self) -> None:
        self._whole.check()

    def split(self, *weights: float, expected_s: float | None = None) -> tuple[Progress, ...]:
        return self._whole._split(weights, expected_s, self._from, self._to)

    def step(self, done: float, total: float, words: str) -> None:
        self._whole._step(done, total, words, self._from, self._to)

    def flush(self) -> None:
        self._whole.flush()

    def say(self, line: str) -> None:
        self._whole.say(line)


SILENT = Progress()
"""Tells nobody, and nobody stops it."""
