"""Surfaces of what hides a face, in two families that share no kind: learnt from, and measured with.

Each is ``(size, size, 3)``, RGB, about 0 to 255; those of skin take its colour from the face before them.
"""

from collections.abc import Callable

import cv2
import numpy as np

Texture = Callable[[np.random.Generator, int, np.ndarray], np.ndarray]
"""Draws a surface of this size before a face ``(size, size, 3)``."""


def _colour(random: np.random.Generator, crop: np.ndarray) -> np.ndarray:
    if random.random() < 0.35:  # dark, as sunglasses and phones are
        return random.uniform(0, 60) + random.normal(0, 6, 3)
    return random.uniform(0, 255, 3) if random.random() < 0.6 else np.full(3, random.uniform(20, 255))


def skin(random: np.random.Generator, crop: np.ndarray) -> np.ndarray:
    """Return a skin's colour: that of this face's nose and cheeks, somewhat lighter or darker."""
    size = len(crop)
    middle = crop[int(0.48 * size) : int(0.66 * size), int(0.25 * size) : int(0.75 * size)].reshape(-1, 3)
    return np.median(middle, axis=0) * random.uniform(0.7, 1.25) + random.normal(0, 6, 3)


def _flat(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    return np.ones((size, size, 3)) * _colour(random, crop)


def _gradient(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    angle = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j]
    along = ((x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) + 0.7) / 1.4
    one, other = _colour(random, crop), _colour(random, crop)
    return one + along[..., None] * (other - one)


def _noise(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    """Draw noise with structure at several scales, in colour or not."""
    channels = 3 if random.random() < 0.5 else 1
    steepness = random.uniform(0.3, 1.5)
    found = np.zeros((size, size, channels), np.float32)
    for octave in (3, 6, 12, 24):
        coarse = random.normal(0, 1, (octave, octave, channels)).astype(np.float32)
        found += octave**-steepness * cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC).reshape(
            found.shape
        )
    return _colour(random, crop) + random.uniform(10, 60) * found / max(found.std(), 1e-6)


def _stripes(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    angle, width = random.uniform(0, np.pi), random.uniform(0.04, 0.3) * size
    y, x = np.mgrid[0:size, 0:size]
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / width + random.uniform(0, 6))
    wave = np.clip(wave * random.choice([1, 5]), -1, 1) / 2 + 0.5
    one, other = _colour(random, crop), _colour(random, crop)
    return one + wave[..., None] * (other - one)


def _hand(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    """Draw skin with the shades between fingers."""
    angle, width = random.uniform(0, np.pi), random.uniform(0.09, 0.2) * size
    y, x = np.mgrid[0:size, 0:size]
    across = x * np.cos(angle) + y * np.sin(angle)
    between = np.abs(np.sin(np.pi * across / width + random.uniform(0, 3))) ** random.uniform(0.2, 0.8)
    depth = random.uniform(0, 0.5)
    grain = cv2.resize(random.normal(0, 1, (8, 8)), (size, size), interpolation=cv2.INTER_CUBIC)
    light = (1 - depth + depth * between) * (1 + 0.08 * grain)
    return skin(random, crop) * light[..., None]


def _mosaic(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    """Draw cells around random points, each of a colour of its own out of a few."""
    count, colours = int(random.integers(4, 60)), [_colour(random, crop) for _ in range(int(random.integers(2, 6)))]
    points = random.uniform(0, size, (count, 2))
    y, x = np.mgrid[0:size, 0:size]
    nearest = ((np.stack([x, y], -1)[:, :, None] - points) ** 2).sum(-1).argmin(-1)
    return np.array(colours)[random.integers(len(colours), size=count)][nearest]


def _pieces(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    """Draw one colour strewn with small pieces: bars, triangles, letters' strokes."""
    surface = (np.ones((size, size, 3)) * _colour(random, crop)).astype(np.float32)
    colours = [_colour(random, crop) for _ in range(int(random.integers(1, 4)))]
    reach = random.uniform(0.06, 0.22) * size
    for _ in range(int(random.integers(15, 90))):
        piece = random.uniform(0, size, 2) + random.uniform(-reach, reach, (int(random.integers(3, 5)), 2))
        cv2.fillPoly(
            surface,
            [np.rint(piece * 8).astype(np.int32)],
            colours[random.integers(len(colours))].tolist(),
            cv2.LINE_AA,
            3,
        )
    return surface


def _checks(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    width, angle = random.uniform(0.06, 0.2) * size, random.uniform(0, np.pi / 2)
    y, x = np.mgrid[0:size, 0:size]
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    field = (np.floor(u / width) + np.floor(v / width)) % 2
    one, other = _colour(random, crop), _colour(random, crop)
    return one + field[..., None] * (other - one)


def _plaid(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    """Draw cloth of crossing bands of three colours."""
    y, x = np.mgrid[0:size, 0:size]
    widths = random.uniform(0.1, 0.35, 2) * size
    colours = [_colour(random, crop) for _ in range(3)]
    bands = [
        (np.sin(2 * np.pi * axis / width) > random.uniform(-0.5, 0.5))[..., None]
        for axis, width in zip((x, y), widths, strict=True)
    ]
    return colours[0] + 0.5 * bands[0] * (colours[1] - colours[0]) + 0.5 * bands[1] * (colours[2] - colours[0])


def _dots(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    step = random.uniform(0.1, 0.25) * size
    y, x = np.mgrid[0:size, 0:size]
    far = np.hypot((x + random.uniform(0, 9)) % step - step / 2, y % step - step / 2)
    one, other = _colour(random, crop), _colour(random, crop)
    return one + (far < random.uniform(0.2, 0.4) * step)[..., None] * (other - one)


def _plain_skin(random: np.random.Generator, size: int, crop: np.ndarray) -> np.ndarray:
    """Draw rounded skin, lit from one side, without lines."""
    angle = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    light = 1 + random.uniform(0, 0.35) * (x * np.cos(angle) + y * np.sin(angle)) + random.normal(0, 0.02, (size, size))
    return skin(random, crop) * light[..., None]


TEXTURES: dict[str, dict[str, Texture]] = {
    "learning": {
        "flat": _flat,
        "gradient": _gradient,
        "noise": _noise,
        "stripes": _stripes,
        "hand": _hand,
        "mosaic": _mosaic,
        "pieces": _pieces,
    },
    "unseen": {"checks": _checks, "plaid": _plaid, "dots": _dots, "skin": _plain_skin},
}
"""Surfaces that are drawn, by family; photographs come beside them."""
