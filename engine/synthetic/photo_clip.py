"""Clips of a real face whose expressions are known: a photo, bent as action units move the skin.

What drawn faces lack is in them: pores, wrinkles, beards, glasses, make-up, the light of a real room. What a photo
cannot give is not shown: lips do not part, the jaw does not drop, and no crease deepens, so that action units 16, 25
and 26 move only what they do beside that; a mouth that speaks has its lips stretched where they would part. The head
sways and turns, the eyes blink, a hand shakes the camera, mains light flickers in bands, and the sensor adds its noise.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np

from engine.faces.find import find_faces
from engine.faces.landmarks import find_landmarks
from engine.synthetic.action_units import openings
from engine.synthetic.clip import SyntheticClip, synthetic_clip
from engine.synthetic.fields import Fields, HeadPose, sample
from engine.synthetic.identity import Identity, identity
from engine.synthetic.motion import Waves

BETWEEN_PUPILS_MM = 63.0
"""Adults' mean (N. A. Dodgson, "Variation and extrema of human interpupillary distance", 2004, doi
10.1117/12.529999)."""

# Points of the mesh, the person's right and left where there are two.
_CORNERS = ((33, 133), (362, 263))
_UPPER_LIDS, _LOWER_LIDS, _BROWS = (159, 386), (145, 374), (105, 334)
_MOUTH, _LIPS, _SEAM, _CHIN, _FOREHEAD, _NOSE = (61, 291), (0, 17), (13, 14), 152, 10, 2
_FACE, _JAW, _WINGS = (234, 454), (172, 397), (129, 358)
_SKIN_OVER_LID_MM, _SKIN_UNDER_LID_MM = 8.0, 6.0  # standard deviations of how far skin comes along with a lid
_TREMOR_HZ, _TREMOR_MM = (4.0, 10.0), 0.25
_FLICKER, _BANDS = 0.012, 1.4  # of the light; how many bands stand in a picture


@dataclass(frozen=True)
class Photo:
    """A face in a photo, and where its parts are.

    Attributes
    ----------
    picture
        (height, width, 3) uint8 RGB.
    pose
        Where the face is: turns places of the face, in mm, into the photo's pixels and back.
    face
        The proportions that action units need; colours and textures mean nothing.
    height_px
        From the top of the forehead to the chin.
    """

    picture: np.ndarray = field(repr=False)
    pose: HeadPose
    face: Identity = field(repr=False)
    height_px: float

    @cached_property
    def fields(self) -> Fields:
        """How this face moves."""
        return Fields(self.face)


def photo(picture: np.ndarray, seed: int = 0) -> Photo | None:
    """Return the largest face of a photo, or None where none looks into the camera.

    Parameters
    ----------
    picture
        (height, width, 3) uint8 RGB.
    seed
        Of how far the face moves and how evenly.
    """
    found = find_faces(picture)
    if not found:
        return None
    landmarks = find_landmarks(picture, max(found, key=lambda one: one.box[2]))
    if landmarks.presence < 0.9:
        return None
    points = landmarks.points[:, :2].astype(float)
    right, left = (points[list(pair)].mean(axis=0) for pair in _CORNERS)
    apart = float(np.linalg.norm(left - right))
    middle = (right + left) / 2
    roll = float(np.arctan2(*(left - right)[::-1]))
    pose = HeadPose(float(middle[0]), float(middle[1]), apart / BETWEEN_PUPILS_MM, roll=roll)
    at = pose.to_face(points)

    def across(pair: tuple[int, int]) -> float:
        return float(at[pair[1], 0] - at[pair[0], 0]) / 2

    def down(pair: tuple[int, int]) -> float:
        return float(at[list(pair), 1].mean())

    mouth = down(_SEAM)
    face = replace(
        identity(seed),
        eye_x=BETWEEN_PUPILS_MM / 2,
        eye_half=float(np.abs(at[[33, 263], 0] - at[[133, 362], 0]).mean()) / 2,
        eye_up=-down(_UPPER_LIDS),
        eye_down=down(_LOWER_LIDS),
        brow_y=down(_BROWS),
        face_half=across(_FACE),
        jaw_half=across(_JAW),
        chin_y=float(at[_CHIN, 1]),
        crown_y=min(-90.0, 1.6 * float(at[_FOREHEAD, 1])),
        nose_y=float(at[_NOSE, 1]),
        nose_half=across(_WINGS),
        mouth_y=mouth,
        mouth_half=across(_MOUTH),
        lip_up=max(1.0, mouth - float(at[_LIPS[0], 1])),
        lip_down=max(1.0, float(at[_LIPS[1], 1]) - mouth),
    )
    if abs(at[_NOSE, 0]) > 0.15 * face.face_half or face.eye_up < 2:
        return None  # turned away, or the eyes are shut
    return Photo(picture, pose, face, float(np.linalg.norm(points[_CHIN] - points[_FOREHEAD])))


@dataclass(frozen=True)
class PhotoClip(SyntheticClip):
    """A clip of one real face; its pictures are bent out of the photo when they are asked for.

    Attributes
    ----------
    photo
        The face at rest.
    tremor
        How the camera shakes in the hand, across and down, in mm of the face.
    flicker_hz
        How fast the bands of mains light run through the pictures.
    """

    photo: Photo = field(kw_only=True, repr=False)
    tremor: tuple[Waves, Waves] = field(kw_only=True, repr=False)
    flicker_hz: float = field(kw_only=True)

    def _drawn(self, number: int) -> np.ndarray:
        time_s, (width, height) = self.time_s(number), self.size
        pose = self.head_pose(number)
        shaken = replace(
            pose,
            x=pose.x + pose.scale * self.tremor[0].at(time_s),
            y=pose.y + pose.scale * self.tremor[1].at(time_s),
        )
        strengths, said = self.strengths(number), self.actors[0].speech.at(time_s)
        spoken_mm = openings(self.photo.face, said).jaw
        drawn = bent(self.photo, shaken, strengths, self.closure(number), (width, height), spoken_mm)
        phase = 2 * np.pi * (self.flicker_hz * time_s + _BANDS * np.arange(height) / height)
        drawn = drawn * (1 + _FLICKER * np.sin(phase).astype(np.float32))[:, None, None]
        return np.clip(drawn + 0.5, 0, 255).astype(np.uint8)


def photo_clip(
    seed: int,
    shown: Photo,
    *,
    duration_s: float,
    fps: float = 30.0,
    size: tuple[int, int] = (320, 320),
    talking: bool = False,
) -> PhotoClip:
    """Return a clip of a real face with random expressions, none in a third of all seeds and where somebody talks.

    Parameters
    ----------
    seed
        Of everything random: events, blinks, motion, light, noise.
    shown
        Whose face.
    duration_s, fps
        Length, frames a second.
    size
        (width, height) in pixels; the face fills about half of it.
    talking
        Whether nothing happens but that somebody speaks, half of the time, blinks, and moves the head.
    """
    clip = synthetic_clip(
        seed, duration_s=duration_s, fps=fps, size=size, events=() if talking else None, talking=talking
    )
    rng = np.random.default_rng((seed, 21))

    def shake() -> Waves:
        rates, phases = rng.uniform(*_TREMOR_HZ, 3), rng.uniform(0, 2 * np.pi, 3)
        return Waves(tuple((_TREMOR_MM / 3, float(rate), float(at)) for rate, at in zip(rates, phases, strict=True)))

    # Twice the mains frequency, 100 or 120 Hz, as pictures of this rate see it.
    beat = float(rng.choice((100.0, 120.0))) % fps
    flicker = min(beat, fps - beat) + float(rng.uniform(0.05, 0.5))
    return PhotoClip(**vars(clip), photo=shown, tremor=(shake(), shake()), flicker_hz=flicker)


def bent(
    shown: Photo,
    pose: HeadPose,
    strengths: dict[int, float],
    closure: float,
    size: tuple[int, int],
    spoken_mm: float = 0.0,
) -> np.ndarray:
    """Return the photo with the face held and moved as asked for, (height, width, 3) float32.

    Parameters
    ----------
    shown
        The face at rest.
    pose
        How and where the head is held in the new picture.
    strengths
        0 to 1 for each action unit that is not at rest.
    closure
        How far the eyes are closed by a blink, 0 to 1.
    size
        (width, height) of the new picture.
    spoken_mm
        How far the jaw has dropped to speak.
    """
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    places = pose.to_face(np.stack([across, down], axis=-1))
    turned = shown.fields.turned(pose)
    if turned is not None:
        places = places - sample(turned, places)
    motion = shown.fields.motion(strengths)
    if motion is not None:
        places = places - sample(motion, places)
    if spoken_mm:
        places[..., 1] -= spoken_mm * _jaw(shown.face, places)
    places[..., 1] -= _lids(shown.face, strengths, closure, places)
    at = shown.pose.to_picture(places).astype(np.float32)
    # Small photos are enlarged here: linearly, a moving face would swim on the photo's own pixels.
    return cv2.remap(
        shown.picture.astype(np.float32), at[..., 0], at[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).clip(0, 255)


def _jaw(face: Identity, places: np.ndarray) -> np.ndarray:
    """Return which share of the jaw's way the skin at each place goes; the lower lip is stretched, not parted."""
    below = places[..., 1] - face.mouth_y
    share = np.clip(below / (face.chin_y - face.mouth_y), 0, 1)
    wide = face.mouth_half + (1.15 * face.jaw_half - face.mouth_half) * share
    through = np.clip(1 - (places[..., 0] / wide) ** 2, 0, 1)
    return np.asarray(np.clip(below / face.lip_down, 0, 1) * through, np.float32)


def _lids(face: Identity, strengths: dict[int, float], closure: float, places: np.ndarray) -> np.ndarray:
    """Return how far down the skin of the lids has come at each place of the moved face, in mm.

    A lid covers the eye, it does not push it away: below an upper lid that sinks the eye stays as it is, and where the
    opening grows the eye is stretched into it.
    """
    open_ = openings(face, strengths, closure)
    moved = np.zeros(places.shape[:2], np.float32)
    if (open_.lid_up, open_.lid_down) == (face.eye_up, face.eye_down):
        return moved
    y = places[..., 1]
    along = (np.abs(places[..., 0]) - face.eye_x) / (1.1 * face.eye_half)
    arch = np.maximum(1 - along**2, 0)
    up, low = -open_.lid_up * arch, open_.lid_down * arch
    falls = (face.eye_up - open_.lid_up) * arch
    rises = (open_.lid_down - face.eye_down) * arch
    above, below = y < up, y > low
    moved = np.where(above, falls * np.exp(-0.5 * ((y - up) / _SKIN_OVER_LID_MM) ** 2), moved)
    moved = np.where(below, rises * np.exp(-0.5 * ((y - low) / _SKIN_UNDER_LID_MM) ** 2), moved)
    grown = max(1.0, open_.lid_up / face.eye_up)
    return np.where(~above & ~below & (y < 0), y * (1 - 1 / grown), moved).astype(np.float32)
