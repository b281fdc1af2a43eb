"""What a network is asked to answer for each training picture."""

import numpy as np

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
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
