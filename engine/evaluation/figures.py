"""Every figure of one evaluation, from what was answered for each picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.evaluation import calibration, curves, metrics
from engine.evaluation.bootstrap import interval, resampled
from engine.evaluation.predictions import Predictions


def figures(
    predictions: Predictions,
    thresholds: Mapping[str, float] | None = None,
    temperature: float | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Return every figure of one evaluation, ready for JSON; shares are in 0..1.

    Parameters
    ----------
    predictions
        At least one.
    thresholds
        The lowest probability at which each expression counts as decided, where the model has them.
    temperature
        The one that the probabilities already contain, fitted on validation pictures; None where they contain none.
    seed
        Of the bootstrap.

    Returns
    -------
    dict
        ``n``, ``units`` (how many different ones the bootstrap draws), ``labels``, ``confusion`` (rows true), the
        scores of `engine.evaluation.metrics.overall_scores` each with its ``..._interval`` (95 %, percentile bootstrap
        over units, 1,000 resamples), ``per_class`` (a dict a label: ``precision``, ``recall``, ``f1``, each with its
        interval, and ``support``), ``calibration``, ``selective`` (what saying "undecided" is worth), ``curves``, and
        ``leak_free``: the same without curves, of the pictures that have no copy in another split, or None where
        nobody knows or none is left.

    Raises
    ------
    DataError
        Where there is no prediction.
    """
    if not len(predictions):
        raise DataError("There is no prediction to compute figures from.", "Evaluate at least one picture.")
    found = _scores(predictions, seed)
    found |= _doubt(predictions, thresholds, temperature)
    leaked = predictions.leaked
    found["leak_free"] = None
    if leaked is not None and not leaked.all():
        kept = predictions.only(~leaked)
        without = _scores(kept, seed) | _doubt(kept, thresholds, temperature)
        del without["curves"]
        found["leak_free"] = without
    return found


def _scores(predictions: Predictions, seed: int) -> dict[str, Any]:
    labels, count = predictions.labels, len(predictions.labels)
    confusion = metrics.confusion_matrix(predictions.true, predictions.answered, count)
    cells = predictions.true * count + predictions.answered
    drawn = resampled(cells, count * count, predictions.unit, seed=seed).reshape(-1, count, count)
    found: dict[str, Any] = {
        "n": len(predictions),
        "units": len(predictions if predictions.unit is None else np.unique(predictions.unit)),
        "labels": list(labels),
        "confusion": confusion.tolist(),
    }
    drawn_scores = metrics.overall_scores(drawn)
    for name, value in metrics.overall_scores(confusion).items():
        found |= {name: float(value), f"{name}_interval": interval(drawn_scores[name])}
    each, drawn_each = metrics.class_scores(confusion), metrics.class_scores(drawn)
    found["per_class"] = {
        label: {name: float(values[at]) for name, values in each.items()}
        | {f"{name}_interval": interval(values[:, at]) for name, values in drawn_each.items()}
        | {"support": int(confusion[at].sum())}
        for at, label in enumerate(labels)
    }
    return found


def _doubt(
    predictions: Predictions, thresholds: Mapping[str, float] | None, temperature: float | None
) -> dict[str, Any]:
    given, true = predictions.probabilities, predictions.true
    right = predictions.answered == true
    if temperature is None:
        before, after = given, calibration.scaled_by_halves(given, true, predictions.unit)
    else:
        before, after = calibration.scaled(given, 1 / temperature), given
    confidence = given.max(axis=1)
    covered = curves.risk_coverage(confidence, right)
    at_coverage = curves.accuracy_at(confidence, right, calibration.COVERAGE)
    return {
        "calibration": {
            # None: the answers come as the network gives them, and "after" is what scaling would be worth.
            "temperature": temperature,
            "ece": calibration.expected_calibration_error(given, true),
            "ece_before": calibration.expected_calibration_error(before, true),
            "ece_after": calibration.expected_calibration_error(after, true),
            "nll_before": calibration.negative_log_likelihood(before, true),
            "nll_after": calibration.negative_log_likelihood(after, true),
        },
        "selective": {"aurc": covered.pop("aurc"), "accuracy_at_80": at_coverage} | _decided(predictions, thresholds),
        "curves": {
            "roc": {label: curves.roc(given[:, at], true == at) for at, label in enumerate(predictions.labels)},
            "precision_recall": {
                label: curves.precision_recall(given[:, at], true == at) for at, label in enumerate(predictions.labels)
            },
            "reliability": {
                name: calibration.reliability(values, true) for name, values in (("before", before), ("after", after))
            },
            "risk_coverage": covered,
        },
    }


def _decided(predictions: Predictions, thresholds: Mapping[str, float] | None) -> dict[str, Any]:
    """Return what is decided, in all and of the pictures answered with each expression."""
    if not thresholds:
        return {"thresholds": None, "coverage": None, "accuracy_decided": None, "per_class": None}
    given, answered = predictions.probabilities, predictions.answered
    sure = calibration.decided(
        given, np.array([thresholds.get(label, calibration.NEVER) for label in predictions.labels])
    )
    right = answered == predictions.true

    def of(pictures: np.ndarray) -> dict[str, float | None]:
        decided = pictures & sure
        return {
            "coverage": float(sure[pictures].mean()) if pictures.any() else None,
            "accuracy_decided": float(right[decided].mean()) if decided.any() else None,
        }

    each = {label: of(answered == at) for at, label in enumerate(predictions.labels)}
    return {"thresholds": dict(thresholds), **of(np.ones(len(given), bool)), "per_class": each}
