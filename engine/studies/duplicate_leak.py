"""What copies on both sides of a split are worth: the same model, trained and tested on two divisions of one set."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from engine import datasets, emotions
from engine.arguments import add_data
from engine.datasets import FaceSet, splits
from engine.datasets.words import leak_in_words
from engine.evaluation.figures import figures
from engine.models import shipped
from engine.tasks import SILENT, Progress
from engine.training.configuration import RECIPES
from engine.training.cross_validation import answer
from engine.training.training_data import prepare

_SHOWN = ("accuracy", "macro_precision", "macro_recall", "macro_f1")


def leakage_gain(
    faces: FaceSet,
    what: str = "knn",
    *,
    classes: tuple[str, ...] | None = None,
    share: float = 0.2,
    seed: int = 1,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Train a learner on a split by picture and on one by group, and tell how good it seems on each.

    A split by picture puts copies of training pictures among those that it is tested on: what it finds there it has
    seen before. A set's test part takes part in neither.

    Parameters
    ----------
    faces
        Labelled pictures; what its groups and subjects miss stays a copy on both sides.
    what
        A name in `engine.training.learners.LEARNERS`, or of a recipe in `engine.training.configuration.RECIPES`.
    classes
        The expressions to tell apart; for None a recipe's own, and for a learner those of the seven that the set has.
    share
        Of the pictures to hold out, 0..1.
    seed
        Of both divisions and both trainings.
    progress
        Told after each training, and asked before.

    Returns
    -------
    dict
        ``what``, ``pictures``, ``share``, ``seed``, ``copies_across`` (held-out pictures of the split by picture that
        have a copy among those that train), and for ``by_picture`` and ``by_group`` a dict each: ``n`` held out, and
        ``accuracy``, ``macro_precision``, ``macro_recall`` and ``macro_f1`` in 0..1, each with its ``..._interval``
        (95 %, bootstrap over pictures, or over groups).

    Raises
    ------
    DataError
        Where the set cannot be divided, or is too small.
    engine.tasks.Cancelled
        Where ``progress`` said so.
    """
    given = RECIPES.get(what, RECIPES["paper"])
    there = tuple(label for label in emotions.SEVEN if label in set(faces.labels.tolist()))
    classes = classes or (given.classes if what in RECIPES else there)
    data = prepare(replace(given, classes=classes), faces)
    folds = {
        "by_picture": splits.by_picture(data.faces, data.rows, share, seed),
        "by_group": splits.hold_out(data.faces, data.rows, share, seed),
    }
    result: dict[str, Any] = {"what": what, "pictures": len(data.rows), "share": share, "seed": seed}
    for number, (way, fold) in enumerate(folds.items()):
        progress.step(number, len(folds), f"training on the {fold.name}")
        trained = replace(given, classes=classes) if what in RECIPES else what
        initial = shipped.file_to_start_from(given.initial) if what in RECIPES else None
        predictions = answer(trained, data, fold, seed, initial)
        # The split by picture knows of no groups; neither may its interval.
        found = figures(predictions if way == "by_group" else replace(predictions, unit=None))
        result[way] = {"n": found["n"]} | {key: found[key] for name in _SHOWN for key in (name, f"{name}_interval")}
    progress.step(len(folds), len(folds), "done")
    across = data.leaked(folds["by_picture"].training, folds["by_picture"].held_out)
    return result | {"copies_across": int(across.sum())}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser)
    parser.add_argument("--learner", default="knn", help="knn, svm, random-forest or a recipe (default: knn)")


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Train on both divisions."""
    return [leakage_gain(datasets.read(options.data), options.learner, progress=progress)]


in_words = leak_in_words
