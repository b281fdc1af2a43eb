"""What the page Spikes shows to neurons: a face or a digit, and how strongly each input speaks for it."""

import csv
import gzip
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import faces, images
from engine.errors import DataError
from engine.features.gabor import gabor_energy, pooled
from engine.settings import CROP_SIZE
from engine.spiking.encoding import OnOff

CLASSES = ("happy", "neutral", "surprise")
"""What spiking networks learn of faces."""
POOL_PX = 8
ORIENTATIONS, SCALES, GRID = 8, 2, CROP_SIZE // POOL_PX
"""Of the Gabor energies of a face: directions, widths, and places along a side."""
DIGIT_SIDE = 8
_OUTPUTS = {"face": 3, "digit": 4}


@dataclass(frozen=True)
class Stimulus:
    """A picture on its way to spikes.

    Attributes
    ----------
    kind
        ``"face"`` or ``"digit"``.
    picture
        (48, 48) or (8, 8) uint8.
    features
        (576,) Gabor energies of a face, (64,) pixels of a digit in 0..1.
    strengths
        (inputs,) 0 or above: how strongly each input speaks. Of a face first ON, then OFF.
    outputs
        What the outputs of a network that has not learnt are called: they stand for nothing yet.
    """

    kind: str
    picture: NDArray[np.uint8]
    features: NDArray[np.float64]
    strengths: NDArray[np.float64]
    outputs: tuple[str, ...]


def crop_of(data: bytes) -> NDArray[np.uint8] | None:
    """Return the largest face in a photo's bytes as a crop, (48, 48) uint8; None where there is no face.

    Raises
    ------
    ImageError
        For bytes that are not a whole, allowed picture.
    """
    found = faces.analyse(images.decode(data))
    return images.round_gray(found[0].crop) if found else None


def features_of(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return pooled Gabor energies: (n, 48, 48) uint8 to (n, 576) float32."""
    return pooled(gabor_energy(crops), POOL_PX).reshape(len(crops), -1)


def face(crop: NDArray[np.uint8]) -> Stimulus:
    """Turn a face crop, (48, 48) uint8, into strengths of 2 × 576 inputs.

    What is usual, and so neither ON nor OFF, is the mean energy of this picture's own filters of the same width.
    """
    # Rounded, so that what is left of a flat picture does not count as its edges.
    features = features_of(crop[None])[0].astype(np.float64).round(6)
    by_scale = features.reshape(ORIENTATIONS, SCALES, -1)
    usual = by_scale.mean(axis=(0, 2), keepdims=True), by_scale.std(axis=(0, 2), keepdims=True)
    mean, deviation = (np.broadcast_to(each, by_scale.shape).ravel() for each in usual)
    encoder = OnOff(mean, np.where(deviation > 0, deviation, 1))
    return Stimulus("face", crop, features, encoder.strengths(features), _numbered("face"))


def digit(index: int) -> Stimulus:
    """Return one of scikit-learn's digits: each pixel is an input.

    Raises
    ------
    DataError
        Where there is no such digit.
    """
    pixels, _ = digits()
    if not 0 <= index < len(pixels):
        raise DataError(f"There is no digit {index}.", f"There are 0 to {len(pixels) - 1}, both included.")
    picture = np.round(pixels[index] * 255).astype(np.uint8).reshape(DIGIT_SIDE, DIGIT_SIDE)
    return Stimulus("digit", picture, pixels[index], pixels[index], _numbered("digit"))


@cache
def digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return scikit-learn's digits: (1797, 64) pixels in 0..1, and (1797,) what they are, 0..9.

    Read from the package's folder: importing scikit-learn would take a second before the first picture.

    Raises
    ------
    DataError
        Where scikit-learn is not whole.
    """
    package = importlib.util.find_spec("sklearn")
    folders = package.submodule_search_locations if package is not None else None
    try:
        file = Path((folders or [""])[0]) / "datasets" / "data" / "digits.csv.gz"
        with gzip.open(file, "rt") as lines:
            table = np.array([[float(value) for value in row] for row in csv.reader(lines)])
    except (OSError, ValueError) as error:
        raise DataError("The digits of scikit-learn are missing.", "Install scikit-learn again.") from error
    pixels, labels = table[:, :-1] / 16, table[:, -1].astype(np.int64)
    pixels.setflags(write=False)
    labels.setflags(write=False)
    return pixels, labels


def weight_maps(weights: NDArray, kind: str) -> NDArray[np.float64]:
    """Lay the weights of every output out as maps of the picture.

    Parameters
    ----------
    weights
        (inputs, outputs). Of a face, ON inputs, as many OFF inputs (for one threshold or several), each of 8
        orientations × 2 widths × 6 × 6 places; or one input a pixel.
    kind
        ``"face"`` or ``"digit"``, ``"brightness"`` for a square of inputs as the published network has them, or
        ``"embedding"`` for ON and OFF inputs of 384 numbers that have no places.

    Returns
    -------
    numpy.ndarray
        (outputs, maps, height, width). Of a face 8 maps, one an orientation: ON minus OFF, averaged over widths and
        thresholds. Of anything else 1 map; of an embedding ON minus OFF, 16 numbers high.
    """
    if kind == "face":
        laid = weights.reshape(2, -1, ORIENTATIONS, SCALES, GRID, GRID, weights.shape[1])
        return (laid[0] - laid[1]).mean(axis=(0, 2)).transpose(3, 0, 1, 2).astype(np.float64)
    if kind == "embedding":
        on, off = np.split(weights, 2)
        return (on - off).T.reshape(weights.shape[1], 1, 16, -1).astype(np.float64)
    side = int(np.sqrt(len(weights)))
    return weights.T.reshape(-1, 1, side, side).astype(np.float64)


def _numbered(kind: str) -> tuple[str, ...]:
    return tuple(f"output {number}" for number in range(1, _OUTPUTS[kind] + 1))
