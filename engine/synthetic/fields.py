"""How a face moves, as fields on grids.

Pictures are drawn backwards: each pixel asks which place at rest it shows. So a field d tells for a place q of the
moved face that it shows q - d(q), and a place p at rest is found moved at the q with q = p + d(q). There are three, one
after the other: the jaw and the lower lip, the other action units, and the turned head, whose parts move the further,
the nearer to the viewer they are.
"""

from dataclasses import dataclass
from functools import cached_property, reduce

import cv2
import numpy as np

from engine.synthetic.action_units import bump_field, bumps, with_lowered
from engine.synthetic.identity import Identity
from engine.synthetic.painting import seam
from engine.synthetic.plane import FIELD, look_up
from engine.synthetic.relief import depth


def sample(field: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return a field ``(h, w)`` or ``(h, w, 2)`` on `FIELD` at places ``(rows, columns, 2)`` float32, in mm."""
    return look_up(field, FIELD.pixels(points), cv2.BORDER_REPLICATE)


@dataclass(frozen=True)
class HeadPose:
    """How a head is held: angles in radians, see `engine.faces.landmarks.head_pose`, place in pixels, scale."""

    x: float
    y: float
    scale: float
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    def to_picture(self, points: np.ndarray) -> np.ndarray:
        """Turn places (..., 2) of the turned face, in mm, into points of the picture, in pixels."""
        cosine, sine = self.scale * np.cos(self.roll), self.scale * np.sin(self.roll)
        x, y = points[..., 0], points[..., 1]
        return np.stack([self.x + cosine * x - sine * y, self.y + sine * x + cosine * y], axis=-1)

    def to_face(self, points: np.ndarray) -> np.ndarray:
        """Turn points (..., 2) of the picture, in pixels, into places of the turned face, in mm."""
        cosine, sine = np.cos(self.roll) / self.scale, np.sin(self.roll) / self.scale
        x, y = points[..., 0] - self.x, points[..., 1] - self.y
        return np.stack([cosine * x + sine * y, cosine * y - sine * x], axis=-1).astype(np.float32)


class Fields:
    """The fields of one face.

    Parameters
    ----------
    face
        Whose.
    """

    def __init__(self, face: Identity) -> None:
        self.face = face

    @cached_property
    def units(self) -> dict[int, np.ndarray]:
        """Motion of each action unit at full strength, (h, w, 2) float32 in mm."""
        x, y = FIELD.grid
        return {
            unit: self.face.expressivity * _summed([bump_field(bump, x, y, self.face.asymmetry) for bump in parts])
            for unit, parts in bumps(self.face).items()
        }

    @cached_property
    def jaw(self) -> tuple[np.ndarray, np.ndarray]:
        """Share of the jaw's way that places go down: below the lips' seam, and the same continued above it."""
        return self._sinking(self.face.jaw_half * 1.15, self.face.chin_y)

    @cached_property
    def lip(self) -> tuple[np.ndarray, np.ndarray]:
        """The same for the lower lip on its own: the chin stays."""
        below, through = self._sinking(self.face.mouth_half, self.face.chin_y)
        y = FIELD.grid[1]
        reach = np.exp(-0.5 * (np.maximum(0, y - self.face.mouth_y - 4) / 11) ** 2).astype(np.float32)
        return below * reach, through * reach

    def _sinking(self, wide: float, end: float) -> tuple[np.ndarray, np.ndarray]:
        x, y = FIELD.grid
        middle = seam(self.face, x)
        share = np.clip((y - middle) / (end - self.face.mouth_y), 0, 1)
        reach = self.face.mouth_half + (wide - self.face.mouth_half) * share
        through = np.clip(1 - (x / reach) ** 2, 0, 1)
        return (through * (y >= middle)).astype(np.float32), through.astype(np.float32)

    @cached_property
    def nearness(self) -> np.ndarray:
        """How far places stand towards the viewer, (h, w) float32 in mm."""
        x, y = FIELD.grid
        return cv2.GaussianBlur(depth(self.face, x, y).astype(np.float32), (0, 0), 2)

    def motion(self, strengths: dict[int, float]) -> np.ndarray | None:
        """Return the motion by action units, (h, w, 2) float32 in mm; None for a face at rest."""
        whole = with_lowered(strengths)
        moving = [np.float32(whole[unit]) * self.units[unit] for unit in whole if unit in self.units]
        return _summed(moving) if moving else None

    def turned(self, pose: HeadPose) -> np.ndarray | None:
        """Return the motion of a turned head, (h, w, 2) float32 in mm; None for one that looks ahead."""
        if pose.yaw == 0 and pose.pitch == 0:
            return None
        right, down = np.float32(np.sin(pose.yaw)), np.float32(-np.sin(pose.pitch))
        return np.stack([self.nearness * right, self.nearness * down], -1)


def _summed(fields: list[np.ndarray]) -> np.ndarray:
    return reduce(np.add, fields)
