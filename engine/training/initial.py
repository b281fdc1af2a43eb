"""Start a training from a trained model instead of random weights."""

import json
from pathlib import Path

import keras
import numpy as np

from engine.errors import ModelError


def start_from(model: keras.Model, path: Path, classes: tuple[str, ...]) -> None:
    """Give a network another one's weights.

    Where the other one answers other expressions, the last layer's columns of those that both know are taken over, and
    the others stay as they are.

    Parameters
    ----------
    model
        Ends in a layer called ``probabilities``; changed in place.
    path
        A ``.keras`` file of the same architecture; the ``card.json`` beside it says its expressions, without one they
        are taken to be the same.
    classes
        The network's expressions.

    Raises
    ------
    ModelError
        For a file that is missing or damaged, or holds another architecture.
    """
    try:
        other = keras.saving.load_model(path, compile=False)
        card = path.with_name("card.json")
        labels = tuple(json.loads(card.read_text(encoding="utf-8"))["labels"]) if card.exists() else classes
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The model {path.parent.name} cannot be started from ({error}).", "Start from another, or from none."
        ) from error
    last = model.get_layer("probabilities")
    shared = [label for label in classes if label in labels]
    new, old = [classes.index(label) for label in shared], [labels.index(label) for label in shared]
    weights = []
    for variable, own, theirs in zip(model.weights, model.get_weights(), other.get_weights(), strict=False):
        value = theirs
        if variable is last.kernel or variable is last.bias:
            value = own.copy()
            value[..., new] = theirs[..., old]
        weights.append(value)
    fits = len(other.get_weights()) == len(model.weights)
    if not fits or any(np.shape(value) != tuple(own.shape) for value, own in zip(weights, model.weights, strict=True)):
        raise ModelError(
            f"The model {path.parent.name} is of another architecture than the one to be trained.",
            "Start from one of the same architecture.",
        )
    model.set_weights(weights)
