"""Folds and furrows that action units press into the skin, as darkening that grows with a unit's strength."""

import numpy as np

from engine.synthetic.identity import Identity
from engine.synthetic.plane import CREASES


def creases(face: Identity) -> dict[int, np.ndarray]:
    """Return each unit's darkening at full strength: (height, width) float32 on `CREASES`, 0 to about 0.5."""
    x, y = CREASES.grid
    side = np.abs(x)
    drawn = {unit: np.zeros(x.shape) for unit in (1, 2, 4, 6, 9, 12, 15, 16, 20, 23)}

    def fold(unit: int, start: tuple[float, float], end: tuple[float, float], wide: float, dark: float) -> None:
        # A stroke from start to end on both halves of the face, soft all around.
        along = np.subtract(end, start)
        share = np.clip(((side - start[0]) * along[0] + (y - start[1]) * along[1]) / (along @ along), 0, 1)
        far = (side - start[0] - share * along[0]) ** 2 + (y - start[1] - share * along[1]) ** 2
        fade = np.sin(np.pi * np.clip(0.15 + 0.7 * share, 0, 1))
        drawn[unit] = np.maximum(drawn[unit], dark * fade * np.exp(-0.5 * far / wide**2))

    brow, nose, mouth, corner = face.brow_y, face.nose_y, face.mouth_y, face.mouth_half
    for row, dark in ((-14, 0.24), (-22, 0.26), (-31, 0.2)):
        fold(1, (0, brow + row + 1), (26, brow + row - 1), 1.0, dark)
        fold(2, (22, brow + row), (50, brow + row + 5), 1.0, 0.8 * dark)
    fold(4, (4.5, brow - 10), (5.5, brow + 8), 1.1, 0.42)
    fold(4, (0, brow + 13), (7, brow + 13), 1.2, 0.2)
    for rise in (-7, 0, 7):
        fold(6, (51, 1 + 0.3 * rise), (61, 3 + rise), 0.8, 0.22)
    fold(6, (face.eye_x - 12, 9), (face.eye_x + 14, 9), 1.2, 0.24)
    for row in (-6, 0, 6):
        fold(9, (0, row - 1), (9, row + 3), 0.9, 0.34)
    for unit, dark in ((9, 0.36), (12, 0.34)):
        fold(unit, (face.nose_half + 2, nose - 10), (face.nose_half + 9, nose + 4), 1.5, dark)
        fold(unit, (face.nose_half + 9, nose + 4), (corner + 10, mouth - 3), 1.6, 0.9 * dark)
    fold(12, (corner + 4, mouth - 3), (corner + 5, mouth + 4), 1.4, 0.3)
    fold(15, (corner + 1.5, mouth + 2), (corner + 4, mouth + 12), 1.3, 0.34)
    fold(15, (0, mouth + face.lip_down + 5), (10, mouth + face.lip_down + 6), 2.0, 0.2)
    fold(16, (0, mouth + face.lip_down + 5), (14, mouth + face.lip_down + 5), 1.6, 0.2)
    fold(20, (corner + 6, mouth - 5), (corner + 7, mouth + 8), 1.3, 0.24)
    fold(23, (0, mouth - face.lip_up - 2), (corner - 2, mouth - 2), 1.5, 0.2)
    fold(23, (0, mouth + face.lip_down + 3), (corner - 4, mouth + 6), 1.6, 0.26)
    return {unit: map_.astype(np.float32) for unit, map_ in drawn.items()}
