"""Dark faces made brighter before a model sees them: LLEM, and two plain ways to compare it with.

LLEM is NeuroMER's trained low-light enhancement module (`engine.models.llem`), answered by ONNX Runtime. It brings a
dark face to a usual brightness and smooths the noise that comes up with it; a face that is bright enough goes past it.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from engine import settings
from engine.errors import UserError
from engine.onnx_file import answer, open_session
from engine.settings import CROP_SIZE

WANTED = 0.45
"""The mean gray, 0..1, that darker pictures are brought to by `gamma`; brighter ones stay as they are."""

LIT = 0.45
"""The mean gray, 0..1, from which on a face is bright enough to go past LLEM untouched."""

CLIP_LIMIT, TILES = 2.0, (8, 8)
"""Of `clahe`: how far a tile's contrast may rise, and how many tiles there are across and down."""

_PIXELS_AT_ONCE = 128 * CROP_SIZE**2  # LLEM holds about 1 kB a pixel


def enhance(gray: np.ndarray, method: str = "llem") -> np.ndarray:
    """Make a dark face, or many, brighter.

    Parameters
    ----------
    gray
        (height, width) or (n, height, width) uint8; each picture is treated for itself.
    method
        A key of `METHODS`: ``"llem"``, ``"gamma"``, ``"clahe"`` or ``"none"``.

    Returns
    -------
    numpy.ndarray
        The same shape, uint8.

    Raises
    ------
    UserError
        For a method that there is not.
    ModelError
        Where LLEM's weights are missing or damaged.
    ValueError
        For another shape or dtype.
    """
    check(method)
    if gray.dtype != np.uint8 or gray.ndim not in (2, 3):
        raise ValueError(f"Expected (height, width) or (n, height, width) uint8. Received {gray.shape} {gray.dtype}.")
    if method == "none" or not gray.size:
        return gray.copy()
    batch = np.ascontiguousarray(gray if gray.ndim == 3 else gray[None])
    return _METHODS[method](batch).reshape(gray.shape)


def check(method: str) -> None:
    """Refuse a method that there is not.

    Raises
    ------
    UserError
        With those that there are.
    """
    if method not in METHODS:
        raise UserError(f"There is no low-light enhancement {method!r}.", f"There are: {', '.join(METHODS)}.")


def llem_weights() -> Path:
    """Return where LLEM's trained ``model.keras`` lies, for networks that are trained behind it."""
    return settings.WEIGHTS_FOLDER / "llem" / "model.keras"


def gamma(batch: np.ndarray) -> np.ndarray:
    """Bend each picture's brightness by the exponent that brings its mean to `WANTED`, if it lies below.

    (n, height, width) uint8 to the same: ``255 (x / 255)^e`` with ``e = log WANTED / log mean``.
    """
    result = np.empty_like(batch)
    levels = np.arange(256) / 255
    for at, picture in enumerate(batch):
        mean = min(max(float(picture.mean()), 0.5) / 255, WANTED)
        result[at] = cv2.LUT(picture, np.rint(255 * levels ** (np.log(WANTED) / np.log(mean))).astype(np.uint8))
    return result


def clahe(batch: np.ndarray) -> np.ndarray:
    """Equalise each picture's histogram tile by tile with a limit: (n, height, width) uint8 to the same.

    Pizer et al. 1987, doi 10.1016/S0734-189X(87)80186-X, as OpenCV does it.
    """
    equaliser = cv2.createCLAHE(CLIP_LIMIT, TILES)
    return np.stack([equaliser.apply(picture) for picture in batch])


def llem(batch: np.ndarray) -> np.ndarray:
    """Draw LLEM's curves for each picture darker than `LIT` and bend it by them: (n, height, width) uint8 to the same.

    Raises
    ------
    ModelError
        Where the weights are missing or damaged.
    """
    path = llem_weights().with_name("model.onnx")
    session = _session(path, path.stat().st_mtime_ns if path.is_file() else 0)
    name = session.get_inputs()[0].name
    step = max(1, _PIXELS_AT_ONCE // (batch.shape[1] * batch.shape[2]))
    result = batch.copy()
    dark = np.flatnonzero(batch.mean(axis=(1, 2)) < 255 * LIT)
    for at in range(0, len(dark), step):
        rows = dark[at : at + step]
        part = batch[rows, ..., None].astype(np.float32) / 255
        result[rows] = np.rint(255 * answer(session, None, {name: part})[0][..., 0])
    return result


_METHODS: dict[str, Callable[[np.ndarray], np.ndarray]] = {"llem": llem, "gamma": gamma, "clahe": clahe}

METHODS = {"none": "off", "llem": "LLEM", "gamma": "Gamma", "clahe": "CLAHE"}
"""The methods that there are, with their names for people."""


@lru_cache(maxsize=2)
def _session(path: Path, _: int):  # noqa: ANN202 - an onnxruntime.InferenceSession, which is imported late
    # The file's time: weights that were trained anew lie in the same place.
    return open_session(path, "LLEM", threads=2)
