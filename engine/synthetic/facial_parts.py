"""Parts of a synthetic face that are drawn anew for each picture: eyes, an open mouth, glasses.

They are drawn from curves, so that a lid that moves by a hundredth of a pixel changes the picture by as much.
"""

import numpy as np

from engine.synthetic.action_units import Openings
from engine.synthetic.identity import Identity
from engine.synthetic.painting import seam

IRIS_MM, PUPIL_MM = 5.9, 2.0  # radii
_LASH = np.array((28, 20, 18), np.float32)
_DARK, _TONGUE = np.array((44, 16, 16), np.float32), np.array((150, 70, 68), np.float32)
_TEETH = np.array((246, 240, 228), np.float32)
_RIM_MM, _RIM_HALF_MM, _RIM_HIGH_MM = 1.3, 22.5, 17.0


def draw_eye(
    skin: np.ndarray,
    places: np.ndarray,
    side: int,
    face: Identity,
    open_: Openings,
    gaze: tuple[float, float],
    px_mm: float,
) -> np.ndarray:
    """Return skin with one of the person's eyes on it.

    Parameters
    ----------
    skin
        (h, w, 3) float32, 0 to 255, drawn already.
    places
        (h, w, 2) float32: places of the face in mm, action units aside.
    side
        1 for the person's left eye, -1 for the right one, which is drawn mirrored.
    face, open_
        Whose, and how far the lids are open.
    gaze
        How far the iris is moved to the picture's right and down, in mm.
    px_mm
        Size of a pixel in mm.
    """
    half = face.eye_half
    x = side * places[..., 0] - face.eye_x
    y = places[..., 1] + face.eye_tilt * x
    share = np.clip(1 - (x / half) ** 2, 0, 1)
    lean = x / half
    up, down = lid_shapes(share, lean)
    upper, lower = -open_.lid_up * up, open_.lid_down * down
    inside = _ramp(y - upper, px_mm) * _ramp(lower - y, px_mm) * _ramp(half - np.abs(x), px_mm)
    ball = _ball(x - side * gaze[0], y - gaze[1], x, y, upper, face, px_mm)
    skin = _mix(skin, ball, inside)
    near = np.clip((half + 1.5 - np.abs(x)) / 2.5, 0, 1)
    # The fold of the upper lid stays nearly where it is; when the eye shuts it is pulled smooth.
    height = np.clip((open_.lid_up + 2.5) / (face.eye_up + 2.5), 0, 1.4)
    fold = -(0.75 * open_.lid_up + 0.25 * face.eye_up) * up * 1.05 - 1.4 - 2.0 * np.clip(height, 0, 1) * share**0.5
    wide = np.clip((half + 2 - np.abs(x)) / 6, 0, 1)
    skin = skin * (1 - (0.42 * np.exp(-0.5 * ((y - fold) / 0.85) ** 2) * wide * np.clip(height, 0, 1))[..., None])
    pouch = lower + 3.2
    skin = skin * (1 - (0.12 * np.exp(-0.5 * ((y - pouch) / 1.3) ** 2) * wide)[..., None])
    shut = 1 - np.clip((open_.lid_up + open_.lid_down) / (face.eye_up + face.eye_down), 0, 1)
    thick = 0.75 + 0.3 * np.clip(lean, -1, 1) - 0.3 * shut
    lash = 0.92 * np.exp(-0.5 * ((y - upper + 0.2) / thick) ** 2) * near
    skin = _mix(skin, _LASH, lash)
    below = 0.4 * np.exp(-0.5 * ((y - lower - 0.2) / 0.55) ** 2) * near
    return _mix(skin, _LASH + np.float32(30), below)


def lid_shapes(share: np.ndarray, lean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the opening above and below the corners' line in shares of its height.

    Parameters
    ----------
    share
        1 in the eye's middle, 0 at its corners.
    lean
        -1 at the inner corner, 1 at the outer one.
    """
    return share**0.62 * (1 - 0.10 * lean), share**0.8 * (1 + 0.12 * lean)


def _ball(
    ix: np.ndarray, iy: np.ndarray, x: np.ndarray, y: np.ndarray, upper: np.ndarray, face: Identity, px_mm: float
) -> np.ndarray:
    white = np.array((232, 226, 220), np.float32) * (1 - 0.30 * (x / face.eye_half) ** 2)[..., None]
    inner = np.clip((-x - face.eye_half + 4) / 3, 0, 1)
    white = _mix(white, np.array((205, 140, 128), np.float32), 0.7 * inner)
    radius = np.hypot(ix, iy + 0.6)
    ring = 1 - 0.55 * np.exp(-0.5 * ((radius - IRIS_MM) / 0.8) ** 2)
    rays = 1 + 0.10 * np.cos(11 * np.arctan2(iy, ix)) * np.clip(radius / IRIS_MM, 0, 1)
    iris = np.array(face.iris, np.float32) * ((0.7 + 0.45 * radius / IRIS_MM) * ring * rays)[..., None]
    ball = _mix(white, iris, _ramp(IRIS_MM - radius, px_mm))
    ball = _mix(ball, np.float32(12), _ramp(PUPIL_MM - radius, px_mm))
    shadow = 1 - 0.45 * np.exp(-np.maximum(y - upper, 0) / 1.6)
    ball = ball * shadow[..., None]
    # The lamp's reflection stays where it is while the eye turns.
    glint = np.exp(-0.5 * ((x - 1.8 * np.sign(face.light[0])) ** 2 + (y + 2.2) ** 2) / 0.6**2)
    return _mix(ball, np.float32(248), glint)


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


def draw_glasses(skin: np.ndarray, places: np.ndarray, face: Identity, px_mm: float) -> np.ndarray:
    """Return skin (h, w, 3) float32 with glasses on it; ``places`` (h, w, 2) are in mm, action units aside."""
    side, y = np.abs(places[..., 0]), places[..., 1]
    x, down = (side - face.eye_x - 1.5) / _RIM_HALF_MM, (y - 3) / _RIM_HIGH_MM
    # Distance from a rounded rectangle, near enough close to it.
    far = ((np.abs(x) ** 3.2 + np.abs(down) ** 3.2) ** (1 / 3.2) - 1) * 0.5 * (_RIM_HALF_MM + _RIM_HIGH_MM)
    rim = np.clip((_RIM_MM - np.abs(far)) / px_mm + 0.5, 0, 1)
    middle = face.eye_x + 1.5
    bridge = np.clip((1.2 - np.abs(y + 3 - 0.02 * side**2)) / px_mm + 0.5, 0, 1) * (side < middle - _RIM_HALF_MM)
    outside = (side > middle + _RIM_HALF_MM) * (side < face.face_half)
    temple = np.clip((1.4 - np.abs(y + 3)) / px_mm + 0.5, 0, 1) * outside
    cover = 0.92 * np.maximum(rim, np.maximum(bridge, temple))[..., None]
    colour = np.array((40, 34, 38) if face.seed % 2 else (96, 60, 36), np.float32)
    return skin + (colour - skin) * cover


def _ramp(inside_mm: np.ndarray, px_mm: float) -> np.ndarray:
    # The share of a pixel that an edge covers.
    return np.clip(inside_mm / px_mm + 0.5, 0, 1)


def _mix(under: np.ndarray, over: np.ndarray | np.float32, cover: np.ndarray) -> np.ndarray:
    cover = cover[..., None]
    return under + (over - under) * cover
