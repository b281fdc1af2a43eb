"""Faces with something drawn before them, and how much of each pixel that hides."""

from collections.abc import Sequence

import cv2
import numpy as np

from engine.settings import CROP_SIZE
from engine.synthetic.covering_shapes import SHAPES
from engine.synthetic.covering_textures import TEXTURES, skin

REGIONS = ("eyes", "mouth", "half")
"""What is hidden: both eyes, the mouth, or one side of the face with its eye."""

FAMILIES = ("learning", "unseen")
"""Kinds of shapes and textures that `engine.training.covering` learns from, and others to measure with."""

BY_RELIEF = 0.85  # share of hands that show skin lit by their relief


def cover(
    crop: np.ndarray,
    region: str,
    family: str,
    random: np.random.Generator,
    photographs: Sequence[np.ndarray] | np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Put something in front of a face.

    Parameters
    ----------
    crop
        ``(size, size, 3)`` uint8 RGB, framed as `engine.faces.align` frames it.
    region
        One of `REGIONS`.
    family
        One of `FAMILIES`.
    random
        Draws everything.
    photographs
        RGB pictures, uint8, at least 16 pixels wide, that photographic textures are cut from.

    Returns
    -------
    tuple of numpy.ndarray
        The covered face, ``(size, size, 3)`` uint8; and how much of each pixel is hidden, ``(size, size)`` float32,
        0 to 1.
    """
    size = len(crop)
    name = random.choice(list(SHAPES[family][region]))
    drawn = SHAPES[family][region][name](random, region)
    relief = None
    if not isinstance(drawn, np.ndarray):
        drawn, relief = drawn
    mask = cv2.resize(drawn, (size, size), interpolation=cv2.INTER_AREA)
    mask = cv2.GaussianBlur(mask, (0, 0), random.uniform(0.2, 0.8) * size / CROP_SIZE)
    drawn_kinds = list(TEXTURES[family])
    kind = random.choice([*drawn_kinds, "photograph"])
    if relief is not None and random.random() < BY_RELIEF:
        lit = cv2.resize(relief, (size, size), interpolation=cv2.INTER_AREA)[..., None]
        surface = skin(random, crop) * lit ** random.uniform(0.2, 1.2) + random.normal(0, 3, (size, size, 1))
    elif kind == "photograph":
        surface = _cut(photographs[int(random.integers(len(photographs)))], random, size)
    else:
        surface = TEXTURES[family][kind](random, size, crop)
    surface = _shaded(surface.astype(np.float32), random)
    # What lies before a face throws a faint shadow beside itself.
    shadow = cv2.GaussianBlur(mask, (0, 0), 0.05 * size) * random.uniform(0, 0.35)
    below = crop * (1 - shadow * (1 - mask))[..., None]
    covered = below + mask[..., None] * (surface - below)
    return np.clip(np.rint(covered), 0, 255).astype(np.uint8), mask


def _cut(picture: np.ndarray, random: np.random.Generator, size: int) -> np.ndarray:
    side = int(random.uniform(0.3, 1.0) * min(picture.shape[:2]))
    top, left = random.integers(0, picture.shape[0] - side + 1), random.integers(0, picture.shape[1] - side + 1)
    part = np.rot90(picture[top : top + side, left : left + side], int(random.integers(4)))
    return cv2.resize(np.ascontiguousarray(part), (size, size), interpolation=cv2.INTER_AREA)


def _shaded(surface: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Light a surface unevenly, as light on a face is."""
    coarse = random.normal(1, random.uniform(0, 0.15), (3, 3))
    light = cv2.resize(coarse, surface.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return surface * light[..., None]
