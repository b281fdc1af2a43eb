"""When a model should say that it is undecided."""

import math

import numpy as np

COVERAGE = 0.8


def threshold_at(probabilities: np.ndarray, true: np.ndarray, coverage: float = COVERAGE) -> dict[str, float]:
    """Choose the lowest probability at which the most probable expression counts as decided.

    Parameters
    ----------
    probabilities
        (n, k), of validation pictures.
    true
        (n,) integers.
    coverage
        Share of the pictures that should be decided, 0..1.

    Returns
    -------
    dict
        ``value`` (the threshold, rounded down to three digits), ``coverage`` (share decided by it),
        ``accuracy_decided`` and ``accuracy_all``, all in 0..1.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == true
    # Rounded down, so that at least the wanted share is decided.
    value = math.floor(1000 * float(np.quantile(confidence, 1 - coverage))) / 1000
    decided = confidence >= value
    return {
        "value": value,
        "coverage": float(decided.mean()),
        "accuracy_decided": float(right[decided].mean()),
        "accuracy_all": float(right.mean()),
    }
