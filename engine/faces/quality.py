"""Is a face good enough to be read? Measures, and a sentence with a remedy for each one that fails.

Sharpness, brightness and contrast are taken from the aligned crop of 48 by 48, because that is what a model sees: a
large face may be a little blurred and still give a sharp crop. The limits come from 1,474 pictures of FER2013's
PublicTest that were found and cropped again after being changed on purpose; unchanged, a network agreed with the
votes on 87.5 %.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import cv2
import numpy as np

from engine.faces.align import align
from engine.faces.covering import covering
from engine.faces.find import Detection
from engine.faces.landmarks import Landmarks, head_pose
from engine.images.prepare import to_gray

# With 40 pixels the crop has a pixel of the photo for each of its own, and nothing is lost. Agreement with 33 pixels:
# 86.7 %, with 27: 85.2 %, with 20: 80.1 %.
SMALL_PX = 40
# 1 % of the unchanged pictures lie below, and more than half of those that are blurred by one pixel of the crop
# (77.6 %) or 17 pixels wide.
BLURRED = 0.33
# Darkened to a mean of 41 nothing is lost; to 20: 1.6 points, to 14: 3.9 points. Real dark photos are noisy, too.
DARK = 40
# 1 % of the unchanged pictures are brighter than 202. Brightened to a mean of 205, with a quarter of the pixels
# white, 4 points are lost; to 231: 15 points.
BRIGHT = 205
# Flattened to a standard deviation of 9, 1 point is lost; to 5: 4 points.
FLAT = 8
# Nothing is lost up to 40 degrees; beyond, 13 pictures had 77 %, and one half of the face is hidden.
TURNED_DEG = 40
# 80 % among the 70 pictures that look down by more than 20 degrees; looking up cost nothing that could be measured.
NODDED_DEG = 25
# The crop is turned upright, but from 60 degrees on faces begin to be missed and points to be wrong.
TILTED_DEG = 45
# Brows or chin reach beyond the border: parts that expressions are read from.
CUT_SHARE = 0.1

_BORDER = 4  # pixels of the crop left out on each side: hair and background


@dataclass(frozen=True)
class Check:
    """A failed check: its short name, and one or two sentences on what is wrong and what to do."""

    name: str
    sentence: str


TILT_OPEN = Check("tilt", "It cannot be told which way up the face is. Turn the picture until the head is upright.")
"""What `engine.faces.turned` leaves open."""

ANSWER_OPEN = Check(
    "tilt", "Another look at the face does not give this answer. Use a clearer picture, with the head upright."
)
"""Where other looks at a tilted face do not decide alike."""

UNREADABLE = ("tilt", "covered")
"""Failed checks after which no expression is said, however sure a model is."""


@dataclass(frozen=True)
class Quality:
    """What was measured on a face.

    Attributes
    ----------
    size_px
        Width of the face's box in pixels of the picture.
    sharpness
        Standard deviation of the crop's Laplacian over that of its gray values: about 0.7 for a good crop, falling with
        blur; noise raises it.
    brightness
        Mean gray, 0 to 255.
    contrast
        Standard deviation of the gray values.
    yaw_deg, pitch_deg, roll_deg
        See `engine.faces.landmarks.head_pose`.
    cut_share
        Share of the face's outline that lies beyond the picture's border, 0 to 1.
    checks
        The failed ones; empty for a good face.
    covered
        Which of `engine.faces.covering.REGIONS` something hides.
    """

    size_px: float
    sharpness: float
    brightness: float
    contrast: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    cut_share: float
    checks: tuple[Check, ...]
    covered: tuple[str, ...] = ()

    @property
    def unreadable(self) -> tuple[Check, ...]:
        """The failed checks after which no expression is said."""
        return tuple(check for check in self.checks if check.name in UNREADABLE)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain numbers, rounded to what they are worth."""
        values = {name: value for name, value in asdict(self).items() if name not in ("checks", "covered")}
        rounded = {name: round(value, 2 if name in ("sharpness", "cut_share") else 1) for name, value in values.items()}
        return rounded | {"covered": list(self.covered), "checks": [asdict(check) for check in self.checks]}


def assess(picture: np.ndarray, detection: Detection, landmarks: Landmarks, crop: np.ndarray | None = None) -> Quality:
    """Measure a face and check it.

    Parameters
    ----------
    picture
        ``(height, width)`` gray or ``(height, width, 3)`` RGB, in which the face was found.
    detection, landmarks
        The face.
    crop
        ``(48, 48)`` float32, 0 to 255, from `engine.faces.align.align`, if it is at hand.
    """
    if crop is None:
        gray = picture if picture.ndim == 2 else to_gray(picture)
        crop = align(gray, landmarks.points)
    covered = covering(picture, landmarks.points).regions
    height, width = picture.shape[:2]
    return judge(float(max(detection.box[2:])), landmarks, crop, height, width, covered)


def judge(
    size_px: float,
    landmarks: Landmarks,
    crop: np.ndarray,
    height: int,
    width: int,
    covered: tuple[str, ...] = (),
) -> Quality:
    """Check a face of which everything is at hand.

    Parameters
    ----------
    size_px
        Its width in pixels of the picture.
    landmarks
        Its points.
    crop
        ``(48, 48)``, float32 or uint8, 0 to 255, from `engine.faces.align.align`.
    height, width
        Of the picture.
    covered
        As `engine.faces.covering` found it.
    """
    cut = cut_share(landmarks.points, height, width)
    measured = Quality(size_px, *measure_crop(crop), *head_pose(landmarks.points), cut, (), covered)
    return replace(measured, checks=tuple(_failed(measured)))


def covered_check(regions: tuple[str, ...]) -> Check:
    """Return the check that fails where something hides these of `engine.faces.covering.REGIONS`."""
    whole = len(regions) > 1
    are = "are" if "eyes" in regions else "is"
    unread = (
        "" if whole else f" and what the {'brows and lids' if 'eyes' in regions else 'mouth'} would show is not read"
    )
    return Check(
        "covered",
        f"The {' and the '.join(regions)} {are} covered{unread}: no expression is said. "
        "Take away what is in front of the face.",
    )


def measure_crop(crop: np.ndarray) -> tuple[float, float, float]:
    """Return sharpness, brightness and contrast, as in `Quality`, of a crop ``(48, 48)``, float32 or uint8."""
    inner = crop[_BORDER:-_BORDER, _BORDER:-_BORDER]
    contrast = float(inner.std())
    detail = cv2.Laplacian(crop, cv2.CV_32F)[_BORDER:-_BORDER, _BORDER:-_BORDER].std()
    # Below a contrast of 1, rounding is all there is.
    return float(detail) / contrast if contrast >= 1 else 0.0, float(inner.mean()), contrast


def cut_share(points: np.ndarray, height: int, width: int) -> float:
    """Return the share of a face's outline, the hull of its points ``(N, 2 or 3)``, beyond a picture's border."""
    hull = cv2.convexHull(np.ascontiguousarray(points[:, :2], np.float32))
    area = cv2.contourArea(hull)
    picture = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inside, _ = cv2.intersectConvexConvex(hull, picture)
    return float(np.clip(1 - inside / area, 0, 1)) if area > 0 else 0.0


def _failed(face: Quality) -> Iterator[Check]:
    if face.size_px < SMALL_PX:
        yield Check(
            "small",
            f"The face is only {face.size_px:.0f} pixels wide; from about {SMALL_PX} on the answer can be trusted. "
            "Move closer or use a larger picture.",
        )
    if face.sharpness < BLURRED:
        yield Check(
            "blurred", "The face is blurred. Hold the camera still, focus on the face, or use a larger original."
        )
    if face.brightness < DARK:
        yield Check("dark", "The face is very dark. Put a light in front of it or choose a brighter picture.")
    if face.brightness > BRIGHT:
        yield Check("bright", "The face is overexposed. Take away some light or choose a darker picture.")
    if face.contrast < FLAT:
        yield Check("flat", "The face shows almost no contrast. Use light from one side and wipe the lens.")
    if abs(face.yaw_deg) > TURNED_DEG:
        turned = f"{abs(face.yaw_deg):.0f} degrees"
        yield Check("turned", f"The face is turned aside by {turned}. Look more towards the camera.")
    if abs(face.pitch_deg) > NODDED_DEG:
        nodded = f"{'up' if face.pitch_deg > 0 else 'down'} by {abs(face.pitch_deg):.0f} degrees"
        yield Check("nodded", f"The face looks {nodded}. Hold the camera at the height of the eyes.")
    if abs(face.roll_deg) > TILTED_DEG:
        tilted = f"{abs(face.roll_deg):.0f} degrees"
        yield Check("tilted", f"The head is tilted by {tilted}. Hold it straight or turn the picture.")
    if face.covered:
        yield covered_check(face.covered)
    if face.cut_share > CUT_SHARE:
        yield Check("cut", f"The picture's border cuts off {face.cut_share:.0%} of the face. Show the whole face.")
