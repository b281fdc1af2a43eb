"""How a model is put to a test: which pictures, which labels, and what is said of them."""

from typing import Any

import numpy as np

from engine.datasets.crops import face_crops
from engine.datasets.face_set import FaceSet, fingerprint
from engine.datasets.units import unit_of
from engine.errors import DataError
from engine.evaluation.figures import figures
from engine.evaluation.predictions import Predictions
from engine.models.enhanced import EnhancedModel
from engine.models.shipped import ShippedModel
from engine.settings import CROP_SIZE
from engine.tasks import SILENT, Progress

Answering = ShippedModel | EnhancedModel
"""What is put to a test: a model, alone or behind an enhancement."""

JUDGES = {
    "given": "given labels",
    "votes": "majority of the FERPlus votes",
    "ferplus": "FERPlus authors' rule, eight expressions",
}
"""Whose labels count as true."""

VOTES_COUNT = 0.5
"""From this share of the votes in its targets on, a model is judged by them."""

_AT_ONCE = 256


def evaluate(
    model: Answering, faces: FaceSet, split: str | None = None, mode: str = "auto", judge: str = "given"
) -> dict[str, Any]:
    """Evaluate a model on one split of a face set; parameters and errors as in `predict`.

    Returns
    -------
    dict
        `engine.evaluation.figures.figures`, and ``left_out`` (a count a reason).

    Examples
    --------
    >>> from engine.models import shipped
    >>> crops = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)
    >>> found = evaluate(shipped.load(), FaceSet("noise", crops, np.array(["happy", "sad", "bored"])))
    >>> found["n"], found["left_out"], sorted(found["per_class"])[:3]
    (2, {'bored': 1}, ['angry', 'disgust', 'fear'])
    """
    predictions, left_out = predict(model, faces, split, mode, judge)
    return figures_of(model, predictions) | {"left_out": left_out}


def figures_of(model: Answering, predictions: Predictions) -> dict[str, Any]:
    """Return the figures of a model's predictions, with its own threshold and the temperature in its weights."""
    return figures(predictions, model.thresholds, model.card.get("calibration", {}).get("temperature"))


def predict(
    model: Answering,
    faces: FaceSet,
    split: str | None = None,
    mode: str = "auto",
    judge: str = "given",
    progress: Progress = SILENT,
) -> tuple[Predictions, dict[str, int]]:
    """Let a model answer for one split of a face set.

    Pictures of a class that the model lacks are left out and counted. Emotions that the data lacks stay possible
    answers, and count as wrong.

    Parameters
    ----------
    model
        What answers.
    faces
        Labelled pictures.
    split
        Name of the split, all pictures for None.
    mode
        How crops come from pictures: see `engine.datasets.crops.face_crops`.
    judge
        As `engine.datasets.FaceSet.judged_by` takes it. By the rule of FERPlus' authors contempt is an eighth
        expression, so that a model that does not know it is wrong about it.
    progress
        Is told the pictures done and all pictures.

    Returns
    -------
    tuple
        The predictions, and why other pictures have none, counted.

    Raises
    ------
    DataError
        Where no picture is left to evaluate on, or the work was cancelled.
    """
    judged = faces.judged_by(judge)
    more = ("contempt",) if judge == "ferplus" and "contempt" not in model.labels else ()
    cutting, answering = progress.split(1, 2)
    crops, rows, left_out = known_crops(model, judged, split, mode, cutting, more)
    if not len(rows):
        reasons = ", ".join(f"{name}: {count}" for name, count in left_out.items()) or "it is empty"
        raise DataError(
            f"{faces.name} leaves no picture to evaluate {model.name} on ({reasons}).",
            f"It knows {', '.join(model.labels)}.",
        )
    labels = (*model.labels, *more)
    predictions = Predictions(
        labels,
        np.array([labels.index(label) for label in judged.labels[rows]]),
        np.pad(_answers(model, crops, answering), ((0, 0), (0, len(more)))),
        rows,
        unit_of(judged, rows, crops),
        judged.leaked(rows) if judged.group is not None and judged.split is not None and split is not None else None,
        faces.name,
        fingerprint(faces),
        f"{split or 'all pictures'}, {JUDGES[judge]}",
    )
    return predictions, left_out


def judge_of(model: Answering, faces: FaceSet) -> str:
    """Return whose labels a model was made to follow, as far as a set has them: ``"votes"`` or ``"given"``."""
    configuration = model.card.get("training", {}).get("configuration", {})
    by_votes = configuration.get("labels") == "votes" or configuration.get("votes_share", 0) >= VOTES_COUNT
    return "votes" if by_votes and faces.votes is not None else "given"


def known_crops(
    model: Answering,
    faces: FaceSet,
    split: str | None,
    mode: str = "auto",
    progress: Progress = SILENT,
    more: tuple[str, ...] = (),
) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    """Return crops and rows of a split's pictures whose label a model knows, and why there are no others, counted.

    ``more`` are labels that count although the model does not know them.
    """
    rows = faces.rows_of(split)
    known = np.isin(faces.labels[rows], (*model.labels, *more))
    left_out = {
        (str(name) or "no majority"): int(count)
        for name, count in zip(*np.unique(faces.labels[rows][~known], return_counts=True), strict=True)
    }
    crops, rows, without_crop = labelled_crops(faces, rows[known], mode, progress, model.crop_size)
    return crops, rows, left_out | without_crop


def labelled_crops(
    faces: FaceSet, rows: np.ndarray, mode: str, progress: Progress = SILENT, size: int = CROP_SIZE
) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    """Return what `engine.datasets.crops.face_crops` returns, some pictures at a time, telling how far it is."""
    parts = []
    left_out: dict[str, int] = {}
    for at in range(0, max(len(rows), 1), _AT_ONCE):
        progress.step(at, len(rows), "cutting faces out")
        crops, kept, without = face_crops(faces.pictures, rows[at : at + _AT_ONCE], mode, size)
        parts.append((crops, kept))
        left_out = {name: left_out.get(name, 0) + without.get(name, 0) for name in {**left_out, **without}}
    progress.step(len(rows), len(rows), "cutting faces out")
    return np.concatenate([crops for crops, _ in parts]), np.concatenate([kept for _, kept in parts]), left_out


def _answers(model: Answering, crops: np.ndarray, progress: Progress) -> np.ndarray:
    parts = []
    for at in range(0, len(crops), _AT_ONCE):
        progress.step(at, len(crops), "answering")
        parts.append(model.probabilities(crops[at : at + _AT_ONCE]))
    progress.step(len(crops), len(crops), "answering")
    return np.concatenate(parts)
