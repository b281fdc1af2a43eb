"""Action units and gaze of one face in one picture, of whose rest nothing is known."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.faces import Face
from engine.faces.gaze import Eyes, cut_eyes, gaze_deg
from engine.features.action_units import LEFT, NUMBERS, RIGHT, Moved, intensity, read, strongest, told, why_unread
from engine.features.aligned_face import AlignedFace, align_face


@dataclass(frozen=True)
class FaceUnits:
    """What moves in a face, beside an average one.

    Attributes
    ----------
    strength
        (units, 2) float32: intensity of each of `engine.features.action_units.UNITS`, 0 to 5, in the person's right and
        left half.
    gaze_deg
        (2,) float32: where the eyes look, to the picture's right; nan where that cannot be read. And down, which is
        always nan: a single picture does not tell it, see `engine.faces.gaze.gaze_deg`.
    unread
        A sentence on why no unit can be read; empty where they can.
    covered
        Which of `engine.faces.covering.REGIONS` something hides: their units are not told.
    """

    strength: NDArray[np.float32]
    gaze_deg: NDArray[np.float32]
    unread: str = ""
    covered: tuple[str, ...] = ()

    @property
    def told(self) -> NDArray[np.bool_]:
        """Which units are measured well enough to be told, and not hidden: (units,)."""
        return told(rested=False, covered=self.covered) & (not self.unread)

    @property
    def present(self) -> Moved:
        """The units that are present and measured well enough to be told, the strongest first."""
        return {} if self.unread else strongest(self.strength, rested=False, covered=self.covered)

    def as_json(self) -> dict[str, Any]:
        """Return every unit that is told, gaze, and why either is not."""
        units = {
            f"AU{number}": {
                "right": round(float(self.strength[row, RIGHT]), 2),
                "left": round(float(self.strength[row, LEFT]), 2),
                "present": number in self.present,
            }
            for row, number in enumerate(NUMBERS)
            if self.told[row]
        }
        looks = [None if np.isnan(angle) else round(float(angle), 1) for angle in self.gaze_deg]
        return {"action_units": units, "gaze_deg": looks} | ({"unread": self.unread} if self.unread else {})


@dataclass(frozen=True)
class Prepared:
    """A face and its eyes; see `prepare`."""

    sample: AlignedFace
    eyes: Eyes
    size_px: float
    covered: tuple[str, ...] = ()

    def read(self) -> FaceUnits:
        """Read units and gaze, which takes about 4 ms."""
        yaw, pitch, _ = map(float, self.sample.pose_deg)
        looks = np.full(2, np.nan, np.float32)
        if "eyes" not in self.covered:
            looks[0] = gaze_deg(self.eyes)[0]
        unread = why_unread(self.size_px, yaw, pitch)
        return FaceUnits(intensity(read(self.sample)), looks, unread, self.covered)


def prepare(picture: NDArray[np.uint8], face: Face) -> Prepared:
    """Cut out of a picture what `FaceUnits` are read from, so that they can be read when they are asked for."""
    sample = align_face(picture, face.landmarks, 0.0)
    return Prepared(
        sample, cut_eyes(picture, face.landmarks.points, sample.pose_deg), face.quality.size_px, face.quality.covered
    )
