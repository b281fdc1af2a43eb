"""From a face set to a folder with a trained, exported model and the first half of its card."""

import hashlib
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.datasets.crops import face_crops
from engine.datasets.face_set import FaceSet
from engine.datasets.splits import training_and_validation
from engine.evaluation.calibration import threshold_at
from engine.models import card
from engine.models.export import export
from engine.models.registry import ARCHITECTURES, CROP_SIZE
from engine.training.configuration import Configuration
from engine.training.fit import fit
from engine.training.targets import targets


@dataclass(frozen=True)
class Material:
    """What a network is trained and validated on.

    Attributes
    ----------
    name
        The face set's.
    crops, targets
        (n, 48, 48) uint8 and (n, classes) float32.
    training, validation
        Indices of the crops that train, and of those that validate.
    division
        How they were divided, for people.
    """

    name: str
    crops: np.ndarray
    targets: np.ndarray
    training: np.ndarray
    validation: np.ndarray
    division: str


def prepare(configuration: Configuration, faces: FaceSet, mode: str = "auto") -> Material:
    """Cut crops, make targets and divide them; pictures without a usable target are left out.

    Parameters
    ----------
    configuration
        Which labels and classes.
    faces
        Labelled pictures; a test part is not used.
    mode
        How crops come from pictures: see `engine.datasets.crops.face_crops`.

    Raises
    ------
    DataError
        Where too little is left to train on.
    """
    wanted = targets(configuration, faces, configuration.classes)
    rows = np.flatnonzero(wanted.sum(axis=1) > 0)
    crops, rows, _ = face_crops(faces.pictures, rows, mode)
    training, validation, division = training_and_validation(faces, crops, rows)
    return Material(faces.name, crops, wanted[rows], training, validation, division)


def train(
    recipe: str, configuration: Configuration, material: Material, folder: Path, initial: Path | None = None
) -> dict[str, Any]:
    """Train a model and write ``model.keras``, ``model.onnx`` and ``card.json`` into a folder.

    Parameters
    ----------
    recipe
        The configuration's name in `engine.training.configuration.RECIPES`.
    configuration
        How to train.
    material
        What to train and validate on.
    folder
        Where the model goes; its name becomes the model's.
    initial
        Folder of a model to start from.

    Returns
    -------
    dict
        The card, still without evaluations: `engine.evaluation.cards.complete` adds them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.keras"
    training, validation = material.training, material.validation
    model, history = fit(
        configuration,
        material.crops[training],
        material.targets[training],
        (material.crops[validation], material.targets[validation]),
        initial=None if initial is None else initial / "model.keras",
        checkpoint=checkpoint,
    )
    checkpoint.unlink(missing_ok=True)
    return write(recipe, configuration, material, folder, initial, model, history)


def write(
    recipe: str,
    configuration: Configuration,
    material: Material,
    folder: Path,
    initial: Path | None,
    model: keras.Model,
    history: dict[str, list[float]],
) -> dict[str, Any]:
    """Export a trained network and write the first half of its card; parameters as in `train` and `fit`."""
    architecture = ARCHITECTURES[configuration.architecture]
    validation = material.validation
    export(model, folder)
    gray = material.crops[validation][..., None].astype(np.float32) / 255
    probabilities = model.predict(gray, batch_size=256, verbose=0)
    result = {
        "name": folder.name,
        "title": configuration.title,
        "architecture": asdict(architecture),
        "parameters": model.count_params(),
        "labels": list(configuration.classes),
        "input": f"gray face crop, {CROP_SIZE}×{CROP_SIZE}, divided by 255; aligned by the eyes, framed as FER2013",
        "output": "a probability for each label: the expression shown",
        "files": {},
        "threshold": {
            **threshold_at(probabilities, material.targets[validation].argmax(axis=1)),
            "chosen": "lowest probability that leaves 80 % of the validation pictures decided",
        },
        "data": {
            "name": material.name,
            "fingerprint": hashlib.sha256(material.crops.tobytes() + material.targets.tobytes()).hexdigest(),
            "training_pictures": len(material.training),
            "validation_pictures": len(validation),
            "division": material.division,
        },
        "training": {
            "recipe": recipe,
            "command": _command(recipe, material, folder, initial),
            "initial": None if initial is None else initial.name,
            "configuration": asdict(configuration),
            "history": history,
            "versions": {name: version(name) for name in ("keras", "tensorflow", "numpy", "opencv-python-headless")}
            | {"python": platform.python_version()},
        },
        "evaluations": [],
        "intended_use": list(card.INTENDED_USE),
        "forbidden_use": list(card.FORBIDDEN_USE),
        "limits": list(card.LIMITS),
    }
    card.write(folder, result)
    return result


def _command(recipe: str, material: Material, folder: Path, initial: Path | None) -> str:
    start = "" if initial is None else f" --initial engine/weights/{initial.name}"
    return f"python -m engine train {recipe} --data {material.name}{start} --output engine/weights/{folder.name}"
