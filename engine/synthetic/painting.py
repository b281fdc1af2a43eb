"""A face at rest, painted once: skin with its texture and shading, lips, nostrils, brows, ears, hair.

Eyes are missing here: where they are, there is the skin of closed lids (see `eyes`).
"""

import cv2
import numpy as np

from engine.synthetic.identity import Identity
from engine.synthetic.plane import PAINTING, PER_MM
from engine.synthetic.relief import depth, half_width, shading

_SOFT_MM = 0.3  # what is finer would flicker when the painting is drawn smaller


def paint(face: Identity) -> np.ndarray:
    """Return the head as (height, width, 4) uint8 on `PAINTING`: RGB times coverage, and coverage."""
    rng = np.random.default_rng((face.seed, 2))
    x, y = PAINTING.grid
    surface = depth(face, x, y)
    light = shading(face, surface, PER_MM)[..., None]
    colour = _skin(face, x, y, rng) * light
    colour = _lips(face, x, y, colour, light, rng)
    colour = _nostrils(face, x, y, colour)
    colour = _brows(face, colour, rng)
    cover = PAINTING.outline(_head_outline(face))[..., None]
    picture, alpha = np.zeros_like(colour), np.zeros_like(cover)
    if face.style == "long":
        curtain = _long_hair(face)
        picture, alpha = _over(picture, alpha, _hair_colour(face, x, y, rng) * 0.75, curtain[..., None])
    else:
        for side in (-1, 1):
            ear, shade = _ear(face, x, y, side)
            picture, alpha = _over(picture, alpha, np.array(face.skin) * shade[..., None], ear[..., None])
    picture, alpha = _over(picture, alpha, colour, cover)
    if face.style != "bald":
        picture, alpha = _over(picture, alpha, _hair_colour(face, x, y, rng), _cap(face)[..., None])
    whole = np.concatenate([picture, 255 * alpha], axis=-1).astype(np.float32)
    return np.clip(np.round(cv2.GaussianBlur(whole, (0, 0), _SOFT_MM * PER_MM)), 0, 255).astype(np.uint8)


def _over(picture: np.ndarray, alpha: np.ndarray, colour: np.ndarray, cover: np.ndarray) -> tuple:
    return picture * (1 - cover) + colour * cover, alpha * (1 - cover) + cover


def _noise(rng: np.random.Generator, wide_mm: float, high_mm: float | None = None) -> np.ndarray:
    # Smooth noise of standard deviation 1; drawn small and enlarged where it is coarse.
    step = max(1, int(min(wide_mm, high_mm or wide_mm) * PER_MM / 3))
    shape = (PAINTING.height // step + 2, PAINTING.width // step + 2)
    white = rng.standard_normal(shape).astype(np.float32)
    noise = cv2.GaussianBlur(white, (0, 0), wide_mm * PER_MM / step, sigmaY=(high_mm or wide_mm) * PER_MM / step)
    return cv2.resize(noise / noise.std(), (PAINTING.width, PAINTING.height), interpolation=cv2.INTER_CUBIC)


def _skin(face: Identity, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    skin = np.array(face.skin)
    texture = 0.030 * _noise(rng, 0.45) + 0.022 * _noise(rng, 1.4) + 0.02 * _noise(rng, 5)
    colour = skin * (1 + texture[..., None])
    # Blood shows through in cheeks, nose and ears.
    red = np.exp(-0.5 * (((np.abs(x) - 42) / 15) ** 2 + ((y - 32) / 13) ** 2))
    red += 0.7 * np.exp(-0.5 * ((x / 9) ** 2 + ((y - 38) / 9) ** 2))
    colour = colour * (1 - red[..., None] * np.array((0.0, 0.09, 0.09)) * (1 - 0.5 * face.tone))
    # Thinner, darker skin around the eyes.
    orbit = np.exp(-0.5 * (((np.abs(x) - face.eye_x + 2) / 14) ** 2 + ((y - 1) / 9) ** 2))
    colour = colour * (1 - orbit[..., None] * np.array((0.12, 0.17, 0.14)))
    if face.freckles:
        spots = np.clip(_noise(rng, 0.8) - 1.9 + 0.5 * face.freckles, 0, 0.8)
        reach = np.exp(-0.5 * ((x / 44) ** 2 + ((y - 26) / 18) ** 2))
        colour = colour * (1 - (spots * reach)[..., None] * np.array((0.35, 0.5, 0.55)))
    if face.stubble:
        below = 1 / (1 + np.exp(-(y - face.mouth_y + 14 - np.abs(x) * 0.25) / 4))
        bristles = np.clip(0.55 + 0.3 * _noise(rng, 0.4), 0, 1) * below * face.stubble * 0.55
        colour = colour * (1 - bristles[..., None]) + np.array(face.hair) * bristles[..., None] * 0.8
    return colour


def seam(face: Identity, x: np.ndarray) -> np.ndarray:
    """Return the height at which the lips meet, in mm, at places ``x`` of the face at rest."""
    share = np.clip(np.abs(x) / face.mouth_half, 0, 1.6)
    return face.mouth_y + 0.6 * np.exp(-0.5 * (x / 4) ** 2) + 0.4 * share**2


def lip_edges(face: Identity, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the upper and the lower edge of the lips' red, in mm, at places ``x`` of the face at rest."""
    share = np.clip(1 - (np.abs(x) / face.mouth_half) ** 1.6, 0, 1)
    bow = 1 - 0.28 * np.exp(-0.5 * (x / 3.2) ** 2)
    middle = seam(face, x)
    return middle - face.lip_up * bow * share**0.9, middle + face.lip_down * share**0.75


def _lips(
    face: Identity, x: np.ndarray, y: np.ndarray, colour: np.ndarray, light: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    upper, lower = lip_edges(face, x)
    within = np.clip((y - upper) / 1.2 + 0.5, 0, 1) * np.clip((lower - y) / 1.4 + 0.5, 0, 1)
    within = within * np.clip((face.mouth_half - np.abs(x)) / 2, 0, 1)
    lines = 1 + 0.05 * _noise(rng, 0.5, 2.5)
    red = np.array(face.lip) * lines[..., None] * light * np.where(y < seam(face, x), 0.86, 1.02)[..., None]
    colour = colour * (1 - 0.9 * within[..., None]) + red * 0.9 * within[..., None]
    reach = np.clip((face.mouth_half + 1.5 - np.abs(x)) / 3, 0, 1)
    line = 0.72 * np.exp(-0.5 * ((y - seam(face, x)) / 0.75) ** 2) * reach
    corner = 0.35 * np.exp(-0.5 * (((np.abs(x) - face.mouth_half) / 2.2) ** 2 + ((y - seam(face, x)) / 2) ** 2))
    return colour * (1 - np.clip(line + corner, 0, 0.85)[..., None] * np.array((0.8, 0.95, 0.95)))


def _nostrils(face: Identity, x: np.ndarray, y: np.ndarray, colour: np.ndarray) -> np.ndarray:
    side = np.abs(x)
    hole = np.exp(-((((side - 0.42 * face.nose_half) / 3.6) ** 2 + ((y - face.nose_y + 2.2) / 1.7) ** 2) ** 2))
    wing = 0.45 * np.exp(-0.5 * (((side - face.nose_half) / 1.1) ** 2 + ((y - face.nose_y + 6) / 4.5) ** 2))
    under = 0.22 * np.exp(-0.5 * ((x / (0.8 * face.nose_half)) ** 2 + ((y - face.nose_y - 2) / 2.5) ** 2))
    return colour * (1 - np.clip(0.8 * hole + wing + under, 0, 0.85)[..., None])


def _brows(face: Identity, colour: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    mask = np.zeros(colour.shape[:2], np.float32)
    for side in (-1, 1):
        along = rng.uniform(0, 1, 330)
        across = rng.uniform(-0.5, 0.5, 330)
        start = brow_place(face, along, across)
        lean = np.radians(np.interp(along, (0, 0.3, 1), (-70, -30, 12)) + rng.normal(0, 9, 330))
        length = rng.uniform(3.5, 6.5, 330) * np.interp(along, (0, 0.15, 1), (0.8, 1, 0.8))
        end = start + np.stack([np.cos(lean), np.sin(lean)], 1) * length[:, None]
        mask = np.maximum(mask, PAINTING.strokes(start * (side, 1), end * (side, 1)))
        edge = np.linspace(0, 1, 20)
        ring = np.concatenate([brow_place(face, edge, -0.5), brow_place(face, edge[::-1], 0.5)])
        mask = np.maximum(mask, 0.55 * PAINTING.outline(ring * (side, 1), 1.0))
    mask = 0.9 * np.clip(1.3 * mask, 0, 1)[..., None]
    return colour * (1 - mask) + np.array(face.brow) * mask


def brow_place(face: Identity, along: np.ndarray, across: float | np.ndarray) -> np.ndarray:
    """Return places (n, 2) in mm on the brow of the person's left.

    Parameters
    ----------
    face
        Whose.
    along
        (n,) 0 at the inner end, 1 at the outer one.
    across
        -0.5 at the upper edge, 0.5 at the lower one.
    """
    x = face.eye_x + (along - 0.47) * 43
    arch = -3.2 * np.sin(np.pi * np.clip(along, 0, 1) ** 1.4) + 6 * np.clip(along - 0.72, 0, 1) ** 1.2 * 2.2
    thick = face.brow_thick * np.interp(along, (0, 0.15, 0.6, 1), (0.85, 1, 0.85, 0.3))
    return np.stack([x, face.brow_y + arch - face.brow_slope * (x - face.eye_x) + across * thick], axis=-1)


def _head_outline(face: Identity) -> np.ndarray:
    y = np.linspace(face.crown_y, face.chin_y, 160)
    half = half_width(face, y)
    return np.concatenate([np.stack([half, y], 1), np.stack([-half, y], 1)[::-1]])


def _ear(face: Identity, x: np.ndarray, y: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    turn = np.linspace(0, 2 * np.pi, 60)
    ring = np.stack([9.5 * np.cos(turn) + face.face_half + 2.0, 27 * np.sin(turn) + 18], 1)
    ring[:, 0] += (18 - ring[:, 1]) * 0.08
    inner = np.exp(-0.5 * (((side * x - face.face_half - 3.5) / 3.5) ** 2 + ((y - 14) / 14) ** 2))
    return PAINTING.outline(ring * (side, 1)), 0.78 - 0.3 * inner


def _hair_colour(face: Identity, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    strands = 1 + 0.10 * _noise(rng, 0.5, 9) + 0.06 * _noise(rng, 2.5, 14)
    gloss = 1 + 0.35 * np.exp(-0.5 * ((y + 96 + 0.004 * (x - 60 * face.light[0]) ** 2) / 9) ** 2)
    return (np.array(face.hair) * 0.95 + 6) * (strands * gloss)[..., None]


def _cap(face: Identity) -> np.ndarray:
    # From ear to ear over the crown, and back along the hairline.
    turn = np.linspace(np.pi, 2 * np.pi, 80)
    thick = 12 if face.style == "long" else 8
    bend = np.stack([np.cos(turn), np.sin(turn)], 1)
    outer = np.sign(bend) * np.abs(bend) ** 0.85 * (face.face_half + 5, thick - face.crown_y - 8) - (0, 8)
    line = np.linspace(1, -1, 60)
    parting = 10 * np.exp(-0.5 * ((line - 0.35) / 0.25) ** 2) if face.style == "parted" else 0
    height = -66 + 28 * np.abs(line) ** 3 + parting
    side = np.stack([line * (face.face_half - 3), np.where(np.abs(line) > 0.985, -6, height)], 1)
    return PAINTING.outline(np.concatenate([outer, side]), 0.7)


def _long_hair(face: Identity) -> np.ndarray:
    y = np.linspace(face.crown_y - 10, 132, 80)
    half = np.interp(y, (face.crown_y - 10, -90, -40, 30, 100, 132), (10, 55, 83, 86, 88, 80))
    whole = np.concatenate([np.stack([half, y], 1), np.stack([-half, y], 1)[::-1]])
    gap = np.array([(-44, 150), (-44, 96), (-30, 60), (30, 60), (44, 96), (44, 150)], float)
    return PAINTING.outline(whole, 0.8) * (1 - PAINTING.outline(gap, 3.0))
