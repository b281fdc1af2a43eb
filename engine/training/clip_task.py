"""What something that learns expressions from clips is asked, and how it answers."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

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
        Of every random number.
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

    @property
    def has_epochs(self) -> bool:
        """Whether it can be asked after each epoch: see `by_epoch`."""
        return type(self).by_epoch is not Learner.by_epoch

    @abstractmethod
    def answers(self, task: Task, candidates: Iterable[Any]) -> Answers:
        """Learn and answer, with each of the candidates."""

    def by_epoch(self, task: Task, candidate: Any) -> NDArray[np.float32] | None:
        """Return the answers after each epoch, (epochs, asked, classes), or None for what has no epochs."""
        return None


@dataclass(frozen=True)
class ClipFold:
    """What travels to a worker: a learner, what it learns from and is asked, and with which candidates.

    Attributes
    ----------
    by_epoch
        Whether it answers after each epoch, with the only candidate, where it has epochs.
    """

    learner: Learner
    task: Task
    candidates: tuple[Hashable, ...]
    by_epoch: bool = False


def answer_clips(fold: ClipFold) -> NDArray[np.float32]:
    """Learn and answer on one thread: (candidates or epochs, asked, classes) probabilities."""
    with threadpool_limits(1):
        if fold.by_epoch and fold.learner.has_epochs:
            (candidate,) = fold.candidates
            epochs = fold.learner.by_epoch(fold.task, candidate)
            assert epochs is not None
            return np.asarray(epochs, np.float32)
        answered = fold.learner.answers(fold.task, fold.candidates)
        return np.stack([answered[candidate] for candidate in fold.candidates]).astype(np.float32)
