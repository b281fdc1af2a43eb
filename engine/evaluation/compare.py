"""Two models on the same pictures: whether the difference is more than luck."""

import math
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.evaluation import metrics
from engine.evaluation.bootstrap import interval, resampled
from engine.evaluation.predictions import Predictions


def compare(first: Predictions, second: Predictions, seed: int = 0) -> dict[str, Any]:
    """Compare two runs picture by picture, over the pictures that both answered.

    Parameters
    ----------
    first, second
        Answers to pictures of one and the same face set, judged by the same labels.
    seed
        Of the bootstrap.

    Returns
    -------
    dict
        ``n`` pictures in common; ``only_first_has`` and ``only_second_has``, how many pictures were left out for that;
        ``both_right``, ``only_first_right``, ``only_second_right``, ``both_wrong``, counts; ``mcnemar_exact`` and
        ``mcnemar_mid``, p-values in 0..1; ``accuracy``, ``balanced_accuracy`` (the mean recall) and ``macro_f1``, each
        with ``first``, ``second``, ``difference`` (second less first, -1..1) and its ``interval`` (95 %, paired
        percentile bootstrap over units).

    Raises
    ------
    DataError
        Where the two are not about the same pictures, or were judged by different labels.
    """
    first_common, second_common = _in_common(first, second)
    labels = list(dict.fromkeys((*first.labels, *second.labels)))
    true, first_answer = (_as(labels, first.labels, values[first_common]) for values in (first.true, first.answered))
    other, second_answer = (
        _as(labels, second.labels, values[second_common]) for values in (second.true, second.answered)
    )
    if (differing := int((true != other).sum())) > 0:
        raise DataError(
            f"The two were judged by different labels: in {differing} of {len(true)} pictures the true one differs.",
            "Compare two evaluations that use the same labels, both the given ones or both the votes.",
        )
    right, second_right = first_answer == true, second_answer == true
    only_first, only_second = int((right & ~second_right).sum()), int((~right & second_right).sum())
    exact, mid = mcnemar(only_first, only_second)
    unit = None if first.unit is None else first.unit[first_common]
    return {
        "n": len(true),
        "only_first_has": len(first) - len(true),
        "only_second_has": len(second) - len(true),
        "both_right": int((right & second_right).sum()),
        "only_first_right": only_first,
        "only_second_right": only_second,
        "both_wrong": int((~right & ~second_right).sum()),
        "mcnemar_exact": exact,
        "mcnemar_mid": mid,
    } | _differences(true, first_answer, second_answer, len(labels), unit, seed)


def mcnemar(only_first: int, only_second: int) -> tuple[float, float]:
    """Return how probable so uneven a split of the pictures that only one got right is, if both were equally good.

    Parameters
    ----------
    only_first, only_second
        How many pictures only the first, and only the second got right.

    Returns
    -------
    tuple
        The exact two-sided p-value of the binomial test, and the mid-p-value, which is less timid; both in 0..1.

    Examples
    --------
    >>> [round(value, 3) for value in mcnemar(2, 10)]
    [0.039, 0.022]

    References
    ----------
    McNemar (1947, doi 10.1007/BF02295996); mid-p: Fagerland, Lydersen and Laake (2013, doi 10.1186/1471-2288-13-91).
    """
    total, fewer = only_first + only_second, min(only_first, only_second)
    shares = [
        math.exp(math.lgamma(total + 1) - math.lgamma(at + 1) - math.lgamma(total - at + 1) - total * math.log(2))
        for at in range(fewer + 1)
    ]
    both_tails = 2 * math.fsum(shares)
    return min(1.0, both_tails), min(1.0, both_tails - shares[-1])


def _in_common(first: Predictions, second: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """Return where the pictures that both answered stand in each, in the same order."""
    if not first.fingerprint or first.fingerprint != second.fingerprint:
        told = [
            f"{each.data or 'an unnamed set'} ({each.fingerprint[:12] or 'no fingerprint'})" for each in (first, second)
        ]
        raise DataError(
            f"The two are not about the same pictures: one is about {told[0]}, the other about {told[1]}.",
            "Compare two evaluations of one and the same data set.",
        )
    _, first_common, second_common = np.intersect1d(first.rows, second.rows, return_indices=True)
    if not len(first_common):
        raise DataError(
            f"The two have no picture in common: one is about {first.part or 'other rows'}, the other about "
            f"{second.part or 'other rows'} of {first.data}.",
            "Compare two evaluations of the same part.",
        )
    return first_common, second_common


def _as(labels: list[str], own: tuple[str, ...], values: np.ndarray) -> np.ndarray:
    return np.array([labels.index(label) for label in own])[values]


def _differences(
    true: np.ndarray, first: np.ndarray, second: np.ndarray, count: int, unit: np.ndarray | None, seed: int
) -> dict[str, Any]:
    size = count * count
    cells = np.stack([true * count + first, size + true * count + second], axis=1)
    drawn = resampled(cells, 2 * size, unit, seed=seed).reshape(-1, 2, count, count)
    counted = np.stack([metrics.confusion_matrix(true, answer, count) for answer in (first, second)])
    found, resampled_scores = metrics.overall_scores(counted), metrics.overall_scores(drawn)
    return {
        name: {
            "first": float(found[name][0]),
            "second": float(found[name][1]),
            "difference": float(found[name][1] - found[name][0]),
            "interval": interval(resampled_scores[name][:, 1] - resampled_scores[name][:, 0]),
        }
        for name in ("accuracy", "balanced_accuracy", "macro_f1")
    }
