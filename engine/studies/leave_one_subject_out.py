"""Leave one subject out, and choose everything that is chosen without that subject.

The protocol of MEGC2019 (See et al. 2019, doi 10.1109/FG.2019.8756611): each subject is answered for by what learnt
from all others, and the answers of all are pooled. What is to be chosen (penalties, numbers of epochs) is chosen for a
group of subjects at a time: the subjects are put into `GROUPS` groups, and for every two of them each candidate learns
from the rest and answers for both. For the subjects of one group the candidate counts that answers best for all the
other groups, each time learnt without either group. So no clip of a subject has any part in choosing for it.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets.flow_set import FlowSet
from engine.errors import DataError
from engine.evaluation.metrics import confusion_matrix, overall_scores
from engine.executors import in_order
from engine.tasks import SILENT, Progress
from engine.training.clip_learners import learner
from engine.training.clip_task import Learner, Task

GROUPS = 6


@dataclass(frozen=True)
class Answered:
    """What one learner answered for all clips.

    Attributes
    ----------
    probabilities
        (n, classes) float32, each clip's by what never saw its subject.
    chosen
        The candidate that counted, by subject.
    best_epoch
        (n, classes) float32, each subject's answers after that epoch of the same training after which most of *its own*
        clips were right: an oracle, for comparison with figures that were chosen so. None where there are no epochs.
    """

    probabilities: NDArray[np.float32]
    chosen: dict[str, Hashable]
    best_epoch: NDArray[np.float32] | None


@dataclass(frozen=True)
class _Job:
    name: str
    task: Task
    candidates: tuple[Hashable, ...]
    by_epoch: bool


def leave_one_subject_out(
    clips: FlowSet,
    name: str,
    seed: int = 0,
    jobs: int = 1,
    scheduler: str | None = None,
    watch: Progress = SILENT,
) -> Answered:
    """Answer for every clip.

    Parameters
    ----------
    clips
        Labelled flow maps.
    name
        Of a learner in `engine.training.clip_learners.LEARNERS`.
    seed
        Of the groups and of everything that the learner draws.
    jobs, scheduler
        Where the work is done: see `engine.executors.pool`.
    watch
        Is told the trainings done, and all trainings.

    Raises
    ------
    DataError
        For fewer than three subjects, a class that a single subject shows, or where the work was cancelled.
    ModelError
        For a learner that is not there.
    """
    asked = learner(name)
    subjects = np.unique(clips.subject)
    _check(clips, subjects)
    group = groups_of(clips, seed)
    several = len(asked.candidates) > 1
    pairs = list(combinations(range(group.max() + 1), 2)) if several else []
    total = len(pairs) + len(subjects)

    def done(before: int) -> Any:
        return lambda count, _: watch.step(before + count, total, f"{asked.title}: leaving one subject out")

    def work(what: list[_Job], before: int) -> list[Any]:
        return list(in_order(_answer, what, jobs, scheduler, progress=done(before), check=watch.check))

    watch.step(0, total, f"{asked.title}: choosing inside the training subjects" if several else "Leaving one out")
    inner = work([_job(asked, clips, ~np.isin(group, pair), np.isin(group, pair), seed) for pair in pairs], 0)
    chosen = _choose(asked, clips, group, pairs, [found for found, _ in inner])
    outer = [
        _job(asked, clips, clips.subject != one, clips.subject == one, seed, (chosen[one],), by_epoch=True)
        for one in subjects
    ]
    answered = work(outer, len(pairs))
    return _pooled(clips, subjects, chosen, answered)


def groups_of(clips: FlowSet, seed: int) -> NDArray[np.int64]:
    """Return a group, 0..`GROUPS`-1, for each clip: subjects stay whole, each data set is spread evenly."""
    random = np.random.default_rng(seed)
    subjects, first = np.unique(clips.subject, return_index=True)
    order = sorted(range(len(subjects)), key=lambda at: (clips.dataset[first[at]], random.random()))
    count = min(GROUPS, len(subjects))
    of_subject = {subjects[at]: place % count for place, at in enumerate(order)}
    return np.array([of_subject[each] for each in clips.subject])


def _check(clips: FlowSet, subjects: NDArray) -> None:
    if len(subjects) < 3:
        raise DataError(f"The clips are of {len(subjects)} subjects.", "Leaving one out needs at least three.")
    for at, label in enumerate(clips.classes):
        if len(np.unique(clips.subject[clips.y == at])) == 1:
            raise DataError(f"Only one subject shows {label}.", "Nobody else could be learnt it from.")


def _job(
    asked: Learner,
    clips: FlowSet,
    training: NDArray,
    held_out: NDArray,
    seed: int,
    candidates: tuple[Hashable, ...] | None = None,
    by_epoch: bool = False,
) -> _Job:
    task = Task(clips.flow[training], clips.y[training], len(clips.classes), clips.flow[held_out], seed)
    return _Job(asked.name, task, candidates or asked.candidates, by_epoch)


def _answer(job: _Job) -> tuple[dict[Hashable, NDArray], NDArray | None]:
    from threadpoolctl import threadpool_limits

    asked = learner(job.name)
    with threadpool_limits(1):
        epochs = asked.by_epoch(job.task, job.candidates[0]) if job.by_epoch else None
        if epochs is not None:
            return {job.candidates[0]: epochs[-1]}, epochs
        return asked.answers(job.task, job.candidates), None


def _choose(
    asked: Learner, clips: FlowSet, group: NDArray, pairs: list[tuple[int, int]], answers: list[dict]
) -> dict[str, Hashable]:
    """Return each subject's candidate: the highest mean of UF1 and UAR on all groups but the subject's."""
    subjects = {one: group[clips.subject == one][0] for one in np.unique(clips.subject)}
    if not pairs:
        return dict.fromkeys(subjects, asked.candidates[0])
    best = {}
    for own in range(group.max() + 1):
        scores = {}
        for candidate in asked.candidates:
            answered = np.full(len(clips), -1)
            for pair, found in zip(pairs, answers, strict=True):
                if own in pair:
                    held_out = np.flatnonzero(np.isin(group, pair))
                    other = group[held_out] != own
                    answered[held_out[other]] = found[candidate].argmax(axis=1)[other]
            asked_for = answered >= 0
            scores[candidate] = _score(clips.y[asked_for], answered[asked_for], len(clips.classes))
        best[own] = max(scores, key=scores.__getitem__)
    return {one: best[own] for one, own in subjects.items()}


def _score(true: NDArray, answered: NDArray, classes: int) -> float:
    found = overall_scores(confusion_matrix(true, answered, classes)[None])
    return float(found["macro_f1"][0] + found["macro_recall"][0]) / 2


def _pooled(clips: FlowSet, subjects: NDArray, chosen: dict, answered: list[tuple[dict, NDArray | None]]) -> Answered:
    probabilities = np.zeros((len(clips), len(clips.classes)), np.float32)
    oracle = probabilities.copy()
    for one, (found, epochs) in zip(subjects, answered, strict=True):
        own = clips.subject == one
        (probabilities[own],) = found.values()
        if epochs is not None:
            right = (epochs.argmax(axis=2) == clips.y[own]).sum(axis=1)
            oracle[own] = epochs[right.argmax()]
    return Answered(probabilities, chosen, oracle if answered[0][1] is not None else None)
