"""A face as histograms of local binary patterns, one for each cell of a grid: what conventional learners see.

References
----------
.. [1] Ahonen, Hadid, Pietikäinen, "Face description with local binary patterns", IEEE TPAMI 28(12), 2006,
       doi:10.1109/TPAMI.2006.244.
.. [2] Shan, Gong, McOwan, "Facial expression recognition based on local binary patterns: a comprehensive study", Image
       and Vision Computing 27(6), 2009, doi:10.1016/j.imavis.2008.08.005.
"""

import numpy as np
from numpy.typing import NDArray

from engine.features.lbp import lbp_3x3, lbp_circular

CELLS = 6  # a side: 8×8 pixels each, about an eye, a brow, half a mouth
RADIUS = 2.0  # of the second plane, in pixels; the first is the paper's 3×3
PATTERNS = 59  # 58 uniform ones, and one for all others
WIDTH = 2 * CELLS * CELLS * PATTERNS


def grid_histograms(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Describe face crops by the patterns in each cell of a 6×6 grid.

    Two planes of codes, the paper's `lbp_3x3` and `lbp_circular` with 8 points at radius 2; of each, how often every
    uniform pattern occurs in a cell, as in [1]_ and [2]_. Of the shares the square root is taken, so that distances
    between descriptions are Hellinger distances between histograms.

    Parameters
    ----------
    crops
        (n, H, W), H and W at least 6.

    Returns
    -------
    ndarray
        (n, 4248) float32, 0 to 1; the squares of each plane and cell sum to 1.
    """
    planes = (lbp_3x3(crops), lbp_circular(crops, 8, RADIUS)) if len(crops) else (crops, crops)
    return np.sqrt(np.concatenate([_shares(UNIFORM[codes]) for codes in planes], axis=1))


def _shares(patterns: NDArray[np.uint8]) -> NDArray[np.float32]:
    count, height, width = patterns.shape
    cell = (np.arange(height) * CELLS // height)[:, None] * CELLS + np.arange(width) * CELLS // width
    bins = CELLS * CELLS * PATTERNS
    places = np.arange(count)[:, None, None] * bins + cell * PATTERNS + patterns
    counts = np.bincount(places.ravel(), minlength=count * bins).reshape(count, CELLS * CELLS, PATTERNS)
    return (counts / counts.sum(axis=2, keepdims=True)).reshape(count, bins).astype(np.float32)


def _uniform_patterns() -> NDArray[np.uint8]:
    """Number the codes whose circle of 8 bits changes at most twice from 0, by size; all others get 58: (256,)."""
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(axis=1) <= 2
    return np.where(uniform, np.cumsum(uniform) - 1, PATTERNS - 1).astype(np.uint8)


UNIFORM = _uniform_patterns()
"""(256,) uint8: the pattern of each code."""
