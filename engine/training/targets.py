"""What a network is asked to answer for each training picture: labels, votes, and the answers of trained networks."""

from pathlib import Path

import numpy as np

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.errors import DataError, ModelError
from engine.evaluation.protocols import VOTES_COUNT
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.training.configuration import Configuration


def targets(configuration: Configuration, faces: FaceSet, labels: tuple[str, ...]) -> np.ndarray:
    """Return a target a picture.

    Parameters
    ----------
    configuration
        Which labels, how much of the votes, how much smoothing.
    faces
        The set; with ``labels="votes"`` it must have FERPlus votes.
    labels
        The k expressions that the network may answer.

    Returns
    -------
    numpy.ndarray
        (n, k) float32; a row sums to 1, or is all zeros where the picture cannot be used.

    Raises
    ------
    DataError
        Where votes are asked for and the set has none.
    """
    votes = None if faces.votes is None else emotions.votes_to_targets(faces.votes, labels)
    if configuration.labels == "votes":
        if votes is None:
            raise DataError(f"{faces.name} has no FERPlus votes.", "Train on its own labels with another recipe.")
        return votes
    given = (faces.labels[:, None] == np.array(labels)).astype(np.float32)
    usable = given.sum(axis=1, keepdims=True)
    given = given * (1 - configuration.label_smoothing) + usable * configuration.label_smoothing / len(labels)
    if votes is None or not configuration.votes_share:
        return given
    mixed = given * (1 - configuration.votes_share) + votes * configuration.votes_share
    return np.where((usable > 0) & (votes.sum(axis=1, keepdims=True) > 0), mixed, given)


def true_labels(configuration: Configuration, faces: FaceSet, wanted: np.ndarray) -> np.ndarray:
    """Return the label by which an answer to each picture is judged: (n,) int64.

    Parameters
    ----------
    configuration
        With `VOTES_COUNT` or more of the targets from the votes, most voters' label counts where they have one.
    faces
        The set.
    wanted
        (n, k) float32, what `targets` gave.
    """
    true = wanted.argmax(axis=1)
    if faces.votes is not None and (configuration.labels == "votes" or configuration.votes_share >= VOTES_COUNT):
        majority = faces.judged_by("votes").labels[:, None] == np.array(configuration.classes)
        true = np.where(majority.any(axis=1), majority.argmax(axis=1), true)
    return true


def distilled_targets(
    configuration: Configuration, crops: np.ndarray, targets: np.ndarray, prior: np.ndarray | None = None
) -> np.ndarray:
    """Return targets of which a share comes from the teachers' answers.

    The geometric mean of several teachers' probabilities is one ensemble's answer. A teacher that is as large as its
    pupil helps too, because its answers say which expressions a picture lies between.

    Parameters
    ----------
    configuration
        Its ``teachers`` and ``teacher_share``.
    crops, targets
        (n, size, size) uint8 and (n, classes) float32, of the pictures that train.
    prior
        (n, classes) float32 that the pupil's answers are multiplied by while it trains, and so its teachers' too; None
        for none.

    Returns
    -------
    numpy.ndarray
        (n, classes) float32, each row sums to 1; ``targets`` itself without teachers.

    Raises
    ------
    ModelError
        For a teacher that cannot be found or read, or does not know one of the expressions.

    References
    ----------
    Hinton, Vinyals and Dean (2015, arXiv 1503.02531); teachers as large as the pupil: Furlanello et al. (2018, arXiv
    1805.04770).
    """
    if not configuration.teachers:
        return targets
    logs = np.zeros(targets.shape)
    for named in configuration.teachers:
        teacher = ShippedModel(Path(named)) if Path(named).is_dir() else shipped.load(named)
        logs += np.log(_answers(teacher, crops, configuration.classes)) / len(configuration.teachers)
    if prior is not None:
        logs += np.log(prior)
    answers = np.exp(logs - logs.max(axis=1, keepdims=True))
    answers /= answers.sum(axis=1, keepdims=True)
    share = configuration.teacher_share
    return ((1 - share) * targets + share * answers).astype(np.float32)


def _answers(teacher: ShippedModel, crops: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """Return a teacher's probabilities of some expressions, above 0 so that they have a logarithm."""
    if missing := [label for label in classes if label not in teacher.labels]:
        raise ModelError(
            f"The teacher {teacher.name} does not know {', '.join(missing)}.", f"It knows {', '.join(teacher.labels)}."
        )
    columns = [teacher.labels.index(label) for label in classes]
    return np.maximum(teacher.probabilities(crops)[:, columns], 1e-8)
