"""Whether a probability means what it says, how to make it so, and when a model should say that it is undecided."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

COVERAGE = 0.8
PRECISION = 0.8
"""Share of the decided answers that is to be right, of each expression."""

LEAST = 0.5
"""What is less probable than all other expressions together is undecided, whatever is right more often."""

NEVER = 1.01
"""A threshold that no probability reaches."""

BINS = 15

_LEAST = 1e-12
_TEMPERATURES = (0.05, 20.0)


def thresholds(
    probabilities: np.ndarray, true: np.ndarray, labels: Sequence[str], precision: float = PRECISION
) -> dict[str, float]:
    """Choose for each expression the lowest probability at which it counts as decided.

    The lowest one at which of the n pictures answered so, at least as probably, so few are wrong that
    (wrong + 1) / (n + 1) is at most 1 - precision: what is right is then expected to be so often on further pictures
    of the same kind (conformal risk control, Angelopoulos et al. 2022, arXiv 2208.02814, equation 4).

    Parameters
    ----------
    probabilities
        (n, k), of validation pictures.
    true
        (n,) integers.
    labels
        The k expressions.
    precision
        Share of the decided answers that is to be right, of each expression, below 1.

    Returns
    -------
    dict
        A probability an expression, at least `LEAST`, rounded down to three digits; above 1 (never decided) where no
        probability keeps the promise.
    """
    answered, certainty = probabilities.argmax(axis=1), probabilities.max(axis=1)
    chosen = {}
    for at, label in enumerate(labels):
        own = np.flatnonzero(answered == at)
        order = own[np.argsort(-certainty[own], kind="stable")]
        # Equal probabilities are decided together; rounding down may let in some more.
        level = np.floor(1000 * certainty[order]) / 1000
        last = np.append(level[1:] != level[:-1], True) if len(order) else np.zeros(0, bool)
        wrong = np.cumsum(true[order] != at)
        keeps = last & ((wrong + 1) / (np.arange(len(order)) + 2) <= 1 - precision)
        chosen[label] = max(LEAST, float(level[keeps][-1])) if keeps.any() else NEVER
    return chosen


def decided(probabilities: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Tell which answers are sure enough: (n,) bool, for (n, k) probabilities and the (k,) thresholds of the labels."""
    return probabilities.max(axis=1) >= threshold[probabilities.argmax(axis=1)]


def sureness(
    before: np.ndarray, true: np.ndarray, found: float, labels: Sequence[str], what: str, data: str
) -> dict[str, Any]:
    """Return ``threshold`` and ``calibration`` of a card: what was chosen by (n, k) answers, and what that is worth.

    ``before`` are answers without the temperature ``found``, for ``what`` of ``data``; ``true`` as in `temperature`.
    """
    after = scaled(before, found)
    chosen = thresholds(after, true, labels)
    sure = decided(after, np.array(list(chosen.values())))
    right = after.argmax(axis=1) == true
    return {
        "threshold": {
            "by_expression": chosen,
            "precision": PRECISION,
            "coverage": float(sure.mean()),
            "accuracy_decided": float(right[sure].mean()) if sure.any() else None,
            "accuracy_all": float(right.mean()),
            "chosen": f"lowest probability from which {PRECISION:.0%} of the {what} answered so were right",
        },
        "calibration": {
            "temperature": found,
            "ece_before": expected_calibration_error(before, true),
            "ece_after": expected_calibration_error(after, true),
            "data": data,
        },
    }


def temperature(probabilities: np.ndarray, true: np.ndarray) -> float:
    """Find the temperature that makes probabilities fit best what was true (Guo et al. 2017, arXiv 1706.04599).

    The negative log-likelihood is convex in the inverse temperature, so its slope is zero at one place only; that is
    found by halving.

    Parameters
    ----------
    probabilities
        (n, k), each row sums to 1; of validation pictures.
    true
        (n,) integers.

    Returns
    -------
    float
        Above 1 where the model was too sure, below 1 where it was not sure enough; within 0.05..20.
    """
    scores = _logarithm(probabilities)
    told = scores[np.arange(len(scores)), true].mean()
    low, high = (math.log(value) for value in _TEMPERATURES)
    while high - low > 1e-6:
        middle = (low + high) / 2
        expected = (scaled(probabilities, math.exp(middle)) * scores).sum(axis=1).mean()
        # Too hot: what the model expects of its own scores lies below what the truth gets.
        low, high = (low, middle) if expected < told else (middle, high)
    return math.exp((low + high) / 2)


def scaled(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Return softmax(log(p) / temperature): softer above 1, sharper below; the answer, the largest, stays the same.

    Parameters
    ----------
    probabilities
        (n, k), each row sums to 1.
    temperature
        Above 0. The inverse temperature undoes it.

    Returns
    -------
    numpy.ndarray
        (n, k) float64, each row sums to 1.
    """
    scores = _logarithm(probabilities) / temperature
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def scaled_by_halves(probabilities: np.ndarray, true: np.ndarray, unit: np.ndarray | None, seed: int = 0) -> np.ndarray:
    """Scale each half of the pictures by the temperature of the other half: what scaling is worth, told honestly.

    Parameters
    ----------
    probabilities
        (n, k), each row sums to 1.
    true
        (n,) integers.
    unit
        (n,) what stays in one half; each picture for itself for None.
    seed
        Of the division.

    Returns
    -------
    numpy.ndarray
        (n, k) float64. Unchanged where there is but one unit.
    """
    units, member = np.unique(np.arange(len(true)) if unit is None else unit, return_inverse=True)
    first = (np.random.default_rng(seed).permutation(len(units)) % 2 == 0)[member]
    result = probabilities.astype(float)
    if first.all():
        return result
    for half in (first, ~first):
        result[half] = scaled(probabilities[half], temperature(probabilities[~half], true[~half]))
    return result


def reliability(probabilities: np.ndarray, true: np.ndarray, bins: int = BINS) -> dict[str, list[float]]:
    """Sort answers into bins of equal width by their probability, and tell what each bin said and what was right.

    Parameters
    ----------
    probabilities
        (n, k), each row sums to 1.
    true
        (n,) integers.
    bins
        How many; a bin holds its upper edge.

    Returns
    -------
    dict
        For each bin that holds an answer, from low to high: ``confidence`` (mean probability of the answers),
        ``accuracy`` (share of them that was right), ``share`` (of all answers), 0..1 each.
    """
    confidence = np.asarray(probabilities.max(axis=1), dtype=float)
    right = probabilities.argmax(axis=1) == true
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    filled = count > 0
    said, happened = (np.bincount(place, values, bins)[filled] / count[filled] for values in (confidence, right))
    return {"confidence": said.tolist(), "accuracy": happened.tolist(), "share": (count[filled] / len(true)).tolist()}


def expected_calibration_error(probabilities: np.ndarray, true: np.ndarray, bins: int = BINS) -> float:
    """Return the mean distance between probability and share right over the bins of `reliability`, 0..1.

    Each bin weighs as many as it holds (Naeini et al. 2015, doi 10.1609/aaai.v29i1.9602; Guo et al. 2017).
    """
    found = {name: np.array(values) for name, values in reliability(probabilities, true, bins).items()}
    return float((found["share"] * np.abs(found["confidence"] - found["accuracy"])).sum())


def negative_log_likelihood(probabilities: np.ndarray, true: np.ndarray) -> float:
    """Return the mean of -ln of the probability that the true class got."""
    return float(-_logarithm(probabilities)[np.arange(len(true)), true].mean())


def _logarithm(probabilities: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(np.asarray(probabilities, dtype=float), _LEAST))
