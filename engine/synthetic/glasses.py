"""Glasses: two rims, a bridge and the beginning of the temples."""

import numpy as np

from engine.synthetic.identity import Identity

_RIM_MM, _HALF, _HIGH = 1.3, 22.5, 17.0


def draw_glasses(skin: np.ndarray, places: np.ndarray, face: Identity, px_mm: float) -> np.ndarray:
    """Return skin (h, w, 3) float32 with glasses on it; ``places`` (h, w, 2) are in mm, action units aside."""
    side, y = np.abs(places[..., 0]), places[..., 1]
    x, down = (side - face.eye_x - 1.5) / _HALF, (y - 3) / _HIGH
    # Distance from a rounded rectangle, near enough close to it.
    far = ((np.abs(x) ** 3.2 + np.abs(down) ** 3.2) ** (1 / 3.2) - 1) * 0.5 * (_HALF + _HIGH)
    rim = np.clip((_RIM_MM - np.abs(far)) / px_mm + 0.5, 0, 1)
    bridge = np.clip((1.2 - np.abs(y + 3 - 0.02 * side**2)) / px_mm + 0.5, 0, 1) * (side < face.eye_x + 1.5 - _HALF)
    temple = (
        np.clip((1.4 - np.abs(y + 3)) / px_mm + 0.5, 0, 1) * (side > face.eye_x + 1.5 + _HALF) * (side < face.face_half)
    )
    cover = 0.92 * np.maximum(rim, np.maximum(bridge, temple))[..., None]
    colour = np.array((40, 34, 38) if face.seed % 2 else (96, 60, 36), np.float32)
    return skin + (colour - skin) * cover
