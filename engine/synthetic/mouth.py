"""An open mouth: the painting's lips part at their seam, and behind them are teeth and a tongue."""

import numpy as np

from engine.synthetic.identity import Identity
from engine.synthetic.painting import seam

_DARK, _TONGUE = np.array((44, 16, 16), np.float32), np.array((150, 70, 68), np.float32)
_TEETH = np.array((246, 240, 228), np.float32)


def part_lips(
    upper: np.ndarray, lower: np.ndarray, above: np.ndarray, below: np.ndarray, face: Identity, px_mm: float
) -> np.ndarray:
    """Return the mouth, (h, w, 3) float32.

    Parameters
    ----------
    upper, lower
        (h, w, 3) float32: the face drawn as if the lower, or the upper part of it did not exist.
    above, below
        (h, w, 2) float32: the places at rest, in mm, that each of the two shows.
    face
        Whose.
    px_mm
        Size of a pixel in mm.
    """
    from_upper = above[..., 1] - seam(face, above[..., 0])  # mm below the upper lip's edge
    from_lower = seam(face, below[..., 0]) - below[..., 1]  # mm above the lower lip's edge
    behind = _behind(above[..., 0], from_upper, from_lower, face)
    drawn = behind + (lower - behind) * np.clip(0.5 - from_lower / px_mm, 0, 1)[..., None]
    return drawn + (upper - drawn) * np.clip(0.5 - from_upper / px_mm, 0, 1)[..., None]


def _behind(x: np.ndarray, from_upper: np.ndarray, from_lower: np.ndarray, face: Identity) -> np.ndarray:
    wide = 0.8 * face.mouth_half
    side = np.clip((wide - np.abs(x)) / 4, 0, 1)
    gaps = 1 - 0.16 * np.exp(-0.5 * (((np.abs(x) + 4) % 8 - 4) / 0.35) ** 2)
    dim = (1 - 0.4 * (x / wide) ** 2) * gaps
    picture = np.broadcast_to(_DARK, (*x.shape, 3))
    tongue = np.clip((9 - from_lower) / 6, 0, 1) * np.clip((wide - 3 - np.abs(x)) / 6, 0, 1) * 0.8
    picture = picture + (_TONGUE - picture) * tongue[..., None]
    for shown in (side * np.clip((2.0 - from_lower) / 1.0, 0, 1), side * np.clip((6.5 - from_upper) / 1.2, 0, 1)):
        shade = np.clip(0.8 + 0.2 * np.minimum(from_upper, 2) / 2, 0.7, 1) * dim
        picture = picture + (_TEETH * shade[..., None] - picture) * shown[..., None]
    return picture
