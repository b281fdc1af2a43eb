"""How far long work is, in the same words for an import, a training, an evaluation and the analysis of a recording."""

from dataclasses import dataclass

ALIVE = ("starting", "waiting", "running")
"""States in which there is something to wait for."""


@dataclass(frozen=True)
class Status:
    """What long work says of itself.

    Attributes
    ----------
    state
        ``"starting"``, ``"waiting"`` for its turn, ``"running"``, ``"finished"``, ``"failed"``, ``"cancelled"``, or
        ``"stopped"`` where its process ended without a word.
    done, total, words
        How much of the present step is done, also in fractions, and what it is; ``total`` is 0 while nobody knows.
    seconds, seconds_left
        Since the present step began, and about how long all the work still takes; None while nobody can tell.
    worked
        Seconds of work in all, also those before it was resumed.
    pid
        The process that works on it, None for this one.
    what, remedy
        Why it failed or was cancelled, and what to do about it.
    start, end
        Which part of the whole work the present step is, 0..1: all of it where the work is not divided.
    """

    state: str = "starting"
    done: float = 0
    total: float = 0
    words: str = ""
    seconds: float = 0.0
    seconds_left: float | None = None
    worked: float = 0.0
    pid: int | None = None
    what: str = ""
    remedy: str = ""
    start: float = 0.0
    end: float = 1.0

    @property
    def alive(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in ALIVE

    @property
    def share(self) -> float:
        """How much of the whole work is done, 0..1."""
        of_step = min(1.0, max(0.0, self.done / self.total)) if self.total else 0.0
        # A status file may be damaged.
        return min(1.0, max(0.0, self.start + (self.end - self.start) * of_step))

    @property
    def sentence(self) -> str:
        """What is being done, how far it is and how long it still takes."""
        counted = f", {self.done:,.0f} of {self.total:,.0f}" if self.total else ""
        left = "" if self.seconds_left is None else f", {in_words(self.seconds_left)} left"
        return f"{self.words or self.state}{counted}{left}"


def in_words(seconds: float) -> str:
    """Return a time to wait: ``about 40 s``, ``about 3 min``."""
    if seconds < 90:
        return f"about {max(1, round(seconds)):d} s"
    return f"about {seconds / 60:.0f} min"
