"""Figures of answers for clips of several people: UF1 and UAR of pooled answers, with intervals over the people."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.datasets.flow_set import FlowSet
from engine.evaluation.bootstrap import RESAMPLES, interval
from engine.evaluation.metrics import confusion_matrix, overall_scores

SCORES = ("uf1", "uar")


class Labelled(Protocol):
    """What figures need to know of clips.

    Attributes
    ----------
    y, classes
        (n,) int64, indices into the names of the expressions.
    subject
        (n,) who is seen.
    """

    @property
    def y(self) -> NDArray[np.int64]: ...  # noqa: D102 - said above

    @property
    def classes(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def subject(self) -> NDArray: ...  # noqa: D102


def figures(clips: FlowSet, name: str, runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Tell how well a learner answered.

    Parameters
    ----------
    clips
        What it answered for.
    name
        The learner's.
    runs
        From `engine.studies.micro_expressions.answers`, one a seed.

    Returns
    -------
    dict
        ``learner``, ``clips``, ``subjects``, ``seeds``; ``whole`` and ``datasets`` (a dict a data set), each with
        ``uf1`` and ``uar`` (mean over the seeds, 0..1), ``..._each`` (a value a seed) and ``..._interval`` (95 %, over
        subjects drawn whole, of the seeds' mean); ``oracle`` the same for the epoch that was best for the very subject
        that is tested, or None; ``chosen``: how often each candidate was chosen; ``confusion``: all seeds together; and
        ``probabilities``, (seeds, clips, classes).
    """
    answered = np.array([run["probabilities"] for run in runs], np.float32)
    oracle = None
    if runs[0]["best_epoch"] is not None:
        oracle = _scores(clips, np.array([run["best_epoch"] for run in runs], np.float32))
    chosen: Counter[str] = sum((Counter(run["chosen"]) for run in runs), Counter())
    matrices = [confusion_matrix(clips.y, each.argmax(axis=1), len(clips.classes)) for each in answered]
    return _scores(clips, answered) | {
        "learner": name,
        "clips": len(clips),
        "subjects": len(np.unique(clips.subject)),
        "seeds": [run["seed"] for run in runs],
        "oracle": oracle,
        "chosen": dict(chosen.most_common()),
        "confusion": np.sum(matrices, axis=0).tolist(),
        "probabilities": answered.tolist(),
    }


def difference(
    clips: Labelled, first: NDArray, second: NDArray, scores: Sequence[str] = SCORES
) -> dict[str, dict[str, Any]]:
    """Return by how much the first learner's scores are higher than the second's, with an interval over subjects.

    Parameters
    ----------
    clips
        What both answered for.
    first, second
        (seeds, clips, classes) probabilities.
    scores
        Which figures of `engine.evaluation.metrics.overall_scores`.

    Returns
    -------
    dict
        For each score ``value`` and ``interval`` (95 %), of the seeds' means.
    """
    (mean, drawn), (other_mean, other_drawn) = (_drawn(clips, np.asarray(each), scores) for each in (first, second))
    return {
        score: {
            "value": float(mean[score] - other_mean[score]),
            "interval": interval(drawn[score] - other_drawn[score]),
        }
        for score in scores
    }


def _scores(clips: FlowSet, answered: NDArray) -> dict[str, Any]:
    parts = {str(name): clips.dataset == name for name in np.unique(clips.dataset)}
    return {
        "whole": told(clips, answered),
        "datasets": {name: told(clips, answered, rows=rows) for name, rows in parts.items()},
    }


def told(
    clips: Labelled, answered: NDArray, scores: Sequence[str] = SCORES, rows: NDArray | None = None
) -> dict[str, Any]:
    """Sum answers up.

    Parameters
    ----------
    clips
        What was answered for.
    answered
        (seeds, clips, classes) probabilities.
    scores
        Which figures of `engine.evaluation.metrics.overall_scores`.
    rows
        (clips,) bool, those that count; all for None.

    Returns
    -------
    dict
        ``clips``, and for each score its mean over the seeds, ``..._each`` and ``..._interval`` as in `figures`.
    """
    rows = np.ones(len(clips.y), bool) if rows is None else rows
    mean, drawn = _drawn(clips, answered, scores, rows)
    each = overall_scores(np.stack([_confusion(clips, run, rows) for run in answered]))
    found: dict[str, Any] = {"clips": int(rows.sum())}
    for score in scores:
        found[score], found[f"{score}_interval"] = float(mean[score]), interval(drawn[score])
        found[f"{score}_each"] = [float(value) for value in each[score]]
    return found


def _drawn(
    clips: Labelled, answered: NDArray, scores: Sequence[str], rows: NDArray | None = None
) -> tuple[dict[str, float], dict[str, NDArray]]:
    """Return the seeds' mean scores, and those of subjects drawn again and again, each time the same for all seeds."""
    rows = np.ones(len(clips.y), bool) if rows is None else rows
    subjects = np.unique(clips.subject[rows])
    each = np.stack([[_confusion(clips, run, rows & (clips.subject == one)) for one in subjects] for run in answered])
    random = np.random.default_rng(0)
    times = random.multinomial(len(subjects), np.full(len(subjects), 1 / len(subjects)), RESAMPLES)
    drawn = overall_scores(np.einsum("ds,rsij->rdij", times, each))
    mean = overall_scores(each.sum(axis=1))
    return {score: mean[score].mean() for score in scores}, {score: drawn[score].mean(axis=0) for score in scores}


def _confusion(clips: Labelled, answered: NDArray, rows: NDArray) -> NDArray[np.int64]:
    return confusion_matrix(clips.y[rows], answered[rows].argmax(axis=1), len(clips.classes))
