"""Curves over all thresholds, kept short enough for a card and exact enough for a figure."""

import heapq
import math

import numpy as np

MOST_POINTS = 60
_DIGITS = 4


def roc(score: np.ndarray, positive: np.ndarray) -> dict[str, object]:
    """Return the receiver operating characteristic of one class against the rest.

    Parameters
    ----------
    score
        (n,) the class's probability.
    positive
        (n,) bool, which pictures are of the class.

    Returns
    -------
    dict
        ``auc`` (area under the whole curve, 0..1), ``false_positive_rate`` and ``true_positive_rate`` (points,
        thinned). ``auc`` is None and there are no points where one side has no picture.
    """
    hits, misses, _ = _counts(score, positive)
    if not hits[-1] or not misses[-1]:
        return {"auc": None, "false_positive_rate": [], "true_positive_rate": []}
    x, y = np.append(0, misses / misses[-1]), np.append(0, hits / hits[-1])
    kept = thinned(x, y)
    return {
        "auc": float(np.trapezoid(y, x)),
        "false_positive_rate": _rounded(x[kept]),
        "true_positive_rate": _rounded(y[kept]),
    }


def precision_recall(score: np.ndarray, positive: np.ndarray) -> dict[str, object]:
    """Return precision against recall of one class against the rest.

    Parameters
    ----------
    score, positive
        As in `roc`.

    Returns
    -------
    dict
        ``average_precision`` (mean precision over the steps of recall, 0..1; no interpolation), ``recall``,
        ``precision`` (points, thinned), ``share`` (of the pictures that are of the class: the precision of guessing).
        ``average_precision`` is None and there are no points where no picture is of the class.
    """
    hits, misses, _ = _counts(score, positive)
    share = float(np.mean(positive))
    if not hits[-1]:
        return {"average_precision": None, "recall": [], "precision": [], "share": share}
    recall, precision = hits / hits[-1], hits / (hits + misses)
    average = float((np.diff(recall, prepend=0) * precision).sum())
    recall, precision = np.append(0, recall), np.append(precision[0], precision)
    kept = thinned(recall, precision)
    return {
        "average_precision": average,
        "recall": _rounded(recall[kept]),
        "precision": _rounded(precision[kept]),
        "share": share,
    }


def risk_coverage(confidence: np.ndarray, right: np.ndarray) -> dict[str, object]:
    """Return how often answers are wrong when only the surest are given (Geifman and El-Yaniv 2017, arXiv 1705.08500).

    Equally sure answers share their mistakes evenly, so that their order does not matter.

    Parameters
    ----------
    confidence
        (n,) probability of each answer.
    right
        (n,) bool.

    Returns
    -------
    dict
        ``aurc`` (mean risk over all coverages, 0..1), and points, thinned: ``coverage`` (share answered), ``risk``
        (share of the answered that is wrong), ``threshold`` (the lowest probability answered).
    """
    hits, misses, levels = _counts(confidence, right)
    answered = np.arange(1, len(right) + 1)
    risk = np.interp(answered, np.append(0, hits + misses), np.append(0, misses)) / answered
    coverage = answered / len(right)
    kept = thinned(coverage, risk)
    level = levels[np.searchsorted(hits + misses, answered[kept])]
    return {
        "aurc": float(risk.mean()),
        "coverage": _rounded(coverage[kept]),
        "risk": _rounded(risk[kept]),
        "threshold": _rounded(level),
    }


def accuracy_at(confidence: np.ndarray, right: np.ndarray, coverage: float) -> float:
    """Return the share right among the surest answers that make up ``coverage`` (0..1] of all."""
    hits, misses, _ = _counts(confidence, right)
    answered = math.ceil(coverage * len(right) - 1e-9)
    return float(np.interp(answered, np.append(0, hits + misses), np.append(0, hits)) / answered)


def thinned(x: np.ndarray, y: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """Choose the points of a line that keep its shape: again and again the one farthest from the line drawn so far.

    Parameters
    ----------
    x, y
        (n,) coordinates, along the line.
    most
        How many points at most, at least 2.

    Returns
    -------
    numpy.ndarray
        (at most ``most``,) ascending indices; the first and the last point are among them.

    References
    ----------
    Douglas and Peucker (1973, doi 10.3138/FM57-6770-U75U-7727).
    """
    kept = {0, len(x) - 1}
    open_parts = [_farthest(x, y, 0, len(x) - 1)]
    while open_parts and len(kept) < most:
        distance, at, first, last = heapq.heappop(open_parts)
        if distance > -1e-6:
            break
        kept.add(at)
        for ends in ((first, at), (at, last)):
            heapq.heappush(open_parts, _farthest(x, y, *ends))
    return np.array(sorted(kept))


def _farthest(x: np.ndarray, y: np.ndarray, first: int, last: int) -> tuple[float, int, int, int]:
    """Return minus the largest distance of a point between two points to their chord, its index, and the two."""
    if last - first < 2:
        return 0.0, first, first, last
    across, up = x[last] - x[first], y[last] - y[first]
    inside = slice(first + 1, last)
    length = math.hypot(across, up)
    if length:
        distance = np.abs(across * (y[inside] - y[first]) - up * (x[inside] - x[first])) / length
    else:
        distance = np.hypot(x[inside] - x[first], y[inside] - y[first])
    at = int(distance.argmax())
    return -float(distance[at]), first + 1 + at, first, last


def _counts(score: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for each different score from high to low, the positives and negatives from there up, and the score."""
    levels, place = np.unique(-np.asarray(score, dtype=float), return_inverse=True)
    hits = np.cumsum(np.bincount(place, np.asarray(positive, dtype=float), len(levels)))
    everything = np.cumsum(np.bincount(place, minlength=len(levels)))
    return hits, everything - hits, -levels


def _rounded(values: np.ndarray) -> list[float]:
    return np.round(values, _DIGITS).tolist()
