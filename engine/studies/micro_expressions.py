"""The benchmark of micro-expressions: leave one subject out, with learners beside each other in one table.

The protocol is that of MEGC2019 (See et al. 2019, doi 10.1109/FG.2019.8756611): each subject is answered for by what
learnt from all others, and the answers of all are pooled. What is to be chosen (penalties, numbers of epochs) is chosen
for a group of subjects at a time: the subjects are put into `GROUPS` groups, and for every two of them each candidate
learns from the rest and answers for both. For the subjects of one group the candidate counts that answers best for all
the other groups, each time learnt without either group. So no clip of a subject has any part in choosing for it.
"""

import argparse
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import add_jobs, add_seeds, seeds_of
from engine.datasets.flow_set import FlowSet
from engine.datasets.splits import Fold
from engine.errors import DataError
from engine.evaluation.metrics import confusion_matrix, overall_scores
from engine.evaluation.subject_figures import difference, figures
from engine.evaluation.words import differences_in_words, score_with_interval
from engine.tasks import SILENT, Progress
from engine.training.clip_learners import learner
from engine.training.clip_task import ClipFold, Learner, Task, answer_clips
from engine.training.cross_validation import answer_folds, gathered, read_answers, write_answers
from engine.words import columns

GROUPS = 6


@dataclass(frozen=True)
class SubjectAnswers:
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


def leave_one_subject_out(
    clips: FlowSet, name: str, seed: int = 0, jobs: int = 1, scheduler: str | None = None, progress: Progress = SILENT
) -> SubjectAnswers:
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
        Where the work is done: see `engine.tasks.pools.pool`.
    progress
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
    chosen: dict[str, Hashable] = dict.fromkeys(subjects, asked.candidates[0])
    if len(asked.candidates) > 1:
        pairs = list(combinations(range(group.max() + 1), 2))
        inner = [Fold.of(np.isin(group, pair), f"groups {pair[0]} and {pair[1]}") for pair in pairs]
        words = f"{asked.title}: choosing inside the training subjects"
        given = _given(asked, clips, seed)
        answers = answer_folds(answer_clips, inner, given, jobs, scheduler, progress, words)
        chosen = _choose(asked, clips, group, inner, answers)
    outer = [Fold.of(clips.subject == one, one) for one in subjects]
    words = f"{asked.title}: leaving one subject out"
    epochs = answer_folds(answer_clips, outer, _given(asked, clips, seed, chosen), jobs, scheduler, progress, words)
    _, probabilities = gathered(outer, [each[-1] for each in epochs])
    if not asked.has_epochs:
        return SubjectAnswers(probabilities, chosen, None)
    right = [
        (each.argmax(axis=2) == clips.y[fold.held_out]).sum(axis=1) for fold, each in zip(outer, epochs, strict=True)
    ]
    _, oracle = gathered(outer, [each[count.argmax()] for each, count in zip(epochs, right, strict=True)])
    return SubjectAnswers(probabilities, chosen, oracle)


def groups_of(clips: FlowSet, seed: int) -> NDArray[np.int64]:
    """Return a group, 0..`GROUPS`-1, for each clip: subjects stay whole, each data set is spread evenly."""
    random = np.random.default_rng(seed)
    subjects, first = np.unique(clips.subject, return_index=True)
    order = sorted(range(len(subjects)), key=lambda at: (clips.dataset[first[at]], random.random()))
    count = min(GROUPS, len(subjects))
    of_subject = {subjects[at]: place % count for place, at in enumerate(order)}
    return np.array([of_subject[each] for each in clips.subject])


def answers(
    clips: FlowSet, name: str, seed: int, jobs: int = 1, scheduler: str | None = None, progress: Progress = SILENT
) -> dict[str, Any]:
    """Leave one subject out with one seed, and return what was answered, ready for JSON.

    Parameters and errors are those of `leave_one_subject_out`.

    Returns
    -------
    dict
        ``seed``, ``probabilities`` (clips, classes), ``best_epoch`` the same or None, and ``chosen``: how many subjects
        each candidate was chosen for.
    """
    found = leave_one_subject_out(clips, name, seed, jobs, scheduler, progress)
    return {
        "seed": seed,
        "probabilities": found.probabilities.tolist(),
        "best_epoch": None if found.best_epoch is None else found.best_epoch.tolist(),
        "chosen": dict(sorted(Counter(map(str, found.chosen.values())).items())),
    }


def _check(clips: FlowSet, subjects: NDArray) -> None:
    if len(subjects) < 3:
        raise DataError(f"The clips are of {len(subjects)} subjects.", "Leaving one out needs at least three.")
    for at, label in enumerate(clips.classes):
        if len(np.unique(clips.subject[clips.y == at])) == 1:
            raise DataError(f"Only one subject shows {label}.", "Nobody else could be learnt it from.")


def _given(asked: Learner, clips: FlowSet, seed: int, chosen: dict[str, Hashable] | None = None) -> Any:
    """Return what makes a worker's task of a fold: every candidate is asked, or the one chosen for its subject."""

    def given(fold: Fold) -> ClipFold:
        task = Task(
            clips.flow[fold.training], clips.y[fold.training], len(clips.classes), clips.flow[fold.held_out], seed
        )
        if chosen is None:
            return ClipFold(asked, task, asked.candidates)
        return ClipFold(asked, task, (chosen[fold.name],), by_epoch=True)

    return given


def _choose(
    asked: Learner, clips: FlowSet, group: NDArray, folds: list[Fold], answers: list[NDArray]
) -> dict[str, Hashable]:
    """Return each subject's candidate: the highest mean of UF1 and UAR on all groups but the subject's."""
    best = {}
    for own in range(group.max() + 1):
        answered = np.full((len(asked.candidates), len(clips)), -1)
        for fold, found in zip(folds, answers, strict=True):
            other = group[fold.held_out] != own
            if not other.all():
                answered[:, fold.held_out[other]] = found.argmax(axis=2)[:, other]
        counts = answered[0] >= 0
        matrices = [confusion_matrix(clips.y[counts], each[counts], len(clips.classes)) for each in answered]
        scores = overall_scores(np.stack(matrices))
        best[own] = asked.candidates[int(np.argmax(scores["uf1"] + scores["uar"]))]
    return {one: best[group[clips.subject == one][0]] for one in np.unique(clips.subject)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FLOW.npz", help="flow maps, as `clips PATH --flow` writes them"
    )
    parser.add_argument(
        "--learner", action="append", metavar="NAME", help="may be given several times; neuromer unless named"
    )
    add_seeds(parser)
    add_jobs(parser, scheduler=True)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE.json",
        help="keep the answers of each seed, also for `micro train`; what stands there is not repeated",
    )


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Let each learner answer with each seed, and compare the first with the others."""
    seeds, clips = seeds_of(options), FlowSet.load(options.data)
    kept = read_answers(options.output)
    names = list(dict.fromkeys(options.learner or ["neuromer"]))
    for name in names:
        runs = kept.setdefault(name, [])
        for seed in seeds[len(runs) :]:
            runs.append(answers(clips, name, seed, options.jobs, options.scheduler, progress))
            write_answers(options.output, kept)
    rows = {name: figures(clips, name, kept[name][: len(seeds)]) for name in names}
    first, *others = ((name, row.pop("probabilities")) for name, row in rows.items())
    compared = {name: difference(clips, first[1], answered) for name, answered in others}
    return [{"learners": rows, f"{first[0]} less": compared}]


def in_words(found: dict[str, Any]) -> str:
    """Return a line a learner, and a line a comparison."""
    rows = found["learners"]
    first, *_ = rows
    lines = [["UF1 / UAR", "whole (95 % over subjects)", *rows[first]["datasets"]]]
    for name, row in rows.items():
        lines.append(_line(f"{name}, {len(row['seeds'])} seeds", row))
        if row["oracle"]:
            lines.append(_line("  epoch best on test subject", row["oracle"]))
    compared = found[f"{first} less"].items()
    return "\n".join(
        [*columns(lines), *(f"{first} less {name}: {differences_in_words(scores)}" for name, scores in compared)]
    )


def _line(title: str, row: dict[str, Any]) -> list[str]:
    whole = row["whole"]
    spread = " / ".join(score_with_interval(whole[key], whole[f"{key}_interval"]) for key in ("uf1", "uar"))
    return [title, spread, *(f"{each['uf1']:.3f}/{each['uar']:.3f}" for each in row["datasets"].values())]
