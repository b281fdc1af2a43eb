"""Which pictures train and which validate; copies of one picture stay on one side."""

import hashlib

import numpy as np

from engine.datasets.face_set import FaceSet
from engine.errors import DataError

_TRAINING, _VALIDATION = ("Training", "train", "training"), ("PublicTest", "validation", "valid", "val")


def training_and_validation(
    faces: FaceSet, crops: np.ndarray, rows: np.ndarray, share: float = 0.2, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, str]:
    """Divide pictures by the set's own splits where it names both, otherwise at random by group.

    Parameters
    ----------
    faces
        The set.
    crops, rows
        (m, 48, 48) uint8 and the m rows of the set they belong to. Without groups, crops that are equal to the bit form
        one.
    share
        Of the groups that validate in a random division, 0..1.
    seed
        Of the random division.

    Returns
    -------
    tuple
        Indices into ``rows`` that train, those that validate, and a sentence that says how they were divided.

    Raises
    ------
    DataError
        Where one side would be empty.
    """
    if faces.split is not None:
        split = faces.split[rows]
        names = set(split.tolist())
        training = next((name for name in _TRAINING if name in names), None)
        validation = next((name for name in _VALIDATION if name in names), None)
        if training and validation:
            return np.flatnonzero(split == training), np.flatnonzero(split == validation), f"{training}/{validation}"
        # A test part is never trained on, whatever else the set lacks.
        usable = np.flatnonzero(split == training) if training else np.arange(len(rows))
    else:
        usable = np.arange(len(rows))
    if faces.group is not None:
        group = faces.group[rows][usable]
    else:
        group = np.array([hashlib.sha256(crops[row].tobytes()).hexdigest() for row in usable])
    groups = np.random.default_rng(seed).permutation(np.unique(group))
    held_out = np.isin(group, groups[: round(len(groups) * share)])
    if held_out.all() or not held_out.any():
        raise DataError(f"{faces.name} has {len(groups)} different pictures to train on.", "Use a larger set.")
    return usable[~held_out], usable[held_out], f"random {1 - share:.0%}/{share:.0%} by group of copies, seed {seed}"
