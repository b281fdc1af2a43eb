"""Figures from true and predicted labels, each with a bootstrap interval."""

from typing import Any

import numpy as np

RESAMPLES = 1000


def confusion_matrix(
    true: np.ndarray, predicted: np.ndarray, count: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """Count pictures by true (rows) and predicted (columns) class.

    Parameters
    ----------
    true, predicted
        (n,) integers, 0..count-1.
    count
        Number of classes.
    weights
        (n,) how often each picture counts, once for None.

    Returns
    -------
    numpy.ndarray
        (count, count) float64.
    """
    return np.bincount(true * count + predicted, weights=weights, minlength=count * count).reshape(count, count) + 0.0


def accuracy(confusion: np.ndarray) -> np.ndarray:
    """Return the share on the diagonal of (..., k, k) confusion matrices, 0..1; 0 for an empty one."""
    total = confusion.sum(axis=(-2, -1))
    return np.trace(confusion, axis1=-2, axis2=-1) / np.maximum(total, 1e-12)


def class_scores(confusion: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return precision, recall and F1 of every class, each (..., k) in 0..1; 0 where it is 0 / 0.

    Parameters
    ----------
    confusion
        (..., k, k), rows true.
    """
    hit = np.diagonal(confusion, axis1=-2, axis2=-1)
    true, predicted = confusion.sum(axis=-1), confusion.sum(axis=-2)
    return (
        hit / np.maximum(predicted, 1e-12),
        hit / np.maximum(true, 1e-12),
        2 * hit / np.maximum(true + predicted, 1e-12),
    )


def macro_f1(confusion: np.ndarray) -> np.ndarray:
    """Return the mean F1 over the classes that occur (have a true picture), 0..1, of (..., k, k) confusion matrices."""
    occurs = confusion.sum(axis=-1) > 0
    return (class_scores(confusion)[2] * occurs).sum(axis=-1) / np.maximum(occurs.sum(axis=-1), 1)


def summarise(
    true: np.ndarray, predicted: np.ndarray, labels: tuple[str, ...], unit: np.ndarray | None = None, seed: int = 0
) -> dict[str, Any]:
    """Return every figure of one evaluation, ready for JSON.

    Parameters
    ----------
    true, predicted
        (n,) integers, indices into ``labels``.
    labels
        The k answers the model may give.
    unit
        (n,) what is drawn in the bootstrap: pictures of one unit (a subject, a group of copies) stay together; each
        picture for itself for None.
    seed
        Of the bootstrap.

    Returns
    -------
    dict
        ``n``, ``accuracy``, ``accuracy_interval`` (95 %, percentile bootstrap, 1,000 resamples), ``macro_f1``,
        ``macro_f1_interval``, ``per_class`` (a dict a label: ``precision``, ``recall``, ``f1``, ``support``),
        ``labels``, ``confusion`` (rows true). Shares are in 0..1.
    """
    count = len(labels)
    confusion = confusion_matrix(true, predicted, count)
    resampled = _resample(true, predicted, count, np.arange(len(true)) if unit is None else unit, seed)
    precision, recall, f1 = class_scores(confusion)
    return {
        "n": len(true),
        "accuracy": float(accuracy(confusion)),
        "accuracy_interval": _interval(accuracy(resampled)),
        "macro_f1": float(macro_f1(confusion)),
        "macro_f1_interval": _interval(macro_f1(resampled)),
        "per_class": {
            label: {
                "precision": float(precision[at]),
                "recall": float(recall[at]),
                "f1": float(f1[at]),
                "support": int(confusion[at].sum()),
            }
            for at, label in enumerate(labels)
        },
        "labels": list(labels),
        "confusion": confusion.astype(int).tolist(),
    }


def _resample(true: np.ndarray, predicted: np.ndarray, count: int, unit: np.ndarray, seed: int) -> np.ndarray:
    units, member = np.unique(unit, return_inverse=True)
    random = np.random.default_rng(seed)
    result = np.empty((RESAMPLES, count, count))
    for at in range(RESAMPLES):
        drawn = np.bincount(random.integers(0, max(len(units), 1), len(units)), minlength=len(units))
        result[at] = confusion_matrix(true, predicted, count, drawn[member].astype(float))
    return result


def _interval(values: np.ndarray) -> list[float]:
    return [float(value) for value in np.percentile(values, [2.5, 97.5])]
