"""Labels that are likely wrong, found by confident learning.

What a picture's label should be is asked of a logistic regression that has not seen the picture, nor a copy of it: it
is fitted five times on four fifths of the groups of copies. What it looks at are the answers of the model that NeuroMER
ships, as logarithms: a few numbers that say what a face looks like, whatever this set calls it. `cleanlab` then
estimates how many labels are wrong, and that many are suspected: those that get the lowest probability. Of the labels
of 7,600 stills from image search a tenth was changed at random: 89 % of the changed ones were suspected, and 8 % of the
others, many of them rightly; a changed label had a lower score than an unchanged one in 97 % of pairs.

What is weak about it: expressions that the shipped model confuses are confused here too, so a rare but right label may
be suspected and a wrong one between fear and surprise missed. The model was trained on FER2013's training pictures,
with FERPlus' votes and not with FER2013's labels: there its suspicions say what ten other people saw. And a class with
fewer than five groups is not judged at all.

C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 70, 2021,
doi:10.1613/jair.1.12125.
"""

from dataclasses import dataclass

import numpy as np

from engine.models import shipped
from engine.tasks import Progress

FOLDS = 5
_LEAST = 1e-6  # probability whose logarithm is still told apart
_PART = 1024


@dataclass(frozen=True)
class LabelIssues:
    """What the labels look like from outside; every array has one entry a picture.

    Attributes
    ----------
    score
        (n,) float32, 0 to 1: probability of the given label out of sample; nan where it was not judged.
    suggested
        (n,) str: the likelier label where the given one is likely wrong, else ``""``.
    """

    score: np.ndarray
    suggested: np.ndarray


def find_label_issues(crops: np.ndarray, labels: np.ndarray, group: np.ndarray, progress: Progress) -> LabelIssues:
    """Judge every label by the pictures that are no copies of its own.

    Parameters
    ----------
    crops
        (n, 48, 48) uint8.
    labels
        (n,) str, ``""`` where a picture has none.
    group
        (n,) pictures that share a number are never on both sides of a fold.
    progress
        Is told of every part done.

    Raises
    ------
    Cancelled
        Where it was stopped.
    ModelError
        Where the shipped model cannot be read.
    """
    score = np.full(len(labels), np.nan, np.float32)
    suggested = np.full(len(labels), "", labels.dtype)
    rows = _judged(labels, group)
    names, given = np.unique(labels[rows], return_inverse=True)
    if len(names) < 2:
        return LabelIssues(score, suggested)
    asking, judging = progress.split(9, 1)
    probabilities = _out_of_sample(_answers(crops[rows], asking), given, group[rows], judging)
    score[rows] = probabilities[np.arange(len(rows)), given]
    # cleanlab takes seconds to import.
    from cleanlab.filter import find_label_issues as confident_learning

    likeliest = probabilities.argmax(axis=1)
    # An estimate that is too high may reach labels that are the likeliest themselves.
    wrong = confident_learning(given, probabilities, filter_by="low_self_confidence", n_jobs=1) & (likeliest != given)
    suggested[rows[wrong]] = names[likeliest[wrong]]
    return LabelIssues(score, suggested)


def _judged(labels: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the rows of classes that have a group for every fold."""
    names = [name for name in np.unique(labels) if name and len(np.unique(group[labels == name])) >= FOLDS]
    return np.flatnonzero(np.isin(labels, names))


def _answers(crops: np.ndarray, progress: Progress) -> np.ndarray:
    """Return the logarithms of the shipped model's probabilities: (n, classes) float32."""
    model = shipped.load()
    parts = []
    for at in range(0, len(crops), _PART):
        progress.step(at, len(crops), "asking the shipped model")
        parts.append(np.log(np.maximum(model.probabilities(crops[at : at + _PART]), _LEAST)))
    return np.concatenate(parts)


def _out_of_sample(features: np.ndarray, given: np.ndarray, group: np.ndarray, progress: Progress) -> np.ndarray:
    """Return each picture's probabilities by a regression that has seen neither it nor a copy: (n, classes)."""
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    probabilities = np.zeros((len(given), given.max() + 1))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(features, given, group)
    for done, (seen, unseen) in enumerate(folds):
        progress.step(done, FOLDS, "judging labels")
        regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(features[seen], given[seen])
        # A class may by chance stand in one fold only; then it has no probability there.
        probabilities[np.ix_(unseen, regression.classes_)] = regression.predict_proba(features[unseen])
    return probabilities
