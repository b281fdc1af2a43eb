"""Micro-expressions: what a subject's first clips are worth for the rest of that subject's."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from engine.datasets.flow_set import FlowSet
from engine.errors import DataError
from engine.evaluation.bootstrap import RESAMPLES, interval
from engine.evaluation.metrics import confusion_matrix, overall_scores
from engine.evaluation.words import points_with_interval
from engine.features.gabor import pooled
from engine.spiking.person_adapter import PersonAdapter
from engine.spiking.readout import Readout, ReadoutSettings
from engine.tasks import SILENT, Progress

FIRST = 5
"""How many of a subject's clips are told."""
FEWEST = 10
"""Subjects with fewer clips have too few left."""
SETTINGS = ReadoutSettings(epochs=10)
_AGAIN = 5
"""How often the first clips are shown again, so that five of them weigh against hundreds."""

Answers = tuple[NDArray, NDArray]
"""Of the rest of a subject's clips, before and after the first ones were told."""


def measure(path: Path, seed: int = 0, progress: Progress = SILENT) -> dict[str, Any]:
    """Leave one subject out, learn from all others, then be told the first clips of the subject, in the file's order.

    Parameters
    ----------
    path
        An ``.npz`` that `engine.datasets.flow_set.FlowSet.load` reads, as the MEGC2019 composite is shared.
    seed
        Of everything drawn.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        ``subjects``, ``clips``, and by rule: ``before``, ``after`` (UF1 of all clips together, 0..1) and
        ``difference`` with its 95 % ``interval`` over subjects.

    Raises
    ------
    DataError
        For a file that is missing, damaged, or of another form.
    """
    clips = FlowSet.load(path)
    flow, y, classes, subject = clips.flow, clips.y, len(clips.classes), clips.subject
    features = pooled(np.moveaxis(flow, -1, 1).astype(np.float32), 2).reshape(len(flow), -1)
    chosen = [name for name in np.unique(subject) if np.sum(subject == name) >= FEWEST]
    if not chosen:
        raise DataError(f"No subject in {path} has {FEWEST} clips.", "Give a set with more clips a subject.")
    cells: dict[str, list[tuple[NDArray, NDArray]]] = {}
    for done, name in enumerate(chosen):
        own = np.flatnonzero(subject == name)
        others, told, rest = subject != name, own[:FIRST], own[FIRST:]
        for at, rule in enumerate(RULES):
            progress.step(done * len(RULES) + at, len(chosen) * len(RULES), "leaving one subject out")
            answers = rule(features[others], y[others], features[told], y[told], features[rest], classes, seed)
            for learner, pair in answers.items():
                before, after = (confusion_matrix(y[rest], each, classes) for each in pair)
                cells.setdefault(learner, []).append((before, after))
    asked = int(sum(np.sum(subject == name) - FIRST for name in chosen))
    found = {learner: _summary(pairs, seed) for learner, pairs in cells.items()}
    return {"subjects": len(chosen), "clips": asked} | found


def _spiking(
    x: NDArray, y: NDArray, told: NDArray, labels: NDArray, rest: NDArray, classes: int, seed: int
) -> dict[str, Answers]:
    readout, personal = Readout.fit(x, np.eye(classes)[y], SETTINGS, seed), PersonAdapter(classes)
    named = readout.probabilities(rest)
    before = named.argmax(axis=1)
    for answer, label in zip(readout.probabilities(told), labels, strict=True):
        personal.correct(answer, int(label))
    by_person = personal.answers(named).argmax(axis=1)
    for _ in range(_AGAIN):
        for picture, label in zip(told, labels, strict=True):
            readout.learn(picture, np.eye(classes)[label])
    return {
        "three-factor, flow to expressions": (before, readout.counts(rest).argmax(axis=1)),
        "three-factor, expressions to this subject's": (before, by_person),
    }


def _logistic(
    x: NDArray, y: NDArray, told: NDArray, labels: NDArray, rest: NDArray, classes: int, seed: int
) -> dict[str, Answers]:
    scaler = StandardScaler().fit(x)
    both, weights = np.concatenate([x, told]), np.repeat([1.0, _AGAIN], [len(x), len(told)])
    model = LogisticRegression(C=1e-3, max_iter=1000, class_weight="balanced", random_state=seed)
    before = model.fit(scaler.transform(x), y).predict(scaler.transform(rest))
    model.fit(scaler.transform(both), np.concatenate([y, labels]), sample_weight=weights)
    return {"logistic regression": (before, model.predict(scaler.transform(rest)))}


def _nearest_mean(
    x: NDArray, y: NDArray, told: NDArray, labels: NDArray, rest: NDArray, classes: int, seed: int
) -> dict[str, Answers]:
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    x, told, rest = ((each - mean) / np.where(deviation > 0, deviation, 1) for each in (x, told, rest))

    def nearest(pictures: NDArray, named: NDArray, weights: NDArray) -> NDArray:
        means = [
            np.average(pictures[named == label], axis=0, weights=weights[named == label]) for label in range(classes)
        ]
        return np.linalg.norm(rest[:, None] - np.array(means), axis=2).argmin(axis=1)

    weights = np.repeat([1.0, _AGAIN], [len(x), len(told)])
    before = nearest(x, y, weights[: len(x)])
    after = nearest(np.concatenate([x, told]), np.concatenate([y, labels]), weights)
    return {"nearest mean": (before, after)}


RULES: tuple[Callable[..., dict[str, Answers]], ...] = (_spiking, _logistic, _nearest_mean)
"""What is compared, on the same clips; each gives the answers of one or several learners."""


def _summary(pairs: list[tuple[NDArray, NDArray]], seed: int) -> dict[str, Any]:
    both = np.array(pairs, np.float64).swapaxes(0, 1)
    drawn = np.random.default_rng(seed).integers(0, len(pairs), (RESAMPLES, len(pairs)))
    before, after = overall_scores(both.sum(axis=1))["macro_f1"].tolist()
    drawn_before, drawn_after = overall_scores(both[:, drawn].sum(axis=2))["macro_f1"]
    found = {"before": before, "after": after, "difference": after - before}
    return found | {"interval": interval(drawn_after - drawn_before)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    parser.add_argument(
        "--data", required=True, type=Path, metavar="FLOW.npz", help="flow maps, as `clips PATH --flow` writes them"
    )


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Leave each subject out, and tell its first clips."""
    return [measure(options.data, progress=progress)]


def in_words(found: dict[str, Any]) -> str:
    """Return UF1 before and after, a line a learner."""
    lines = [f"UF1 of {found['clips']} clips of {found['subjects']} subjects, before and after {FIRST} clips of each"]
    for name, row in found.items():
        if isinstance(row, dict):
            gain = points_with_interval(row["difference"], row["interval"])
            lines.append(f"{name:<46}{row['before']:.3f} -> {row['after']:.3f}  {gain}")
    return "\n".join(lines)
