"""Conventional learners: nearest neighbours, a support vector machine, a random forest, on LBP histograms.

They are what the paper calls "conventional machine learning" (doi 10.51846/vol7iss4pp173-182) and compares with, and a
quick answer to what a split is worth. All three see the same: `engine.features.lbp_grid`'s histograms, brought to
their main directions, each scaled by the root of its spread, and to length 1.

Features and numbers were chosen on one or two of four folds by group among 7,475 of FER2013's training pictures, so
they are sensible rather than best.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError, ModelError

if TYPE_CHECKING:
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from sklearn.decomposition import PCA

LEARNERS = {
    "knn": "k nearest neighbours on LBP histograms",
    "svm": "Support vector machine on LBP histograms",
    "random-forest": "Random forest on LBP histograms",
}
"""The learners' names, and their titles for people."""

DIRECTIONS = 150
DIRECTIONS_FROM = 6000  # pictures; more do not move the directions
AT_A_TIME = 2000  # histograms take 17 kB a picture


def fit_predict(
    learner: str,
    crops: np.ndarray,
    labels: np.ndarray,
    training: np.ndarray,
    held_out: np.ndarray,
    seed: int = 1,
    *,
    classes: int | None = None,
    unit: np.ndarray | None = None,
) -> np.ndarray:
    """Train a learner on some pictures and answer for others, which are not even looked at before.

    Parameters
    ----------
    learner
        A name in `LEARNERS`.
    crops, labels
        (n, size, size) uint8 and (n,) integers from 0.
    training, held_out
        Indices of the pictures that train, and of those to answer for.
    seed
        Of every random number: the same seed gives the same answers.
    classes
        How many labels there are; the largest one and all below for None.
    unit
        (n,) what may not be torn apart (a subject, copies of one picture), where something is chosen among the
        training pictures; each picture for itself for None.

    Returns
    -------
    numpy.ndarray
        (len(held_out), classes) float32, each row sums to 1; 0 for a label that no training picture has.

    Raises
    ------
    ModelError
        For a learner that is not there.
    DataError
        Where the training pictures have fewer than two labels.

    Examples
    --------
    Two kinds of pictures, flat and striped; one of each is held out:

    >>> crops = np.zeros((8, 48, 48), np.uint8)
    >>> crops[4:, ::2] = 255
    >>> training, held_out = np.array([0, 1, 2, 4, 5, 6]), np.array([3, 7])
    >>> fit_predict("svm", crops, np.repeat([0, 1], 4), training, held_out).argmax(axis=1)
    array([0, 1])
    """
    if learner not in LEARNERS:
        raise ModelError(f"There is no learner {learner!r}.", f"There are: {', '.join(LEARNERS)}.")
    known, target = np.unique(labels[training], return_inverse=True)
    if len(known) < 2:
        raise DataError(
            f"The {len(training):,} training pictures show {len(known)} expression.", "A learner needs at least two."
        )
    from threadpoolctl import threadpool_limits

    probabilities = np.zeros((len(held_out), int(labels.max()) + 1 if classes is None else classes), np.float32)
    # On one thread, so that sums have one order and answers are the same on any number of cores, and on a cluster.
    with threadpool_limits(1):
        directions = _directions(crops[training], seed)
        scale = np.sqrt(directions.explained_variance_) ** -0.5
        seen = _described(directions, scale, crops[training])
        asked = _described(directions, scale, crops[held_out])
        answer = _svm if learner == "svm" else _votes
        probabilities[:, known] = answer(learner, seen, target, asked, seed, None if unit is None else unit[training])
    return probabilities


def _directions(crops: np.ndarray, seed: int) -> "PCA":
    from sklearn.decomposition import PCA

    from engine.features.lbp_grid import grid_histograms

    chosen = np.random.default_rng(seed).permutation(len(crops))[:DIRECTIONS_FROM]
    histograms = grid_histograms(crops[np.sort(chosen)])
    count = min(DIRECTIONS, max(1, len(chosen) // 2))
    return PCA(count, svd_solver="randomized", random_state=seed).fit(histograms)


def _described(directions: "PCA", scale: np.ndarray, crops: np.ndarray) -> np.ndarray:
    from engine.features.lbp_grid import grid_histograms

    parts = [
        directions.transform(grid_histograms(crops[at : at + AT_A_TIME])) * scale
        for at in range(0, len(crops), AT_A_TIME)
    ]
    described = np.concatenate([np.zeros((0, len(scale)), np.float32), *parts]).astype(np.float32)
    return described / np.maximum(np.linalg.norm(described, axis=1, keepdims=True), 1e-12)


def _votes(
    learner: str, seen: np.ndarray, target: np.ndarray, asked: np.ndarray, seed: int, _: np.ndarray | None
) -> np.ndarray:
    """Answer with the shares of neighbours or trees."""
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier

    if learner == "knn":
        model: Any = KNeighborsClassifier(min(25, len(seen)), weights="distance")
    else:
        model = RandomForestClassifier(200, max_features=min(30, seen.shape[1]), min_samples_leaf=5, random_state=seed)
    return model.fit(seen, target).predict_proba(asked) if len(asked) else np.zeros((0, target.max() + 1))


def _svm(
    _: str, seen: np.ndarray, target: np.ndarray, asked: np.ndarray, seed: int, unit: np.ndarray | None
) -> np.ndarray:
    """Answer with the softmax of the margins, at the temperature that fits a tenth of the training pictures."""
    # SciPy's optimisers are loaded for this learner only.
    from engine.evaluation.calibration import scaled, temperature

    group = np.arange(len(seen)) if unit is None else unit
    groups = np.random.default_rng(seed).permutation(np.unique(group))
    kept = ~np.isin(group, groups[: len(groups) // 10])
    found = 1.0
    if not kept.all() and np.array_equal(np.unique(target[kept]), np.unique(target)):
        found = temperature(_softmax_of_margins(seen[kept], target[kept], seen[~kept]), target[~kept])
    return scaled(_softmax_of_margins(seen, target, asked), found)


def _softmax_of_margins(seen: np.ndarray, target: np.ndarray, asked: np.ndarray) -> np.ndarray:
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from scipy.special import softmax
    from sklearn.svm import SVC

    if not len(asked):
        return np.zeros((0, target.max() + 1))
    margins = SVC(C=3.0, gamma=1.0, cache_size=500).fit(seen, target).decision_function(asked)
    # Of two labels scikit-learn gives one margin.
    return softmax(margins if margins.ndim == 2 else np.stack([-margins, margins], axis=1), axis=1)
