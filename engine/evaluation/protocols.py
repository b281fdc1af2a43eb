"""How a model is put to a test: which pictures, which labels, and what is said of them."""

from typing import Any

import numpy as np

from engine.datasets.crops import face_crops
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.evaluation.metrics import summarise
from engine.models.shipped import ShippedModel


def evaluate(model: ShippedModel, faces: FaceSet, split: str | None = None, mode: str = "auto") -> dict[str, Any]:
    """Evaluate a model on one split of a face set.

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

    Returns
    -------
    dict
        `engine.evaluation.metrics.summarise`'s figures, ``left_out`` (a count a reason) and ``leak_free`` (the same
        figures without pictures that have a copy in another split, or None where the set does not tell).

    Raises
    ------
    DataError
        Where no picture is left to evaluate on.
    """
    rows = faces.rows_of(split)
    answerable = np.isin(faces.labels[rows], model.labels)
    left_out = {
        (str(name) or "no majority"): int(count)
        for name, count in zip(*np.unique(faces.labels[rows][~answerable], return_counts=True), strict=True)
    }
    crops, rows, without_crop = face_crops(faces.pictures, rows[answerable], mode)
    left_out |= without_crop
    if not len(rows):
        reasons = ", ".join(f"{name}: {count}" for name, count in left_out.items()) or "it is empty"
        raise DataError(
            f"{faces.name} leaves no picture to evaluate {model.name} on ({reasons}).",
            f"It knows {', '.join(model.labels)}.",
        )
    probabilities = model.probabilities(crops)
    true = np.array([model.labels.index(label) for label in faces.labels[rows]])
    figures = _figures(true, probabilities.argmax(axis=1), faces, rows, model)
    figures["left_out"] = left_out
    leaked = faces.leaked(rows)
    known = faces.group is not None and faces.split is not None and split is not None and not leaked.all()
    figures["leak_free"] = (
        _figures(true[~leaked], probabilities[~leaked].argmax(axis=1), faces, rows[~leaked], model) if known else None
    )
    return figures


def _figures(
    true: np.ndarray, predicted: np.ndarray, faces: FaceSet, rows: np.ndarray, model: ShippedModel
) -> dict[str, Any]:
    unit = faces.subject if faces.subject is not None else faces.group
    return summarise(true, predicted, model.labels, None if unit is None else unit[rows])
