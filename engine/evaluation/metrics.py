"""Figures of confusion matrices: plain functions of counts, for one matrix or a stack of resampled ones."""

import numpy as np

_TINY = 1e-12


def confusion_matrix(true: np.ndarray, predicted: np.ndarray, count: int) -> np.ndarray:
    """Count pictures by true (rows) and predicted (columns) class.

    Parameters
    ----------
    true, predicted
        (n,) integers, 0..count-1.
    count
        Number of classes.

    Returns
    -------
    numpy.ndarray
        (count, count) int64.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 2)
    array([[1, 1],
           [0, 2]])
    """
    return np.bincount(true * count + predicted, minlength=count * count).reshape(count, count)


def class_scores(confusion: np.ndarray) -> dict[str, np.ndarray]:
    """Return ``precision``, ``recall`` and ``f1`` of every class, each (..., k) in 0..1; 0 where it is 0 / 0.

    Parameters
    ----------
    confusion
        (..., k, k), rows true.
    """
    hit = np.diagonal(confusion, axis1=-2, axis2=-1)
    true, predicted = confusion.sum(axis=-1), confusion.sum(axis=-2)
    return {
        "precision": hit / np.maximum(predicted, _TINY),
        "recall": hit / np.maximum(true, _TINY),
        "f1": 2 * hit / np.maximum(true + predicted, _TINY),
    }


def accuracy(confusion: np.ndarray) -> np.ndarray:
    """Return the share on the diagonal of (..., k, k) confusion matrices, 0..1; 0 for an empty one."""
    total = confusion.sum(axis=(-2, -1))
    return np.trace(confusion, axis1=-2, axis2=-1) / np.maximum(total, _TINY)


def overall_scores(confusion: np.ndarray) -> dict[str, np.ndarray]:
    """Return every figure that sums a confusion matrix up, each (...) in 0..1.

    Macro figures are means over the classes that occur, each class counting alike. All are computed from the pooled
    matrix: of a cross-validation the folds' pictures are counted together first. So ``uf1`` (unweighted F1) is the
    macro F1, and ``uar`` (unweighted average recall) the macro recall and the balanced accuracy; See et al. (2019,
    doi 10.1109/FG.2019.8756611) gave these two their names.

    Parameters
    ----------
    confusion
        (..., k, k), rows true.

    Examples
    --------
    >>> scores = overall_scores(np.array([[1, 1], [0, 2]]))
    >>> {name: round(float(scores[name]), 3) for name in ("accuracy", "uf1", "uar")}
    {'accuracy': 0.75, 'uf1': 0.733, 'uar': 0.75}
    """
    occurs = confusion.sum(axis=-1) > 0
    count = np.maximum(occurs.sum(axis=-1), 1)
    precision, recall, f1 = ((values * occurs).sum(axis=-1) / count for values in class_scores(confusion).values())
    return {
        "accuracy": accuracy(confusion),
        "balanced_accuracy": recall,
        "macro_precision": precision,
        "macro_recall": recall,
        "macro_f1": f1,
        "uf1": f1,
        "uar": recall,
    }
