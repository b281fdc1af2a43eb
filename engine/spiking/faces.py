"""Happy, neutral or surprised faces, as features that spiking networks learn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.features.gabor import gabor_energy, pooled

CLASSES = ("happy", "neutral", "surprise")
POOL_PX = 8


@dataclass(frozen=True)
class Sides:
    """Features and labels of pictures that train and of pictures that are held out.

    Attributes
    ----------
    training, held_out
        (n, 576) float32 Gabor energies: 8 orientations × 2 scales × 6 × 6 places.
    labels, true
        (n,) int64, indices into `CLASSES`.
    crops
        (n, 48, 48) uint8, the held-out pictures.
    """

    training: NDArray[np.float32]
    labels: NDArray[np.int64]
    held_out: NDArray[np.float32]
    true: NDArray[np.int64]
    crops: NDArray[np.uint8]


def balanced(faces: FaceSet, held_out: str, seed: int, training: int = 1000, tested: int = 300) -> Sides:
    """Draw as many pictures of each class, and none to train on that has a copy among those that are held out.

    Parameters
    ----------
    faces
        Crops of 48 × 48 gray pixels with a part ``Training``, and groups of copies.
    held_out
        The part that is answered for: ``PublicTest`` while anything is chosen.
    seed
        Of the draw.
    training, tested
        How many of each class.

    Raises
    ------
    DataError
        Where a class has too few, with the count.
    """
    random = np.random.default_rng(seed)
    tests = _drawn(faces, faces.rows_of(held_out), tested, held_out, random)
    trains = faces.rows_of("Training")
    if faces.group is not None:
        trains = trains[~np.isin(faces.group[trains], faces.group[tests])]
    drawn = [_drawn(faces, trains, training, "Training", random), tests]
    crops = [np.stack([faces.pictures[row] for row in each]) for each in drawn]
    labels = [np.array([CLASSES.index(faces.labels[row]) for row in each]) for each in drawn]
    return Sides(features_of(crops[0]), labels[0], features_of(crops[1]), labels[1], crops[1])


def features_of(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return pooled Gabor energies: (n, 48, 48) uint8 to (n, 576) float32."""
    return pooled(gabor_energy(crops), POOL_PX).reshape(len(crops), -1)


def _drawn(faces: FaceSet, rows: NDArray, count: int, part: str, random: np.random.Generator) -> NDArray[np.int64]:
    chosen = []
    for label in CLASSES:
        of_class = rows[faces.labels[rows] == label]
        if len(of_class) < count:
            raise DataError(
                f"{faces.name}, {part}, has {len(of_class)} pictures of {label} that can be used.",
                f"Ask for fewer than {count}.",
            )
        chosen.append(random.permutation(of_class)[:count])
    return np.concatenate(chosen)
