"""Worse pictures on purpose: light, blur, place and cover, each in several strengths and with a seed.

Lengths are in pixels of a crop 48 wide and grow with a larger picture. How strong each strength is, and the sensor's
numbers, are our choice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

FULL_WELL, READ_NOISE, MOST_GAIN, GAMMA = 1000.0, 4.0, 16.0, 2.2
"""A small sensor: electrons of a white pixel in good light, of its noise when read, how much it can amplify."""

DIM_NOISE = 1.0
"""Gray levels of 0..255, standard deviation."""

_SIDE = 48

Worsen = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Degradation:
    """One way in which pictures get worse.

    Attributes
    ----------
    title
        For people.
    unit
        What the strengths measure, for the axis.
    strengths
        From weak to strong.
    worsen
        Takes (height, width) uint8, a strength and a generator; returns the same shape and dtype.
    """

    title: str
    unit: str
    strengths: tuple[float, ...]
    worsen: Worsen


def low_light(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Take the picture in ``1 / strength`` of the light: fewer electrons, amplified again as far as a camera can.

    The number of electrons is Poisson, reading adds normal noise (Healey and Kondepudy 1994, doi 10.1109/34.276126).
    """
    electrons = random.poisson(FULL_WELL / strength * _linear(picture)) + random.normal(0, READ_NOISE, picture.shape)
    return _gray(electrons * min(strength, MOST_GAIN) / FULL_WELL)


def dark(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Take the picture in ``1 / strength`` of the light without amplifying it: the picture itself is dark.

    The sensor is that of `low_light`: Poisson electrons, normal noise when read, rounded to 256 gray levels. At a
    twentieth of the light (strength 20) white comes out at gray 65, from 50 electrons with a read noise of 4.
    """
    electrons = random.poisson(FULL_WELL / strength * _linear(picture)) + random.normal(0, READ_NOISE, picture.shape)
    return _gray(electrons / FULL_WELL)


def dim(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Divide the gray values by ``strength``, add normal noise of `DIM_NOISE` gray levels, and round.

    How pictures are often darkened in papers: no sensor behaves so, and rounding is what costs most. At strength 20
    thirteen gray levels are left.
    """
    values = picture / strength + random.normal(0, DIM_NOISE, picture.shape)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def side_light(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Take ``strength`` (0..1) of the light from one side, the left or the right, less and less towards the other."""
    light = 1 - strength * np.linspace(0, 1, picture.shape[1])
    return _gray(_linear(picture) * (light if random.random() < 0.5 else light[::-1]))


def blur(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Blur with a Gaussian of standard deviation ``strength``, in pixels."""
    return cv2.GaussianBlur(picture, (0, 0), strength * _scale(picture), borderType=cv2.BORDER_REPLICATE)


def rotation(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Turn by ``strength`` degrees, to the left or to the right."""
    height, width = picture.shape
    angle = strength if random.random() < 0.5 else -strength
    return _warped(picture, cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1))


def shift(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Move by ``strength`` pixels in a direction drawn at random."""
    angle, length = random.uniform(0, 2 * np.pi), strength * _scale(picture)
    return _warped(picture, np.array([[1, 0, length * np.cos(angle)], [0, 1, length * np.sin(angle)]]))


def occlusion(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Cover ``strength`` (0..1) of the area with a square of the mean gray at a place drawn at random."""
    height, width = picture.shape
    tall, wide = (min(side, round(side * np.sqrt(strength))) for side in (height, width))
    top, left = random.integers(0, height - tall + 1), random.integers(0, width - wide + 1)
    covered = picture.copy()
    covered[top : top + tall, left : left + wide] = round(float(picture.mean()))
    return covered


def resolution(picture: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Keep every ``strength``-th pixel's worth of detail: shrink, then enlarge to the old size."""
    height, width = picture.shape
    small = cv2.resize(
        picture, (max(1, round(width / strength)), max(1, round(height / strength))), interpolation=cv2.INTER_AREA
    )
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


DEGRADATIONS = {
    "low-light": Degradation("Low light", "times less light", (2, 4, 8, 16, 32, 64), low_light),
    "dark": Degradation("Dark picture", "times less light, not amplified", (2, 4, 10, 20), dark),
    "dim": Degradation("Gray values divided", "times darker", (2, 4, 10, 20), dim),
    "side-light": Degradation("Light from one side", "share of light lost", (0.25, 0.5, 0.75, 0.9, 0.98), side_light),
    "blur": Degradation("Blur", "standard deviation, pixels", (0.5, 1, 1.5, 2, 3), blur),
    "rotation": Degradation("Rotation", "degrees", (5, 10, 15, 20, 30, 45), rotation),
    "shift": Degradation("Shift", "pixels of 48", (1, 2, 4, 6, 8, 12), shift),
    "occlusion": Degradation("Occlusion", "share of the area", (0.05, 0.1, 0.2, 0.3, 0.5), occlusion),
    "resolution": Degradation("Resolution", "times coarser", (1.5, 2, 3, 4, 6), resolution),
}
"""By the name that the command line takes."""


def degraded(pictures: np.ndarray, name: str, strength: float, seed: int = 0) -> np.ndarray:
    """Worsen pictures; each has a seed of its own, so that it comes out the same whatever stands beside it.

    Parameters
    ----------
    pictures
        (n, height, width) uint8.
    name
        A key of `DEGRADATIONS`.
    strength
        As the degradation's unit says.
    seed
        Together with a picture's place it seeds that picture's noise, side, direction or place.

    Returns
    -------
    numpy.ndarray
        (n, height, width) uint8.
    """
    worsen = DEGRADATIONS[name].worsen
    result = np.empty_like(pictures)
    for at, picture in enumerate(pictures):
        result[at] = worsen(picture, strength, np.random.default_rng((seed, at)))
    return result


def _scale(picture: np.ndarray) -> float:
    return picture.shape[1] / _SIDE


def _linear(picture: np.ndarray) -> np.ndarray:
    return (picture / 255.0) ** GAMMA


def _gray(linear: np.ndarray) -> np.ndarray:
    return np.rint(255 * np.clip(linear, 0, 1) ** (1 / GAMMA)).astype(np.uint8)


def _warped(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    size = picture.shape[::-1]
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
