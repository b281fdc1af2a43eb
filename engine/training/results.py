"""What comes of a run: predictions, a card and, of a network, the model itself."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.evaluation.calibration import sureness, temperature
from engine.evaluation.evaluated import about
from engine.evaluation.figures import figures
from engine.evaluation.predictions import Predictions
from engine.evaluation.protocols import JUDGES, VOTES_COUNT
from engine.files import replace_with, write_json
from engine.models import card as cards
from engine.models.registry import ARCHITECTURES
from engine.models.shipped import ShippedModel
from engine.training.configuration import Configuration
from engine.training.runs import Run
from engine.training.training_data import Division, TrainingData

if TYPE_CHECKING:
    import keras

_LEARNER = {
    "name": "lbp-histograms",
    "title": "Histograms of local binary patterns",
    "source": "engine/training/learners.py",
}


def write_network(
    run: Run, data: TrainingData, division: Division, model: "keras.Model", history: dict[str, list[float]]
) -> None:
    """Scale a trained network's certainty, export it, and write its predictions and its card.

    Parameters
    ----------
    run
        Whose folder gets them.
    data, division
        What it was trained and validated on, and what is held out.
    model
        Adjusted for the prior; changed in place.
    history
        As `engine.training.fit.fit` returned it.
    """
    # These bring TensorFlow along.
    from engine.models.export import export
    from engine.training.fit import answers, bake_temperature
    from engine.training.precision import usable

    true, validation = data.true, division.validation
    before = answers(model, data.crops[validation])
    found = temperature(before, true[validation])
    bake_temperature(model, found)
    export(model, run.folder)
    card = _card(run, data, division.words) | {
        "architecture": ARCHITECTURES[run.request.configuration.architecture].described(),
        "parameters": model.count_params(),
        **sureness(before, true[validation], found, data.labels, "validation pictures", "validation pictures"),
        "evaluations": [],
    }
    card["data"] |= {"training_pictures": len(division.training), "validation_pictures": len(validation)}
    card["training"] |= {"history": history, "computed_in": usable(run.request.configuration.precision)}
    cards.write(run.folder, card)
    # What is kept are the answers of the file that will answer.
    answered = ShippedModel(run.folder).probabilities(data.crops[division.held_out])
    predictions = predictions_of(data, division, answered)
    _write(predictions, run)
    card["evaluations"] = [
        _evaluation(run, data, each, cards.thresholds(card), found) for each in _by_set(data, predictions)
    ]
    cards.write(run.folder, card)


def write_predictions(run: Run, data: TrainingData, predictions: Predictions, words: str) -> None:
    """Write the predictions and the card of a run that leaves no model behind: a learner or a cross-validation.

    Parameters
    ----------
    run
        Whose folder gets them.
    data
        What was divided.
    predictions
        Of all held-out pictures.
    words
        How they were divided, for people.
    """
    request = run.request
    architecture = ARCHITECTURES[request.configuration.architecture].described() if request.is_network else _LEARNER
    card = _card(run, data, words) | {
        "architecture": architecture,
        "files": {},
        "evaluations": [_evaluation(run, data, predictions, None, None)],
    }
    card["data"] |= {"pictures": len(data.rows)}
    _write(predictions, run)
    write_json(run.folder / "card.json", card)


def predictions_of(data: TrainingData, division: Division, probabilities: np.ndarray) -> Predictions:
    """Return the record of what was answered for the held-out pictures: (held out, classes) probabilities."""
    copied = data.leaked(division.seen, division.held_out)
    return data.predictions(division.held_out, probabilities, copied, division.part)


def judged_by(configuration: Configuration, votes: np.ndarray | None) -> str:
    """Return whose labels count as true for a network trained so, on pictures that have (n, 10) votes, or none."""
    by_votes = configuration.labels == "votes" or configuration.votes_share >= VOTES_COUNT
    return JUDGES["votes" if by_votes and votes is not None and (votes >= 0).any() else "given"]


def _by_set(data: TrainingData, predictions: Predictions) -> list[Predictions]:
    """Return the predictions of each joined set: what is right in one may be wrong in another."""
    origin = data.faces.origin
    if origin is None:
        return [predictions]
    own = {name: origin[predictions.rows] == name for name in np.unique(origin)}
    return [replace(predictions.only(kept), data=name) for name, kept in own.items() if kept.any()]


def _evaluation(
    run: Run, data: TrainingData, predictions: Predictions, thresholds: dict[str, float] | None, found: float | None
) -> dict[str, Any]:
    votes = None if data.faces.votes is None else data.faces.votes[predictions.rows]
    return {
        "data": about(predictions),
        "judged_by": judged_by(run.request.configuration, votes),
        "left_out": {},
        **figures(predictions, thresholds, found),
    }


def _card(run: Run, data: TrainingData, words: str) -> dict[str, Any]:
    configuration, size = run.request.configuration, data.crops.shape[1]
    # Their names alone: a folder of this machine means nothing elsewhere.
    initial = None if configuration.initial is None else Path(configuration.initial).name
    teachers = [Path(teacher).name for teacher in configuration.teachers]
    return {
        "name": run.id,
        "title": configuration.title,
        "labels": list(configuration.classes),
        "input": f"gray face crop, {size}×{size}, divided by 255; aligned by the eyes, framed as FER2013",
        "output": "a probability for each label: the expression shown",
        "data": {"name": data.name, "fingerprint": data.fingerprint, "division": words, "left_out": data.left_out},
        "training": {
            "recipe": run.request.model,
            "command": run.request.command(),
            "initial": initial,
            "configuration": {**asdict(configuration), "initial": initial, "teachers": teachers},
            "versions": run.about["versions"],
        },
        "intended_use": list(cards.INTENDED_USE),
        "forbidden_use": list(cards.FORBIDDEN_USE),
        "limits": list(cards.LIMITS),
    }


def _write(predictions: Predictions, run: Run) -> None:
    with replace_with(run.predictions_path) as file:
        predictions.save(file)
