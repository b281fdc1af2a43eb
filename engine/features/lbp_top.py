"""LBP-TOP: local binary patterns on three orthogonal planes of a clip, the field's classical description of motion.

References
----------
.. [1] Zhao, Pietikäinen, "Dynamic texture recognition using local binary patterns with an application to facial
       expressions", IEEE TPAMI 29(6), 2007, doi:10.1109/TPAMI.2007.1110.
"""

import numpy as np
from numpy.typing import NDArray

from engine.features.lbp import lbp_circular
from engine.features.lbp_grid import PATTERNS, UNIFORM

# For each of the planes XY, XT, YT: which of the clip's axes (t, y, x) pictures are stacked along, run down and across.
_AXES = ((0, 1, 2), (1, 0, 2), (2, 0, 1))


def lbp_top(
    clip: NDArray[np.uint8], blocks: tuple[int, int] = (5, 5), radius: tuple[float, float, float] = (1.0, 1.0, 1.0)
) -> NDArray[np.float32]:
    """Describe a clip by how often each uniform pattern occurs in each block of the face, seen from three sides.

    Through every pixel go three pictures: the frame (XY), and what its row (XT) and its column (YT) look like over
    time. In each the pixel is coded by eight neighbours on an ellipse, interpolated, greater or equal. Pixels whose
    neighbours would lie outside the clip are coded in none of the three.

    Parameters
    ----------
    clip
        (T, H, W) uint8, gray.
    blocks
        Rows and columns of the grid that the face is cut into.
    radius
        Of the ellipse across, downwards and in time: x, y in pixels, t in frames; above 0 and at most 64.

    Returns
    -------
    ndarray
        (rows * columns * 3 * 59,) float32: for each block by rows, for XY, XT and YT, the share of each pattern; the 59
        of a block and plane sum to 1. The patterns are numbered as in `engine.features.lbp_grid`.

    Raises
    ------
    ValueError
        For another shape or dtype, a radius out of range, or a clip so short or small that a block has no pixel.

    Examples
    --------
    >>> import numpy as np
    >>> clip = np.random.default_rng(0).integers(0, 256, (6, 20, 20), dtype=np.uint8)
    >>> lbp_top(clip, blocks=(5, 5)).reshape(25, 3, 59).sum(axis=2).round(3).min()
    np.float32(1.0)
    """
    if clip.ndim != 3 or clip.dtype != np.uint8:
        raise ValueError(f"Expected (T, H, W) uint8. Received {clip.shape} {clip.dtype}.")
    across, down, time = radius
    radii = (time, down, across)
    margins = [int(np.ceil(axis)) for axis in radii]
    inner = [size - 2 * margin for size, margin in zip(clip.shape, margins, strict=True)]
    least = tuple(2 * margin + cells for margin, cells in zip(margins, (1, *blocks), strict=True))
    if min(blocks) < 1 or any(size < enough for size, enough in zip(clip.shape, least, strict=True)):
        raise ValueError(
            f"Expected at least {least} frames, rows and columns for {blocks[0]}×{blocks[1]} blocks and the radius "
            f"{radius}. Received {clip.shape}."
        )
    row, column = (np.arange(inner[axis]) * blocks[axis - 1] // inner[axis] for axis in (1, 2))
    block = row[:, None] * blocks[1] + column
    shares = [_shares(_codes(clip, axes, radii, margins), block) for axes in _AXES]
    return np.stack(shares, axis=1).ravel()


def _codes(
    clip: NDArray[np.uint8], axes: tuple[int, int, int], radii: tuple[float, ...], margins: list[int]
) -> NDArray[np.uint8]:
    """Code the pixels away from the border on one plane: (T', H', W')."""
    # Only the stacking axis may be cut before coding: neighbours are looked for along the other two.
    keep = [slice(None)] * 3
    keep[axes[0]] = slice(margins[axes[0]], clip.shape[axes[0]] - margins[axes[0]])
    pictures = clip[tuple(keep)].transpose(axes)
    codes = lbp_circular(pictures, 8, (radii[axes[1]], radii[axes[2]]))
    down, across = margins[axes[1]], margins[axes[2]]
    codes = codes[:, down : codes.shape[1] - down, across : codes.shape[2] - across]
    return codes.transpose(np.argsort(axes))


def _shares(codes: NDArray[np.uint8], block: NDArray[np.int64]) -> NDArray[np.float32]:
    """Count the patterns of (T, H, W) codes in each block, (H, W) by number: (blocks, 59), each row summing to 1."""
    count = int(block.max()) + 1
    places = block * PATTERNS + UNIFORM[codes]
    counts = np.bincount(places.ravel(), minlength=count * PATTERNS).reshape(count, PATTERNS)
    return (counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
