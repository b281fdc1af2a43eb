"""Cut a face as the maps of the MEGC2019 composite frame theirs, so that a model of those maps can read it."""

import numpy as np
from numpy.typing import NDArray

from engine.faces.align import similarity
from engine.faces.sampling import REPLICATE, cut, invert

SIDE = 112
"""Pixels along the side of the cut: four for each one of a map."""

# Corners of the eyes and of the mouth in the mesh, and where their middle lies in 28 pixels. Read off the composite's
# maps, in which blinks move the lids and smiles the corners of the mouth: lids at (5.3, 7.3) and (21.7, 7.3) in CASME
# II, (5.5, 7.2) and (21.8, 7.2) in SMIC, (7, 5) and (20.4, 5) in SAMM; smiles end at a height of about 21.
_PLACES = (((33, 133), (6.1, 6.7)), ((362, 263), (21.9, 6.7)), ((61,), (9.6, 21.0)), ((291,), (18.4, 21.0)))
_MAP = 28


def flow_face(gray: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the face from just above the brows to just below the mouth.

    Parameters
    ----------
    gray
        (H, W) uint8.
    points
        (468, 2) or (468, 3): the mesh in pixels of ``gray``. For the flow from onset to apex both are cut by the
        onset's: cut by its own points, the apex would lose some of the motion that is looked for.

    Returns
    -------
    ndarray
        (112, 112) uint8; the border's pixels are repeated where the face leaves the picture.

    Raises
    ------
    ValueError
        Where the points are all the same.
    """
    here = np.array([points[list(corners), :2].mean(axis=0) for corners, _ in _PLACES], np.float64)
    there = np.array([place for _, place in _PLACES]) * (SIDE / _MAP)
    return cut(gray, invert(similarity(here, there)), SIDE, REPLICATE)
