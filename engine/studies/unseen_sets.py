"""How right a recipe is on sets that it never trained on, and on the unseen part of those that it did.

Of joined sets (``dataset join``) one after the other is left out whole: the recipe trains on the others and answers for
it. Then that set is divided into folds by group of copies: the recipe trains on the others and all folds but one, and
answers for that one. Nothing that is answered for has a copy among what trained. What a set's own test part holds is
not touched, and pictures of other sets that are held out there do not train here.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine import datasets
from engine.arguments import add_data
from engine.datasets import splits
from engine.datasets.face_set import FaceSet, fingerprint
from engine.errors import DataError
from engine.evaluation.figures import figures
from engine.evaluation.words import percent_with_interval
from engine.models import card as cards
from engine.models import shipped
from engine.tasks import SILENT, Progress
from engine.training.configuration import Configuration, shortened
from engine.training.cross_validation import cross_validate
from engine.training.request import starting_point
from engine.training.results import judged_by
from engine.training.training_data import TrainingData, prepare

LEFT_OUT, FOLDS = "never trained on", "{} folds"
_SCORES = ("accuracy", "balanced_accuracy")


def measure(
    configuration: Configuration,
    data: TrainingData,
    name: str,
    folds: int = 0,
    initial: Path | None = None,
    kept: Path | None = None,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Train without one of the joined sets, or without a fold of it each, and answer for what was left out.

    Parameters
    ----------
    configuration
        How each training goes.
    data
        Prepared from joined sets.
    name
        The set that is left out or divided.
    folds
        How many parts it is divided into; 0 to leave it out whole.
    initial
        A ``.keras`` file that each training starts from, which must not have seen the set.
    kept
        A folder for the answers of finished folds; None: nothing is kept.
    progress
        Is told the folds done and all folds.

    Returns
    -------
    dict
        ``data``, ``judged_by``, ``epochs``, ``left_out``, and what `engine.evaluation.figures.figures` returns.

    Raises
    ------
    DataError
        For a set that is not among them, or pictures that cannot be divided so.
    """
    origin = data.faces.origin
    if origin is None or name not in origin[data.rows]:
        names = "none" if origin is None else ", ".join(np.unique(origin))
        raise DataError(f"There is no set {name!r} among those joined in {data.name}.", f"There are: {names}.")
    own = np.flatnonzero(origin[data.rows] == name)
    others = np.setdiff1d(np.flatnonzero(np.isin(data.rows, data.faces.rows_of("training"))), own)
    if folds:
        divided = splits.k_fold(data.faces, data.rows[own], folds, configuration.seed, data.crops[own])
        parts = [own[fold.held_out] for fold in divided]
    else:
        # What has a copy in the other sets is not unseen.
        parts = [own[~np.isin(data.copies[own], data.copies[others])]]
    work = [_fold(data, own if folds else own[:0], others, part) for part in parts]
    predictions = cross_validate(
        configuration, data, work, seed=configuration.seed, initial=initial, kept=kept, progress=progress
    )
    return {
        "data": f"{name}, {FOLDS.format(folds) if folds else LEFT_OUT}",
        "judged_by": judged_by(configuration, None if data.faces.votes is None else data.faces.votes[predictions.rows]),
        "epochs": configuration.epochs,
        "left_out": {"copy in another set": len(own) - len(parts[0])} if not folds else {},
        **figures(replace(predictions, leaked=None)),
    }


def _fold(data: TrainingData, own: np.ndarray, others: np.ndarray, held_out: np.ndarray) -> splits.Fold:
    training = np.union1d(np.setdiff1d(own, held_out), others)
    training = training[~np.isin(data.copies[training], data.copies[held_out])]
    return splits.Fold(training, held_out, f"{len(held_out):,} pictures")


def _set(faces: FaceSet, name: str) -> FaceSet:
    rows = np.flatnonzero(faces.origin == name).tolist()
    return FaceSet(name, [faces.pictures[row] for row in rows], faces.labels[rows])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, what="joined sets")
    parser.add_argument("--recipe", default="neuromer", metavar="MODEL", help="what trains (default: neuromer)")
    parser.add_argument("--epochs", type=int, help="of each training, fewer than the recipe's to save time")
    parser.add_argument(
        "--initial", type=Path, metavar="FOLDER", help="start from this model, but where it knows the set"
    )
    parser.add_argument("--set", action="append", metavar="NAME", help="ask this set only; may be repeated")
    parser.add_argument("--folds", type=int, default=0, help="divide each set into so many, instead of leaving it out")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="keep finished folds here; they are not repeated")
    parser.add_argument("--card", type=Path, metavar="FOLDER", help="write the figures into this model's card too")


def run(options: argparse.Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """Leave one set after the other out."""
    configuration = starting_point(options.recipe)
    if options.epochs is not None:
        configuration = shortened(configuration, options.epochs)
    data = prepare(configuration, datasets.read(options.data), progress=progress)
    for name in options.set or np.unique(data.faces.origin if data.faces.origin is not None else [data.name]).tolist():
        kept = None if options.output is None else options.output / f"{name}-{options.folds}"
        initial = _start(options.initial, data.faces, name)
        found = measure(configuration, data, name, options.folds, initial, kept, progress)
        if options.card is not None:
            card = cards.read(options.card)
            others = [each for each in card["evaluations"] if each["data"] != found["data"]]
            cards.write(options.card, {**card, "evaluations": [*others, found]})
        yield found


def _start(initial: Path | None, faces: FaceSet, name: str) -> Path | None:
    """Return the file to start from, or None where there is none or it was trained on the set that is left out."""
    if initial is None or (faces.origin is not None and name in faces.origin and _knows(initial, faces, name)):
        return None
    return shipped.file_to_start_from(str(initial))


def _knows(initial: Path, faces: FaceSet, name: str) -> bool:
    return cards.read(initial).get("data", {}).get("fingerprint") == fingerprint(_set(faces, name))


def in_words(found: dict[str, Any]) -> str:
    """Return accuracy, mean recall, and the recall of each expression."""
    accuracy, recall = (percent_with_interval(found[key], found[f"{key}_interval"]) for key in _SCORES)
    each: Iterable[str] = (f"{label} {scores['recall']:.1%}" for label, scores in found["per_class"].items())
    return (
        f"{found['data']}, {found['judged_by']}, {found['n']:,} pictures, {found['epochs']} epochs\n"
        f"accuracy {accuracy}, mean recall {recall}\n" + ", ".join(each)
    )
