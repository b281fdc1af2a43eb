"""The shape of a synthetic head in depth, the light on it, and the creases that action units press into its skin."""

import cv2
import numpy as np

from engine.synthetic.identity import Identity
from engine.synthetic.plane import CREASES

AMBIENT, LAMP = 0.52, 0.62
_HOLLOW = 0.018  # how much darker a place is for each millimetre that it lies below its surroundings


def half_width(face: Identity, y: np.ndarray) -> np.ndarray:
    """Return half the head's width at heights ``y`` in mm; 0 above the crown and below the chin."""
    # Not above, as the compiled code of `engine.synthetic.person`.
    from scipy.interpolate import PchipInterpolator

    width, jaw, chin, crown = face.face_half, face.jaw_half, face.chin_y, face.crown_y
    heights = (crown - 1, crown, crown + 5, crown + 18, -58, -10, 25, 52, 0.74 * chin, 0.88 * chin, chin - 5, chin)
    upper = (0, 2, 0.48 * width, 0.78 * width, 0.96 * width, width, 0.97 * width, 0.9 * width)
    halves = (*upper, jaw, 0.74 * jaw, 0.42 * jaw, 3.0)
    inside = (y > crown - 1) & (y < chin)
    return np.where(inside, PchipInterpolator(heights, halves)(np.clip(y, crown - 1, chin)), 0.0)


def depth(face: Identity, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return how far the skin stands towards the viewer, in mm, at places ``x``, ``y`` (arrays of one shape)."""
    side = np.abs(x)
    half = np.maximum(half_width(face, y), 1.0)
    round_ = np.sqrt(np.clip(1 - np.minimum(side / (1.03 * half), 1) ** 2.4, 0, 1))
    length = np.where(y < 0, 1.12 * face.crown_y, 1.35 * face.chin_y)
    ridge = 78 * np.sqrt(np.clip(1 - (y / length) ** 2, 0.02, 1))
    surface = ridge * round_

    def bump(at_x: float, at_y: float, wide: float, high: float, tall: float) -> None:
        nonlocal surface
        surface = surface + tall * np.exp(-0.5 * (((side - at_x) / wide) ** 2 + ((y - at_y) / high) ** 2))

    nose, mouth, eye = face.nose_y, face.mouth_y, face.eye_x
    along = np.clip((y - 2) / (nose - 8), 0, 1.25)
    profile = np.where(along <= 1, 0.18 + 0.82 * along**1.3, np.clip(1 - ((along - 1) / 0.25) ** 2, 0, 1))
    profile = profile * np.clip((y + 14) / 16, 0, 1)
    surface = surface + face.nose_high * profile * np.exp(-0.5 * (side / (5.0 + 3.5 * np.clip(along, 0, 1))) ** 2)
    bump(0.76 * face.nose_half, nose - 7, 4.6, 5.0, 0.42 * face.nose_high)
    bump(26, face.brow_y + 4, 20, 6, 3.5)
    bump(eye, -3, 14, 9, -7)
    bump(eye, 0, 11, 7, 4.5)
    bump(12.5, 0, 5, 8, -3)
    bump(44, 27, 15, 13, 4.5)
    bump(4.5, mouth - 12, 2.5, 6, 1.2)
    bump(0, mouth - 12, 2.0, 6, -1.4)
    bump(0, mouth - 0.55 * face.lip_up, 17, 3.0, 4.0)
    bump(0, mouth + 0.5 * face.lip_down, 14, 3.6, 5.0)
    bump(0, mouth, 21, 1.4, -2.2)
    bump(0, mouth + face.lip_down + 4, 14, 3.8, -3.6)
    bump(0, face.chin_y - 13, 14, 9, 5.0)
    bump(face.mouth_half + 4, mouth + 1, 4.5, 7, -1.8)
    # The fold from the nose's wing to beside the mouth's corner.
    fold = 0.9 * face.nose_half + (y - nose + 8) * 0.42
    reach = np.exp(-0.5 * ((y - nose - 6) / 11) ** 2)
    return surface - 1.6 * reach * np.exp(-0.5 * ((side - fold) / 2.6) ** 2)


def shading(face: Identity, surface: np.ndarray, per_mm: float) -> np.ndarray:
    """Return how bright a surface ``(h, w)``, in mm, is under the face's lamp: about 1 where it meets the light.

    Lambert's law over a soft ambient light, which reaches hollows less.
    """
    surface = cv2.GaussianBlur(surface.astype(np.float32), (0, 0), 1.3 * per_mm)
    slope_y, slope_x = np.gradient(surface, 1 / per_mm)
    length = np.sqrt(1 + slope_x**2 + slope_y**2)
    lit = (-slope_x * face.light[0] - slope_y * face.light[1] + face.light[2]) / length
    hollow = surface - cv2.GaussianBlur(surface, (0, 0), 7 * per_mm)
    return AMBIENT + LAMP * np.clip(lit, 0, 1) + np.clip(_HOLLOW * hollow, -0.16, 0.08)


def creases(face: Identity) -> dict[int, np.ndarray]:
    """Return how each unit's folds darken the skin at full strength: (height, width) float32 on `CREASES`, 0 to 0.5."""
    x, y = CREASES.grid
    side = np.abs(x)
    drawn = {unit: np.zeros(x.shape) for unit in (1, 2, 4, 6, 9, 10, 12, 14, 15, 16, 17, 20, 23)}

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
    fold(10, (face.nose_half + 1, nose - 12), (face.nose_half + 8, nose + 5), 1.6, 0.36)
    fold(14, (corner + 3, mouth - 5), (corner + 3.5, mouth + 5), 1.2, 0.38)
    fold(17, (0, mouth + face.lip_down + 6), (13, mouth + face.lip_down + 7), 1.7, 0.28)
    for place, row in ((3, -20), (8, -15), (2, -11), (11, -22)):  # the chin's dimples
        fold(17, (place, face.chin_y + row), (place + 2, face.chin_y + row + 1), 1.0, 0.2)
    fold(12, (corner + 4, mouth - 3), (corner + 5, mouth + 4), 1.4, 0.3)
    fold(15, (corner + 1.5, mouth + 2), (corner + 4, mouth + 12), 1.3, 0.34)
    fold(15, (0, mouth + face.lip_down + 5), (10, mouth + face.lip_down + 6), 2.0, 0.2)
    fold(16, (0, mouth + face.lip_down + 5), (14, mouth + face.lip_down + 5), 1.6, 0.2)
    fold(20, (corner + 6, mouth - 5), (corner + 7, mouth + 8), 1.3, 0.24)
    fold(23, (0, mouth - face.lip_up - 2), (corner - 2, mouth - 2), 1.5, 0.2)
    fold(23, (0, mouth + face.lip_down + 3), (corner - 4, mouth + 6), 1.6, 0.26)
    return {unit: map_.astype(np.float32) for unit, map_ in drawn.items()}
