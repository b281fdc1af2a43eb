"""Readers of flow maps without a network: logistic regression, and support vector machines on maps and histograms."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.features.clip_input import log_scaled
from engine.training.clip_forms import mirrored
from engine.training.clip_task import Answers, Learner, Task


@dataclass(frozen=True)
class LinearLearner(Learner):
    """Logistic regression on `log_scaled` maps, smoothed and averaged; a candidate is C, the inverse of its penalty."""

    candidates: tuple[Hashable, ...] = (3e-4, 1e-3, 3e-3)

    def answers(self, task: Task, candidates: Iterable[Any]) -> Answers:
        """Learn from the clips and their mirror images, and answer from both."""
        found = {}
        for penalty in candidates:
            coefficients, offset = fit_linear(task.maps, task.y, task.classes, penalty)
            both = [_softmax(pooled(each) @ coefficients + offset) for each in (task.asked, mirrored(task.asked))]
            found[penalty] = np.asarray(np.mean(both, axis=0, dtype=np.float32))
        return found


def averages(maps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return maps, (n, 28, 28, 3) uint8, averaged over 2×2: (n, 588) float32."""
    return _averaged(maps.astype(np.float32)).reshape(len(maps), -1)


@dataclass(frozen=True)
class SVM(Learner):
    """A support vector machine with radial basis functions on standardised values, which a function makes of maps."""

    candidates: tuple[Hashable, ...] = (1.0, 10.0)
    values: Callable[[NDArray[np.uint8]], NDArray] = averages

    def answers(self, task: Task, candidates: Iterable[Any]) -> Answers:
        """Learn; its decision values are turned into shares that are ordered like them."""
        seen, asked = self.values(task.maps), self.values(task.asked)
        return {penalty: _machine(seen, asked, task, penalty) for penalty in candidates}


def fit_linear(
    maps: NDArray[np.uint8], y: NDArray[np.int64], classes: int, penalty: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit logistic regression, every class weighing alike, and return (values, classes) coefficients and an offset.

    The values are those of `pooled`; standardisation is folded into the coefficients.
    """
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from sklearn.linear_model import LogisticRegression

    values = np.concatenate([pooled(maps), pooled(mirrored(maps))])
    centre, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    machine = LogisticRegression(C=penalty, class_weight="balanced", max_iter=500)
    machine.fit((values - centre) / spread, np.tile(y, 2))
    coefficients, offset = np.zeros((values.shape[1], classes)), np.full(classes, -np.inf)
    known = machine.classes_
    if len(known) == 2:
        # scikit-learn gives one line for two classes.
        lines, starts = np.concatenate([-machine.coef_, machine.coef_]) / 2, np.array([-0.5, 0.5]) * machine.intercept_
    else:
        lines, starts = machine.coef_, machine.intercept_
    coefficients[:, known] = lines.T / spread[:, None]
    offset[known] = starts - (lines / spread) @ centre
    return coefficients, offset


SMOOTHING = np.array([1, 4, 6, 4, 1], np.float32) / 16
"""A binomial filter along both axes, close to a Gaussian of 1 pixel: noise of the flow is finer than a face's."""


def pooled(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return what the linear reader reads: (n, 588), `log_scaled` maps, smoothed, 0 around, and averaged over 2×2."""
    smooth = [
        cv2.sepFilter2D(each, -1, SMOOTHING, SMOOTHING, borderType=cv2.BORDER_CONSTANT) for each in log_scaled(maps)
    ]
    return _averaged(np.stack(smooth)).reshape(len(maps), -1).astype(np.float64)


def _averaged(values: NDArray) -> NDArray:
    count, height, width, channels = values.shape
    return values.reshape(count, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4))


def _machine(seen: NDArray, asked: NDArray, task: Task, penalty: Any) -> NDArray[np.float32]:
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    machine = make_pipeline(StandardScaler(), SVC(C=penalty, decision_function_shape="ovr"))
    machine.fit(seen, task.y)
    known = np.unique(task.y)
    values = machine.decision_function(asked)
    found = np.full((len(asked), task.classes), -np.inf)
    found[:, known] = np.stack([-values, values], axis=1) if values.ndim == 1 else values
    return _softmax(found)


def lbp_histograms(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return histograms of uniform LBP codes of each channel of maps, over 4×4 cells: (n, 480)."""
    # Numba's loops are loaded for this reader only.
    from engine.features.lbp import histogram, lbp_circular

    found = []
    for each in maps:
        codes = [lbp_circular(np.ascontiguousarray(channel), method="uniform") for channel in np.moveaxis(each, -1, 0)]
        bands = [band for plane in codes for band in np.array_split(plane, 4, axis=0)]
        cells = [cell for band in bands for cell in np.array_split(band, 4, axis=1)]
        found.append(np.concatenate([histogram(np.ascontiguousarray(cell), 10) for cell in cells]))
    return np.array(found)


def _softmax(values: NDArray) -> NDArray[np.float32]:
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
