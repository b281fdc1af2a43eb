"""Local binary patterns of a 640×480 picture, beside scikit-image and NumPy."""

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from skimage.feature import local_binary_pattern

from engine.bench.measurement import Measurement
from engine.bench.pictures import portrait
from engine.bench.timing import alternate, stopwatch
from engine.features.lbp import lbp_3x3, lbp_circular


def measure() -> list[Measurement]:
    """Time the circular form and the paper's 3×3 form."""
    gray = np.ascontiguousarray(portrait()[..., 1])
    scikit_image = f"scikit-image {version('scikit-image')} local_binary_pattern"
    if not np.array_equal(lbp_3x3(gray), numpy_3x3(gray)):
        raise AssertionError("The 3×3 codes differ from those of the NumPy version.")
    different = np.count_nonzero(lbp_circular(gray) != local_binary_pattern(gray, 8, 1))
    circle, square = stopwatch(lambda: lbp_circular(gray)), stopwatch(lambda: lbp_3x3(gray))
    theirs, whole_arrays = stopwatch(lambda: local_binary_pattern(gray, 8, 1)), stopwatch(lambda: numpy_3x3(gray))
    numpy, no_square = f"NumPy {np.__version__}, whole arrays", f"{scikit_image} (circle; it has no square)"
    differ = f"{different} of {gray.size} codes differ"
    compared = (
        ("circle (8, 1)", circle, scikit_image, theirs, (20, 2), None, 20, differ),
        ("3×3", square, no_square, theirs, (100, 2), 0.1, None, ""),
        ("3×3", square, numpy, whole_arrays, (100, 20), 0.1, None, ""),
    )
    measurements = []
    for form, ours, name, other, each, at_most, fast, note in compared:
        timed = alternate(ours, other, name, rounds=10, each=each, rest=0)
        what, unit, a_pixel = f"LBP, {form}, 640×480", "ns a pixel", 1e9 / gray.size
        measurements.append(timed.measurement(what, unit, a_pixel, at_most=at_most, times_as_fast=fast, note=note))
    return measurements


def numpy_3x3(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Work out the same codes as `engine.features.lbp.lbp_3x3` with whole-array NumPy, for (H, W) uint8."""
    height, width = gray.shape
    padded = np.pad(gray, 1, mode="edge")
    codes = np.zeros((height, width), np.uint8)
    for bit, (row, column) in enumerate(((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))):
        codes |= (padded[row : row + height, column : column + width] > gray).view(np.uint8) << np.uint8(bit)
    return codes
