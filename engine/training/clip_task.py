"""What something that learns expressions from clips is asked, and how it answers."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Answers = dict[Hashable, NDArray[np.float32]]
"""By candidate, (asked, classes) probabilities."""


@dataclass(frozen=True)
class Task:
    """What is learnt from, and what is asked.

    Attributes
    ----------
    maps, y
        (n, 28, 28, 3) uint8 and (n,) class numbers of the clips that train; for a network that reads faces (n, ...)
        float32, as it takes them.
    classes
        How many classes there are.
    asked
        (m, ...), the clips to answer for, in the same form.
    seed
        Of everything that is drawn.
    """

    maps: NDArray
    y: NDArray[np.int64]
    classes: int
    asked: NDArray
    seed: int


@dataclass(frozen=True)
class Learner(ABC):
    """One line of the table.

    Attributes
    ----------
    name, title
        On the command line, and for people.
    candidates
        The settings that one is chosen of, inside the training subjects.
    """

    name: str
    title: str
    candidates: tuple[Hashable, ...] = (None,)

    @abstractmethod
    def answers(self, task: Task, candidates: Iterable[Hashable]) -> Answers:
        """Learn and answer, with each of the candidates."""

    def by_epoch(self, task: Task, candidate: Hashable) -> NDArray[np.float32] | None:
        """Return the answers after each epoch, (epochs, asked, classes), or None for what has no epochs."""
        return None
