"""Local binary patterns of a 640×480 picture, beside scikit-image and NumPy."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.feature import local_binary_pattern

from engine.bench.measurement import Measurement
from engine.bench.pictures import portrait
from engine.bench.timing import alternate, stopwatch
from engine.features.lbp import lbp_3x3, lbp_circular

UNIT = "ns a pixel"
PIXELS = 640 * 480


def measure() -> list[Measurement]:
    """Time the circular form and the paper's 3×3 form."""
    gray = np.ascontiguousarray(portrait()[..., 1])
    scikit_image = f"scikit-image {version('scikit-image')} local_binary_pattern"
    if not np.array_equal(lbp_3x3(gray), numpy_3x3(gray)):
        raise AssertionError("The 3×3 codes differ from those of the NumPy version.")
    different = np.count_nonzero(lbp_circular(gray) != local_binary_pattern(gray, 8, 1))
    return [
        _compare(
            "LBP, circle (8, 1), 640×480",
            lambda: lbp_circular(gray),
            scikit_image,
            lambda: local_binary_pattern(gray, 8, 1),
            each=(20, 2),
            times_as_fast=20,
            note=f"{different} of {gray.size} codes differ",
        ),
        _compare(
            "LBP, 3×3, 640×480",
            lambda: lbp_3x3(gray),
            f"{scikit_image} (circle; it has no square)",
            lambda: local_binary_pattern(gray, 8, 1),
            each=(100, 2),
            at_most=0.1,
        ),
        _compare(
            "LBP, 3×3, 640×480",
            lambda: lbp_3x3(gray),
            f"NumPy {np.__version__}, whole arrays",
            lambda: numpy_3x3(gray),
            each=(100, 20),
            at_most=0.1,
        ),
    ]


def numpy_3x3(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Work out the same codes as `engine.features.lbp.lbp_3x3` with whole-array NumPy, for (H, W) uint8."""
    height, width = gray.shape
    padded = np.pad(gray, 1, mode="edge")
    codes = np.zeros((height, width), np.uint8)
    for bit, (row, column) in enumerate(((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))):
        codes |= (padded[row : row + height, column : column + width] > gray).view(np.uint8) << np.uint8(bit)
    return codes


def _compare(
    name: str,
    ours: Callable[[], NDArray],
    alternative: str,
    theirs: Callable[[], NDArray],
    each: tuple[int, int],
    **target: Any,
) -> Measurement:
    timed = alternate(stopwatch(ours), stopwatch(theirs), alternative, rounds=10, each=each, rest=0)
    return timed.measurement(name, UNIT, 1e9 / PIXELS, **target)
