"""The mean face of each class."""

import numpy as np

from engine.datasets.crops import face_crops
from engine.datasets.face_set import FaceSet

AT_MOST = 400
"""Pictures of a class that are averaged; more change nothing that one can see."""


def mean_faces(faces: FaceSet, at_most: int = AT_MOST) -> dict[str, tuple[np.ndarray, int]]:
    """Return a class's mean crop and of how many pictures it is; classes without a crop are left out.

    Parameters
    ----------
    faces
        The set.
    at_most
        So many pictures of each class are taken, evenly over the set.

    Returns
    -------
    dict
        (48, 48) uint8 and a count, a label.
    """
    means = {}
    for label in dict.fromkeys(faces.labels.tolist()):
        rows = np.flatnonzero(faces.labels == label)
        rows = rows[np.linspace(0, len(rows) - 1, min(at_most, len(rows))).round().astype(np.int64)]
        crops, kept, _ = face_crops(faces.pictures, rows)
        if label and len(kept):
            means[label] = (np.rint(crops.mean(axis=0)).astype(np.uint8), len(kept))
    return means
