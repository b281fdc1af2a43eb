"""Who is shown: the proportions, colours and looks of one face, all from a seed.

Lengths are in millimetres of the face, x to the picture's right and y down from the point between the pupils. The means
are about those of adults (L. G. Farkas, Anthropometry of the Head and Face, 2nd edition, 1994); every face differs from
them by a few percent.
"""

from dataclasses import dataclass

import numpy as np

# From very light to very dark; between them colours are interpolated.
_SKIN = np.array(
    [(246, 218, 200), (236, 196, 168), (214, 164, 128), (176, 124, 88), (128, 84, 58), (92, 60, 42), (62, 41, 31)],
    float,
)
_HAIR = ((32, 26, 24), (58, 40, 30), (92, 62, 40), (140, 96, 56), (196, 158, 104), (120, 54, 30), (168, 166, 164))
_IRIS = ((70, 44, 26), (98, 66, 36), (110, 104, 62), (92, 118, 88), (88, 122, 150), (120, 138, 148))
STYLES = ("short", "long", "parted", "bald")


@dataclass(frozen=True)
class Identity:
    """One synthetic face.

    Attributes
    ----------
    seed
        Of the textures.
    tone
        0 very light skin, 1 very dark.
    skin, hair, brow, iris, lip
        Colours, RGB 0 to 255.
    style
        Of the hair, one of `STYLES`.
    eye_x, eye_half, eye_up, eye_down, eye_tilt
        Distance of a pupil from the middle, half an eye's length, height of its opening above and below the line
        between its corners (mm), slope of that line.
    brow_y, brow_thick, brow_slope
        Height of the brows, their thickness (mm), their slope.
    face_half, jaw_half, chin_y, crown_y
        Half widths of the face and the jaw, lower and upper end of the head (mm).
    nose_y, nose_half, nose_high
        The nose's base, half its width, how far it stands out (mm).
    mouth_y, mouth_half, lip_up, lip_down
        Where the lips meet, half the mouth's length, thickness of the lips (mm).
    freckles, stubble
        0 none to 1 many.
    glasses
        Whether the face wears glasses.
    expressivity
        How far this face moves at full intensity, about 1.
    asymmetry
        How much more the person's left half moves than the right, -0.15 to 0.15.
    light
        Towards the lamp, a unit vector (x, y, z towards the viewer).
    """

    seed: int
    tone: float
    skin: tuple[float, ...]
    hair: tuple[float, ...]
    brow: tuple[float, ...]
    iris: tuple[float, ...]
    lip: tuple[float, ...]
    style: str
    eye_x: float
    eye_half: float
    eye_up: float
    eye_down: float
    eye_tilt: float
    brow_y: float
    brow_thick: float
    brow_slope: float
    face_half: float
    jaw_half: float
    chin_y: float
    crown_y: float
    nose_y: float
    nose_half: float
    nose_high: float
    mouth_y: float
    mouth_half: float
    lip_up: float
    lip_down: float
    freckles: float
    stubble: float
    glasses: bool
    expressivity: float
    asymmetry: float
    light: tuple[float, ...]


def identity(seed: int) -> Identity:
    """Return the face of a seed; skin tones go evenly through the whole range from seed to seed."""
    rng = np.random.default_rng((seed, 1))

    def about(mean: float, share: float) -> float:
        return float(mean * (1 + share * np.clip(rng.normal(), -2, 2)))

    # The golden ratio spreads consecutive seeds evenly, whatever their number.
    tone = float((0.15 + seed * 0.6180339887498949) % 1.0)
    skin = np.array([np.interp(tone * (len(_SKIN) - 1), range(len(_SKIN)), _SKIN[:, c]) for c in range(3)])
    dark = tone > 0.55
    hair = np.array(_HAIR[int(rng.integers(0, 2 if dark else len(_HAIR)))], float)
    iris = _IRIS[int(rng.integers(0, 2 if dark else len(_IRIS)))]
    lip = skin * (0.80, 0.55, 0.55) + np.array((10, 2, 4)) * rng.uniform(0.2, 1.2)
    side = rng.choice((-1, 1)) * rng.uniform(0.1, 0.45)
    light = np.array([side, -rng.uniform(0.35, 0.6), 0.85])
    return Identity(
        seed=seed,
        tone=tone,
        skin=tuple(skin),
        hair=tuple(hair),
        brow=tuple(np.minimum(hair * 0.6, skin * 0.5)),
        iris=iris,
        lip=tuple(lip),
        style=str(rng.choice(STYLES, p=(0.4, 0.3, 0.22, 0.08))),
        eye_x=about(31.5, 0.03),
        eye_half=about(16.2, 0.04),
        eye_up=about(6.3, 0.08),
        eye_down=about(4.8, 0.06),
        eye_tilt=float(rng.uniform(0.0, 0.12)),
        brow_y=about(-17.5, 0.05),
        brow_thick=about(6.5, 0.15),
        brow_slope=float(rng.uniform(-0.04, 0.1)),
        face_half=about(70, 0.03),
        jaw_half=about(54, 0.06),
        chin_y=about(113, 0.03),
        crown_y=about(-104, 0.02),
        nose_y=about(46, 0.04),
        nose_half=about(17.5 + 2.5 * tone, 0.06),
        nose_high=about(19, 0.1),
        mouth_y=about(70, 0.025),
        mouth_half=about(28, 0.05),
        lip_up=about(6.5 + 2 * tone, 0.1),
        lip_down=about(9 + 2 * tone, 0.1),
        freckles=float(rng.uniform(0.2, 1)) if not dark and rng.random() < 0.35 else 0.0,
        stubble=float(rng.uniform(0.2, 0.8)) if rng.random() < 0.25 else 0.0,
        glasses=bool(rng.random() < 0.2),
        expressivity=about(1.0, 0.08),
        asymmetry=float(rng.uniform(-0.15, 0.15)),
        light=tuple(light / np.linalg.norm(light)),
    )
