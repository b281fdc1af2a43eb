"""Wrinkles, furrows and bulges: how strong edges of each direction are in small cells of a face.

Skin that is pushed together folds, across the direction of the push: frowning draws upright lines between the brows,
raised brows draw level ones over the forehead. A cell tells the mean strength of the gradient along four directions
and the mean brightness, against those of the whole face (histograms of oriented gradients: N. Dalal, B. Triggs, CVPR
2005, doi 10.1109/CVPR.2005.177; here on cells that lie where the mesh says that a face folds).
"""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.features.aligned_face import ALIGNED_FACE_PX

MEASURES = ("upright", "level", "rising", "falling", "bright")
"""Of a cell, per half of the face: edges by how their lines run, rising away from the face's middle, and brightness."""


class Patch(NamedTuple):
    """Cells beside each other.

    Attributes
    ----------
    points
        Of the mesh, of the person's right half; their mean is where the patch is held.
    out, down
        How far its middle lies from there, in pixels of the aligned face, away from the face's middle and down.
    wide, high
        Of a cell, in the same pixels.
    columns, rows
        How many cells, from the outer side and from the top.
    """

    points: tuple[int, ...]
    out: float
    down: float
    wide: float
    high: float
    columns: int
    rows: int


PATCHES = {
    "between the brows": Patch((55, 107, 8, 9), 3, 0, 7, 8, 2, 3),
    "inner forehead": Patch((107, 66), 1, -10, 10, 8, 2, 2),
    "outer forehead": Patch((63, 105), 0, -9, 10, 8, 2, 2),
    "brow": Patch((105, 66, 65, 52), 0, 0, 10, 8, 3, 2),
    "root of the nose": Patch((193, 122, 6, 197), 0, 0, 6, 8, 2, 2),
    "crow's feet": Patch((33,), 7, 2, 7, 8, 2, 2),
    # Held by the corners: lids pass through its cells when they move.
    "eye": Patch((33, 133), 0, 0, 6, 3.6, 4, 5),
    "below the eye": Patch((33, 133), 0, 11, 8, 6, 2, 2),
    "side of the nose": Patch((129, 98, 48), 0, -4, 8, 8, 2, 2),
    "fold of the cheek": Patch((129, 61), 3, 0, 8, 8, 2, 3),
    "above the lips": Patch((0, 37, 39, 97), 1, 0, 8, 6, 2, 2),
    "corner of the mouth": Patch((61,), 3, 0, 6, 6, 4, 3),
    "lips": Patch((61, 291), 9, 1, 9, 4, 2, 7),
    "below the lips": Patch((17, 84), 4, 5, 8, 6, 2, 2),
    "chin": Patch((200, 199), 5, 0, 9, 8, 2, 3),
}
"""Name to where it lies."""

_SOFT = 0.8  # pixels of blur
_FACE = slice(18, 110)  # rows and columns of the aligned face that the whole is told by
_FAINT, _DARK = 0.5, 8.0  # gray levels of edges and of brightness below which there is nothing to tell
_BRIGHT = 2.0  # so that a change of brightness weighs about as much as one of edges


@cache
def cell_names() -> tuple[str, ...]:
    """Return the name of each cell's patch, in order."""
    return tuple(name for name, patch in PATCHES.items() for _ in range(patch.columns * patch.rows))


class Furrows:
    """Reads furrows.

    Parameters
    ----------
    mirror
        (468,) which point is each one's counterpart, see `engine.features.face_shape.mirrored`.
    """

    def __init__(self, mirror: NDArray[np.int64]) -> None:
        held, middle, half = [], [], []
        for side, sign in enumerate((-1.0, 1.0)):
            for patch in PATCHES.values():
                points = [mirror[point] if side else point for point in patch.points]
                weight = np.bincount(points, minlength=len(mirror)) / len(points)
                for row in range(patch.rows):
                    for column in range(patch.columns):
                        out = patch.out + (column - (patch.columns - 1) / 2) * patch.wide
                        down = patch.down + (row - (patch.rows - 1) / 2) * patch.high
                        held.append(weight)
                        middle.append((sign * out, down))
                        half.append((patch.wide / 2, patch.high / 2))
        self._held, self._middle, self._half = np.array(held), np.array(middle), np.array(half)

    def __call__(self, gray: NDArray[np.uint8], points: NDArray) -> NDArray[np.float32]:
        """Return what each cell shows.

        Parameters
        ----------
        gray
            (128, 128) uint8, the aligned face.
        points
            (468, 2) of the mesh in its pixels.

        Returns
        -------
        ndarray
            (2, cells, measures) float32: the person's right and left half; logarithms of shares of the whole face's.
        """
        bright = cv2.GaussianBlur(gray.astype(np.float32), (0, 0), _SOFT)
        across, down = (cv2.Sobel(bright, -1, *axis, ksize=3, scale=0.25) for axis in ((1, 0), (0, 1)))
        slanted = np.float32(np.sqrt(0.5))
        edges = cv2.merge([across, down, slanted * (across + down), slanted * (across - down)])
        summed = np.dstack([cv2.integral(np.abs(edges)), cv2.integral(bright)])
        middle = self._held @ points + self._middle
        low = np.clip(np.rint(middle - self._half), 0, ALIGNED_FACE_PX - 2).astype(int)
        high = np.clip(np.rint(middle + self._half), 0, ALIGNED_FACE_PX).astype(int)
        high = np.maximum(high, low + 1)
        (left, top), (right, bottom) = low.T, high.T
        cells = summed[bottom, right] - summed[top, right] - summed[bottom, left] + summed[top, left]
        cells /= (high - low).prod(axis=1)[:, None]
        first, last = _FACE.start, _FACE.stop
        whole = summed[last, last] - summed[first, last] - summed[last, first] + summed[first, first]
        whole /= (last - first) ** 2
        cells[:, :4] = np.log((cells[:, :4] + _FAINT) / (whole[:4].mean() + _FAINT))
        cells[:, 4] = _BRIGHT * np.log((cells[:, 4] + _DARK) / (whole[4] + _DARK))
        halves = cells.reshape(2, -1, len(MEASURES))
        # The person's right half is the picture's left: a line that rises to the right falls away from the middle.
        halves[0] = halves[0][:, [0, 1, 3, 2, 4]]
        return halves.astype(np.float32)
