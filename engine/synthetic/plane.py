"""The plane on which a face is painted once, at rest: a grid of millimetres and back."""

from functools import cached_property

import cv2
import numpy as np

PER_MM = 2.4  # pixels of the painting; a picture 480 pixels high shows 1.45 a millimetre
LEFT, TOP, RIGHT, BOTTOM = -112.0, -142.0, 112.0, 146.0  # mm
FIELD_MM = 2.0  # spacing of the grids that hold motion


class Plane:
    """Coordinates of a painting's pixels.

    Parameters
    ----------
    per_mm
        Pixels a millimetre.
    """

    def __init__(self, per_mm: float) -> None:
        self.per_mm = per_mm
        self.width, self.height = round((RIGHT - LEFT) * per_mm), round((BOTTOM - TOP) * per_mm)

    @cached_property
    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Places x and y, in mm, of each pixel's centre, both (height, width) float64."""
        return np.meshgrid(
            LEFT + (np.arange(self.width) + 0.5) / self.per_mm, TOP + (np.arange(self.height) + 0.5) / self.per_mm
        )

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Turn points (..., 2) in mm into OpenCV's coordinates of this plane, where a pixel's centre is whole."""
        return (points - np.array((LEFT, TOP), points.dtype)) * points.dtype.type(self.per_mm) - points.dtype.type(0.5)

    def outline(self, points: np.ndarray, soft_mm: float = 0.4) -> np.ndarray:
        """Return the inside of a polygon (n, 2) in mm as (height, width) float32, 0 to 1, with a soft edge."""
        mask = np.zeros((self.height, self.width), np.uint8)
        fixed = np.round(self.pixels(points) * 16).astype(np.int32)
        cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, 4)
        return cv2.GaussianBlur(mask, (0, 0), soft_mm * self.per_mm).astype(np.float32) / 255

    def strokes(self, starts: np.ndarray, ends: np.ndarray, wide_mm: float = 0.3) -> np.ndarray:
        """Return hairs from ``starts`` to ``ends``, both (n, 2) in mm, as (height, width) float32, 0 to 1."""
        mask = np.zeros((self.height, self.width), np.uint8)
        for start, end in np.round(self.pixels(np.stack([starts, ends], 1)) * 16).astype(np.int32):
            cv2.line(mask, start.tolist(), end.tolist(), 255, 1, cv2.LINE_AA, 4)
        return cv2.GaussianBlur(mask, (0, 0), wide_mm * self.per_mm).astype(np.float32) / 255


def look_up(picture: np.ndarray, at: np.ndarray, border: int = cv2.BORDER_CONSTANT) -> np.ndarray:
    """Interpolate a picture linearly at OpenCV's coordinates ``at``, (h, w, 2) float32."""
    # OpenCV's types do not know that a map of two channels needs no second one.
    return cv2.remap(picture, at, None, cv2.INTER_LINEAR, borderMode=border)  # type: ignore[call-overload]


PAINTING = Plane(PER_MM)
FIELD = Plane(1 / FIELD_MM)
CREASES = Plane(PER_MM / 2)
