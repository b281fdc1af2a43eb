"""How long work still takes, from how long it has taken and from what was expected of it."""

from engine.tasks.status import Status

_EARLIEST_S = 1.0
"""Of work: before that nothing is said from it alone."""
_WORTH_S, _WORTH = 1.0, 0.1
"""What was expected counts as much as so many seconds of work, or as so much of the whole, whatever is more."""


class TimeLeft:
    """The time left of work whose steps are parts of one whole.

    A step's own pace tells how long the rest of it takes, the pace of everything so far how long later ones do. Where
    seconds were expected, both begin at what was expected and soon follow what is measured.
    """

    def __init__(self) -> None:
        self._whole_s: float | None = None
        self._began = 0.0
        self._skipped = 0.0  # of the whole: what was done before the work was resumed
        self._before, self._taken_before = 0.0, 0.0  # done of the whole when the present step began, and the seconds
        self._known = False

    def expect(self, whole_s: float) -> None:
        """Take the whole to last so many seconds on this machine."""
        self._whole_s = whole_s

    @staticmethod
    def of_step(done: float, total: float, seconds: float) -> float | None:
        """Return the seconds left of one step after ``seconds`` of it; None while nobody can tell."""
        return seconds * (total - done) / done if 0 < done < total and seconds >= _EARLIEST_S else None

    def of_all(self, status: Status, first: float, now: float, *, new: bool) -> float | None:
        """Return the seconds left of the whole work; None while nobody can tell.

        Parameters
        ----------
        status
            Where it stands; ``seconds`` are those of the present step.
        first
            ``done`` when the present step began: more than 0 where it was resumed.
        now
            In seconds, on any clock.
        new
            Whether the present step begins now.
        """
        if not self._known:
            self._known, self._began = True, now
        width, counts = status.end - status.start, status.total > 0
        if new:
            self._before, self._taken_before = status.start - self._skipped, now - self._began
            if counts:
                self._skipped += width * first / status.total
        of_step = width * (status.done - first) / status.total if counts else 0.0
        here = status.end - status.share
        pace_before = self._pace(self._before, self._taken_before)
        if not counts:
            if pace_before is None:
                return None
            later = 1 - status.end
            return max(width * pace_before - status.seconds, 0.0) + later * pace_before
        pace = self._pace(of_step, status.seconds, pace_before)
        overall = self._pace(status.share - self._skipped, now - self._began)
        return None if pace is None or overall is None else here * pace + (1 - status.end) * overall

    def _pace(self, done: float, seconds: float, expected: float | None = None) -> float | None:
        """Return the seconds that the whole takes at the pace at which ``done`` of it, 0..1, took ``seconds``."""
        if self._whole_s is None:
            return seconds / done if done > 0 and seconds >= _EARLIEST_S else expected
        if self._whole_s <= 0:
            return 0.0
        worth = max(_WORTH, min(1.0, _WORTH_S / self._whole_s))
        return (seconds + worth * (self._whole_s if expected is None else expected)) / (done + worth)
