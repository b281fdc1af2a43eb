"""Learn to read action units: from drawn people, whose truth is known, and from labelled real faces.

What the label of a real picture tells of a unit is what the field agrees on (the Manual's prototypes; S. Du, Y. Tao, A.
M. Martinez, "Compound facial expressions of emotion", PNAS 111(15), 2014, doi 10.1073/pnas.1322355111, table 1): a
happy face pulls the lip corners, a neutral one shows nothing. Where it tells nothing, the picture does not count for
the unit. Each unit sees its own part of the face, so that it does not become a second name for the expression.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.features.action_units import NUMBERS, STRONGEST, feature_names

_EXPRESSIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
_OPEN = float("nan")

AGREED: dict[int, tuple[float, ...]] = {
    1: (0, 0, 2.5, 0, 0, 2.5, 3),
    2: (0, 0, 1.5, 0, 0, 0, 3),
    4: (3, 1, 1, 0, 0, 1.5, 0),
    5: (1, 0, 2.5, 0, 0, 0, 2.5),
    6: (_OPEN, _OPEN, 0, 2.5, 0, _OPEN, 0),
    7: (1.5, 1.5, _OPEN, _OPEN, 0, _OPEN, 0),
    9: (0.4, 2.5, 0, 0, 0, 0, 0),
    10: (0.5, 2.5, 0, 0, 0, 0, 0),
    12: (0, 0, 0, 3.5, 0, 0, 0),
    14: (_OPEN, _OPEN, _OPEN, _OPEN, 0, _OPEN, 0),
    15: (0, 0.5, 0, 0, 0, 2, 0),
    17: (_OPEN, _OPEN, 0, 0, 0, _OPEN, 0),
    20: (_OPEN, _OPEN, 1.5, _OPEN, 0, 0, 0),
    23: (1.5, _OPEN, 0, 0, 0, _OPEN, 0),
    25: (_OPEN, _OPEN, 2, 3, 0, 0, 3),
    26: (_OPEN, _OPEN, 2, _OPEN, 0, 0, 3),
    45: (0, _OPEN, 0, _OPEN, 0, _OPEN, 0),
}
"""How strong a unit is on average in pictures of each of these expressions; nan where opinions differ."""

_PARTS: dict[int, str] = {
    1: "inner brow, middle brow, inner forehead, outer forehead, between the brows, brow",
    2: "outer brow, middle brow, inner forehead, outer forehead, brow",
    4: "inner brow, middle brow, outer brow, between the brows, brow, root of the nose, upper lid",
    5: "upper lid, lower lid, eye",
    6: "cheek, below the eye, crow's feet, lower lid up, fold",
    7: "lower lid up, upper lid, eye, below the eye, crow's feet",
    9: "nose, side of the nose, root of the nose, between the brows, inner brow",
    10: "nose wing, nose base, side of the nose, upper lip, fold, above the lips",
    12: "mouth corner, beside the corner, corner of the mouth, cheek, nose wing, fold, below the eye, upper lip up",
    14: "mouth corner, beside the corner, corner of the mouth, fold",
    15: "mouth corner, beside the corner, corner of the mouth, lower lip, chin, below the lips",
    17: "chin, lower lip, below the lips, lips",
    20: "mouth corner, beside the corner, corner of the mouth, lower lip, fold, chin, below the lips",
    23: "upper lip, lower lip, lips, above the lips, below the lips, mouth corner, beside the corner, corner of the",
    25: "lips, lower lip, upper lip, chin",
    26: "chin, lower lip, lips, mouth corner, beside the corner, upper lip",
    45: "upper lid, lower lid, eye",
}
"""Beginnings of the names of features that a unit may see."""

_BESIDE_REST, _WITHOUT_REST = (1.0, 0.05), (0.1, 1.0)  # weight of drawn and of real faces in the two sets of weights
_PICTURES = 4000.0  # so many count, however many there are of either
_RIDGE = 100.0
_PRESENT = 1.0  # true intensity from which a unit is present
_THRESHOLDS = np.arange(0.4, 2.01, 0.1)


@dataclass(frozen=True)
class Drawn:
    """Drawn faces beside their own rest.

    Attributes
    ----------
    features
        (n, 2, features) less those of the person at rest.
    truth
        (n, units) 0 to 5.
    """

    features: NDArray
    truth: NDArray


@dataclass(frozen=True)
class Real:
    """Labelled real faces.

    Attributes
    ----------
    features
        (n, 2, features), see `engine.features.action_units.Describer`.
    labels
        (n,) str.
    """

    features: NDArray
    labels: NDArray


def agreed(unit: int, labels: NDArray | Sequence[str]) -> NDArray[np.float64]:
    """Return what labels say of a unit's intensity, (n,), nan where they say nothing."""
    known = dict(zip(_EXPRESSIONS, AGREED[unit], strict=True))
    return np.array([known.get(str(label), _OPEN) for label in labels], np.float64)


def fit(drawn: Drawn, real: Real) -> dict[str, NDArray[np.float32]]:
    """Fit both sets of weights by ridge regression, and from where each unit counts as present.

    Returns
    -------
    dict
        ``weights``, ``zero``, ``present`` as in `engine.features.action_units.UnitModel`.
    """
    count = len(feature_names())
    weights, zero = np.zeros((2, len(NUMBERS), count), np.float32), np.zeros((2, len(NUMBERS)), np.float32)
    present = np.full((2, len(NUMBERS)), _PRESENT, np.float32)
    for row, unit in enumerate(NUMBERS):
        seen = np.array([_sees(unit, name) for name in feature_names()])
        target = agreed(unit, real.labels)
        told = ~np.isnan(target)
        x_drawn, y_drawn = drawn.features[:, :, seen].reshape(-1, seen.sum()), np.repeat(drawn.truth[:, row], 2)
        x_real, y_real = real.features[told][:, :, seen].reshape(-1, seen.sum()), np.repeat(target[told], 2)
        for basis, shares in enumerate((_BESIDE_REST, _WITHOUT_REST)):
            found, begin = _ridge(x_drawn, y_drawn, x_real, y_real, shares)
            if basis == 0:
                found, begin = found * _scale(x_drawn @ found, y_drawn), 0.0
            weights[basis, row, seen], zero[basis, row] = found, begin
            said = (x_drawn @ found if basis == 0 else x_real @ found + begin).reshape(-1, 2).mean(axis=1)
            true = drawn.truth[:, row] if basis == 0 else target[told]
            if (true >= _PRESENT).any():
                present[basis, row] = _threshold(np.clip(said, 0, STRONGEST), true >= _PRESENT)
    return {"weights": weights, "zero": zero, "present": present}


def _sees(unit: int, feature: str) -> bool:
    turns = ("turned", "looking up")
    return any(feature.startswith(part) for part in (*_PARTS[unit].split(", "), *turns))


def _ridge(
    x_drawn: NDArray, y_drawn: NDArray, x_real: NDArray, y_real: NDArray, shares: tuple[float, float]
) -> tuple[NDArray, float]:
    """Return weights, and what to add for real faces, whose zero is an average face and not their own rest."""
    spread = x_real.std(axis=0) + 1e-6
    drawn, real = x_drawn / spread, x_real / spread
    middle, level = real.mean(axis=0), y_real.mean()
    normal, towards = np.diag(np.full(len(spread), _RIDGE)), np.zeros(len(spread))
    for x, y, share in ((drawn, y_drawn, shares[0]), (real - middle, y_real - level, shares[1])):
        normal = normal + x.T @ x * (share * _PICTURES / len(y))
        towards = towards + x.T @ y * (share * _PICTURES / len(y))
    found = np.linalg.solve(normal, towards)
    return found / spread, float(level - middle @ found)


def _scale(said: NDArray, true: NDArray) -> float:
    """Return by what readings are multiplied: ridge regression draws them to 0, most where a unit is hard to see."""
    slope = (said * true).sum() / (true * true).sum()
    return float(1 / np.clip(slope, 0.4, 1.0))


def _threshold(said: NDArray, true: NDArray) -> float:
    """Return the intensity from which a unit is called present, by the best F1."""

    def f1(least: float) -> float:
        return float(2 * (true & (said >= least)).sum() / max(true.sum() + (said >= least).sum(), 1))

    return float(max(_THRESHOLDS, key=f1))
