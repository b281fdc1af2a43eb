"""Action units of the Facial Action Coding System: how strongly each half of a face shows each, 0 to 5.

P. Ekman, W. V. Friesen, J. C. Hager, "Facial Action Coding System. The Manual", 2002. A face is described by where its
points lie once the head is turned back (`engine.features.face_shape`), and by furrows (`engine.features.furrows`). A
unit is a weighted sum of what its own part of the face shows, no more: the mouth says nothing about the brows. So a
reading can be taken against any other reading of the same person by subtraction.

There are two sets of weights. Beside the person's own rest, who it is drops out, and faint changes count; they are
learnt from drawn people, whose truth is known. Without a rest, what tells people apart must not count; they are learnt
mostly from labelled real faces. `python -m engine study action-units --fit` makes both anew, and the average face;
which units they measure well enough, by the same study, stands in `MEASURED`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import settings
from engine.errors import ModelError
from engine.features.aligned_face import AlignedFace
from engine.features.face_shape import mirrored, straighten
from engine.features.furrows import MEASURES, Furrows, cell_names

FILE = settings.WEIGHTS_FOLDER / "action_units.npz"
STRONGEST = 5.0
"""Intensity: 0 not there, 1 a trace to 5 as strong as can be, as FACS' letters A to E."""


class ActionUnit(NamedTuple):
    """One movement of the face.

    Attributes
    ----------
    number
        In FACS' numbering.
    name
        The Manual's.
    words
        What moves, for people who do not code.
    """

    number: int
    name: str
    words: str


UNITS = (
    ActionUnit(1, "inner brow raiser", "inner brows up"),
    ActionUnit(2, "outer brow raiser", "outer brows up"),
    ActionUnit(4, "brow lowerer", "brows down and together"),
    ActionUnit(5, "upper lid raiser", "upper lids up"),
    ActionUnit(6, "cheek raiser", "cheeks up"),
    ActionUnit(7, "lid tightener", "lids tightened"),
    ActionUnit(9, "nose wrinkler", "nose wrinkled"),
    ActionUnit(10, "upper lip raiser", "upper lip up"),
    ActionUnit(12, "lip corner puller", "lip corners up"),
    ActionUnit(14, "dimpler", "lip corners tightened"),
    ActionUnit(15, "lip corner depressor", "lip corners down"),
    ActionUnit(17, "chin raiser", "chin up"),
    ActionUnit(20, "lip stretcher", "lips stretched"),
    ActionUnit(23, "lip tightener", "lips tightened"),
    ActionUnit(25, "lips part", "lips apart"),
    ActionUnit(26, "jaw drop", "jaw dropped"),
    ActionUnit(45, "blink", "eyes closed"),
)
"""In the order of every array that has a row or column a unit."""

NUMBERS = tuple(unit.number for unit in UNITS)
RIGHT, LEFT = 0, 1
"""The person's sides, in every array that has both."""

_SHAPE: dict[str, tuple[str, tuple[int, ...]]] = {
    "inner brow up": ("up", (107, 66, 55, 65)),
    "middle brow up": ("up", (105, 52)),
    "outer brow up": ("up", (70, 63, 46, 53)),
    "inner brow out": ("out", (107, 55)),
    "upper lid up": ("up", (159, 160, 158)),
    "lower lid up": ("up", (145, 144, 153)),
    "cheek up": ("up", (50, 101, 118, 117, 36, 205)),
    "nose wing up": ("up", (129, 98, 64)),
    "nose wing out": ("out", (129, 98, 64)),
    "nose base up": ("up", (2, 97)),
    "fold out": ("out", (203, 206)),
    "upper lip up": ("up", (37, 39, 0)),
    "upper lip's edge up": ("up", (13, 82, 81)),
    "lower lip's edge up": ("up", (14, 87, 178)),
    "lower lip up": ("up", (17, 84, 181)),
    "lips forward": ("forward", (13, 14, 0, 17)),
    "mouth corner out": ("out", (61, 78)),
    "mouth corner up": ("up", (61, 78)),
    "beside the corner out": ("out", (57, 186, 212, 216)),
    "beside the corner up": ("up", (57, 186, 212, 216)),
    "chin up": ("up", (152, 148, 176)),
    "chin's boss up": ("up", (200, 199, 18, 201)),
    "chin forward": ("forward", (152, 199, 200)),
}
_TURNS = ("turned to this side", "looking up", "turned, squared", "looking up, squared", "turned times looking up")
_TURN_DEG = 20.0  # a turn of so much is 1


@cache
def feature_names() -> tuple[str, ...]:
    """Return what each column of `describe` tells."""
    cells = (f"{name} {measure}" for name in cell_names() for measure in MEASURES)
    return (*_SHAPE, *cells, *_TURNS)


class Describer:
    """Describes faces against an average one.

    Parameters
    ----------
    neutral
        (468, 3) the average face at rest, see `engine.features.face_shape.mean_shape`.
    """

    def __init__(self, neutral: NDArray) -> None:
        self.neutral = np.asarray(neutral, np.float64)
        mirror = mirrored(self.neutral)
        self._furrows = Furrows(mirror)
        # Each measure of the shape is a mean of coordinates: one matrix for all of them.
        shape = np.zeros((2, len(_SHAPE), len(self.neutral), 3))
        for row, (direction, points) in enumerate(_SHAPE.values()):
            axis, sign = {"up": (1, -1.0), "out": (0, 1.0), "forward": (2, -1.0)}[direction]
            for side, outwards in ((RIGHT, -1.0), (LEFT, 1.0)):
                at = [mirror[point] if side == LEFT else point for point in points]
                np.add.at(shape, (side, row, at, axis), sign * (outwards if direction == "out" else 1) / len(points))
        self._shape = shape.reshape(2 * len(_SHAPE), -1)

    def __call__(self, sample: AlignedFace) -> NDArray[np.float32]:
        """Return what each half of a face shows: (2, features) float32, see `feature_names`.

        Lengths are in percent of the distance between the outer corners of the average face's eyes.
        """
        points = np.column_stack([sample.points, sample.depth])
        away = straighten(points, self.neutral) - self.neutral
        shape = (self._shape @ away.ravel()).reshape(2, -1)
        cells = self._furrows(sample.gray, sample.points).reshape(2, -1)
        yaw, pitch = sample.pose_deg[:2].astype(np.float64) / _TURN_DEG
        # Turned to the picture's right, the face shows more of the person's right half.
        turns = [(aside, pitch, yaw * yaw, pitch * pitch, aside * pitch) for aside in (-yaw, yaw)]
        return np.concatenate([shape, cells, turns], axis=1).astype(np.float32)


@dataclass(frozen=True)
class UnitModel:
    """What readings are made with.

    Attributes
    ----------
    neutral
        (468, 3) the average face at rest.
    weights
        (2, units, features): beside the person's rest; without one.
    zero
        (2, units): added to the weighted sums.
    present
        (2, units): the intensity from which a unit counts as present.
    """

    neutral: NDArray[np.float32]
    weights: NDArray[np.float32]
    zero: NDArray[np.float32]
    present: NDArray[np.float32]


@cache
def model() -> UnitModel:
    """Return the weights that NeuroMER brings along.

    Raises
    ------
    ModelError
        Where the file is missing or damaged.
    """
    try:
        with np.load(FILE, allow_pickle=False) as stored:
            loaded = UnitModel(*(stored[name].astype(np.float32) for name in ("neutral", "weights", "zero", "present")))
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise ModelError(
            f"The weights of the action units ({FILE.name}) cannot be read.", "Install it again."
        ) from error
    if loaded.weights.shape != (2, len(UNITS), len(feature_names())):
        raise ModelError(
            f"The weights of the action units ({FILE.name}) are those of another version.", "Install again."
        )
    return loaded


@cache
def _describer() -> Describer:
    return Describer(model().neutral)


def read(sample: AlignedFace) -> NDArray[np.float32]:
    """Read the action units of one picture of a face.

    Parameters
    ----------
    sample
        The face; see `engine.features.aligned_face.align_face`.

    Returns
    -------
    ndarray
        (2, units, 2) float32: by the weights beside a rest, whose zero means nothing; by those without one; each for
        the person's right and left half. `intensity` makes intensities of them.
    """
    using = model()
    sums = np.tensordot(using.weights, _describer()(sample), axes=(2, 1))
    return np.asarray(sums + using.zero[..., None], np.float32)


def intensity(readings: NDArray, rest: NDArray | None = None) -> NDArray[np.float32]:
    """Return how strongly each unit shows.

    Parameters
    ----------
    readings
        (..., 2, units, 2) from `read`.
    rest
        The same, of the person at rest: (2, units, 2), or with any leading axes that fit; None where none is known.

    Returns
    -------
    ndarray
        (..., units, 2) float32, 0 to 5: the person's right and left half.
    """
    if rest is None:
        return np.clip(readings[..., 1, :, :], 0, STRONGEST)
    return np.clip(readings[..., 0, :, :] - rest[..., 0, :, :], 0, STRONGEST)


def is_present(strength: NDArray, rested: bool) -> NDArray[np.bool_]:
    """Tell which units are present.

    Parameters
    ----------
    strength
        (..., units), 0 to 5: of the face, or of one half.
    rested
        Whether they were read beside the person's rest.
    """
    return np.asarray(strength >= model().present[0 if rested else 1])


class Measured(NamedTuple):
    """What ``study action-units`` says of a unit.

    Attributes
    ----------
    correlation, f1
        Beside the person's rest, on recordings of drawn people that nothing was learnt from: with the true intensity,
        and of being present.
    auc
        Without a rest, on real faces that nothing was learnt from: how well it tells expressions in which it is
        expected from those in which it is not; None where nobody agrees on any.
    """

    correlation: float
    f1: float
    auc: float | None


LEAST_CORRELATION, LEAST_F1, LEAST_AUC = 0.7, 0.6, 0.8
"""From these on a unit is told; below them it is measured too badly to be shown."""

MEASURED: dict[int, Measured] = {
    1: Measured(0.98, 0.95, 0.82),
    2: Measured(0.97, 0.95, 0.91),
    4: Measured(0.90, 0.81, 0.88),
    5: Measured(0.83, 0.70, 0.96),
    6: Measured(0.88, 0.88, 0.98),
    7: Measured(0.42, 0.33, None),
    9: Measured(0.94, 0.90, 0.86),
    10: Measured(0.83, 0.69, 0.87),
    12: Measured(0.98, 0.93, 0.97),
    14: Measured(0.78, 0.72, None),
    15: Measured(0.95, 0.87, 0.85),
    17: Measured(0.70, 0.62, None),
    20: Measured(0.86, 0.80, None),
    23: Measured(0.86, 0.79, None),
    25: Measured(0.91, 0.86, 0.93),
    26: Measured(0.96, 0.90, 0.94),
    45: Measured(0.98, 0.97, None),
}
"""By ``python -m engine study action-units --data stills --people 24``."""

FURTHEST_DEG, SMALLEST_PX = 30.0, 40.0
"""A head that is turned or nods further, and a face that is narrower, cannot be read."""

PARTS = {
    "eyes": (1, 2, 4, 5, 6, 7, 45),
    "mouth": (9, 10, 12, 14, 15, 17, 20, 23, 25, 26),
}
"""Which units show in each of `engine.faces.covering.REGIONS`: where it is covered, they are not read."""


def told(rested: bool, covered: Collection[str] = ()) -> NDArray[np.bool_]:
    """Return which units are measured well enough to be told, (units,).

    Parameters
    ----------
    rested
        Whether they were read beside the person's rest.
    covered
        Names of `PARTS` that something hides.
    """
    hidden = {number for part in covered for number in PARTS[part]}

    def well(number: int) -> bool:
        measured = MEASURED[number]
        if rested:
            return measured.correlation >= LEAST_CORRELATION and measured.f1 >= LEAST_F1
        return measured.auc is not None and measured.auc >= LEAST_AUC

    return np.array([number not in hidden and well(number) for number in NUMBERS])


def why_unread(size_px: float, yaw_deg: float, pitch_deg: float) -> str:
    """Return in a sentence why no unit of a face can be read, empty where they can."""
    if size_px < SMALLEST_PX:
        return f"Action units cannot be read: the face is only {size_px:.0f} pixels wide, less than {SMALLEST_PX:.0f}."
    if max(abs(yaw_deg), abs(pitch_deg)) > FURTHEST_DEG:
        turned = max(abs(yaw_deg), abs(pitch_deg))
        return f"Action units cannot be read: the head is turned by {turned:.0f}°, more than {FURTHEST_DEG:.0f}°."
    return ""


Moved = dict[int, tuple[float, float]]
"""Number of an action unit to its intensity in the person's right and left half, the strongest first."""

ONE_SIDED = 0.5  # difference of the halves from which both are told


def in_words(moved: Moved) -> str:
    """Say what moves: ``lip corners up (AU12 left 2.1, right 0.8), cheeks up (AU6 1.4)``; empty where nothing does."""
    words = {unit.number: unit.words for unit in UNITS}
    said = []
    for number, (right, left) in moved.items():
        said.append(f"{words[number]} (AU{number} {strength_in_words(right, left)})")
    return ", ".join(said)


def strength_in_words(right: float, left: float) -> str:
    """Say how strong a unit is: ``1.4``, or where the halves differ by `ONE_SIDED` ``left 2.1, right 0.8``."""
    if abs(right - left) < ONE_SIDED:
        return f"{(right + left) / 2:.1f}"
    sides = sorted((("left", left), ("right", right)), key=lambda side: -side[1])
    return ", ".join(f"{side} {value:.1f}" for side, value in sides)


def strongest(strength: NDArray, rested: bool, covered: Collection[str] = ()) -> Moved:
    """Return the units that are present in a face or one of its halves, and told.

    Parameters
    ----------
    strength
        (units, 2) from `intensity`.
    rested, covered
        As in `told`.
    """
    most = strength.max(axis=1)
    kept = told(rested, covered) & is_present(most, rested)
    order = [row for row in np.argsort(-most, kind="stable") if kept[row]]
    return {NUMBERS[row]: (float(strength[row, RIGHT]), float(strength[row, LEFT])) for row in order}
