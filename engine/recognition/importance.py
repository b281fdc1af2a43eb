"""What mattered for an answer: which parts of the face, when covered, change it."""

import numpy as np

from engine.models.shipped import ShippedModel

PATCH, STRIDE = 8, 4
METHOD = "occlusion"


def occlusion_map(model: ShippedModel, crop: np.ndarray, label: str) -> np.ndarray:
    """Cover the crop patch by patch and note by how much the probability of one expression falls.

    Occlusion sensitivity (Zeiler and Fergus 2014, doi 10.1007/978-3-319-10590-1_53): it asks the model itself and needs
    nothing of its inside, so that it is the same for every model. A patch is filled with the crop's mean gray.

    Parameters
    ----------
    model
        What answered.
    crop
        (48, 48) uint8.
    label
        The expression asked about, one of the model's labels.

    Returns
    -------
    numpy.ndarray
        (48, 48) float32: the mean fall of the probability over the patches that cover a pixel, -1..1; positive where
        the pixel speaks for the expression.
    """
    size = crop.shape[0]
    corners = [(top, left) for top in range(0, size - PATCH + 1, STRIDE) for left in range(0, size - PATCH + 1, STRIDE)]
    covered = np.repeat(crop[None], len(corners) + 1, axis=0)
    fill = round(float(crop.mean()))
    for index, (top, left) in enumerate(corners):
        covered[index, top : top + PATCH, left : left + PATCH] = fill
    probability = model.probabilities(covered)[:, model.labels.index(label)]
    total, times = np.zeros((size, size), np.float32), np.zeros((size, size), np.float32)
    for index, (top, left) in enumerate(corners):
        total[top : top + PATCH, left : left + PATCH] += probability[-1] - probability[index]
        times[top : top + PATCH, left : left + PATCH] += 1
    return total / times
