"""A round of practice: which faces are shown, for how long, and what was answered."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import numpy as np

from engine.emotions import NEUTRAL, SEVEN
from engine.practice.displays import DRAWN
from engine.practice.staircase import Staircase

CHOICES = SEVEN
"""What can be answered: one of seven, so that guessing is right once in seven times."""

PRE_TEST, PRACTICE, POST_TEST = KINDS = ("pre-test", "practice", "post-test")
TEST_S = 0.2
"""For how long each face of a test is shown: below it most people lose most (Shen, Wu and Fu 2012)."""
TEST_EACH, PRACTICE_TRIALS = 2, 40
"""Faces of each of `CHOICES` in a test; of all in a round of practice."""
LATE = 0.02
"""A display shows whole frames only: a face that stood so many seconds, and a quarter, too long is not counted."""


class Faces(Protocol):
    """Whose faces a round shows: by number, which expressions, and how they look."""

    @property
    def title(self) -> str:
        """What they are called."""

    @property
    def expressions(self) -> tuple[str, ...]:
        """What they show, of `engine.emotions.SEVEN`."""

    def people_for(self, expression: str) -> tuple[int, ...]:
        """Return whom an expression is shown on."""

    def picture(self, person: int, expression: str) -> np.ndarray:
        """Return a face: (side, side, 3) uint8 RGB."""

    def before(self, person: int) -> np.ndarray:
        """Return what stands before and after it, of the same size."""


@dataclass(frozen=True)
class Trial:
    """One face to be named: whose, showing what, for how many seconds."""

    person: int
    expression: str
    duration_s: float

    def shown_well(self, shown_s: float) -> bool:
        """Tell whether it stood for about as long as it should have."""
        return 0 < shown_s <= 1.25 * self.duration_s + LATE


@dataclass(frozen=True)
class Answer:
    """What was answered to a trial, which stood for so many seconds as the browser measured."""

    trial: Trial
    answered: str
    shown_s: float

    @property
    def right(self) -> bool:
        """Whether it names the expression shown."""
        return self.answered == self.trial.expression


@dataclass
class Round:
    """A test or a round of practice, while it lasts.

    Parameters
    ----------
    kind
        One of `KINDS`. Pre- and post-test show different people, so that nobody can know a face again.
    seed
        Of what is shown in which order.
    faces
        Whose.

    Raises
    ------
    ValueError
        For another kind.
    """

    kind: str
    seed: int
    answers: list[Answer] = field(default_factory=list)
    staircase: Staircase = field(default_factory=Staircase)
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    faces: Faces = DRAWN

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Expected one of {', '.join(KINDS)}. Received {self.kind!r}.")
        self._random = np.random.default_rng((self.seed, KINDS.index(self.kind)))
        self._order: list[str] = []
        self._trial: Trial | None = None

    @property
    def count(self) -> int:
        """How many trials it has."""
        return PRACTICE_TRIALS if self.kind == PRACTICE else TEST_EACH * len(self.faces.expressions)

    @property
    def finished(self) -> bool:
        """Whether all have been answered."""
        return len(self.answers) >= self.count

    @property
    def trial(self) -> Trial:
        """The one to be shown now; the same until it is answered or shown again."""
        if self._trial is None:
            self._trial = self._next()
        return self._trial

    def answer(self, answered: str, shown_s: float) -> Answer:
        """Take an answer to the current trial and go on to the next.

        Raises
        ------
        ValueError
            For none of `CHOICES`, a face that was not shown well, or a round that is over.
        """
        if answered not in CHOICES or not self.trial.shown_well(shown_s) or self.finished:
            raise ValueError(f"Expected one of {', '.join(CHOICES)} to a face of this round. Received {answered!r}.")
        given = Answer(self.trial, answered, shown_s)
        self.answers.append(given)
        # A face at rest looks the same however long it is shown.
        if self.kind == PRACTICE and given.trial.expression != NEUTRAL:
            self.staircase.add(shown_s, given.right)
        self._trial = None
        return given

    def skip(self) -> None:
        """Show another face instead of the current one, which was not shown well."""
        self._order.append(self.trial.expression)
        self._trial = None

    def _next(self) -> Trial:
        if not self._order:
            # Every expression as often as any other, in an order that cannot be guessed.
            self._order = [str(each) for each in self._random.permutation(self.faces.expressions)]
        expression = self._order.pop()
        people = [person for person in self.faces.people_for(expression) if self._has(person)]
        duration_s = self.staircase.next_s if self.kind == PRACTICE else TEST_S
        return Trial(int(self._random.choice(people)), expression, duration_s)

    def _has(self, person: int) -> bool:
        """Tell whether somebody belongs to this kind of round: half of the people are kept for the post-test."""
        return (person % 2 == 1) == (self.kind == POST_TEST)
