"""What mattered for an answer: which parts of a face, when covered, change it, and where a clip network looks.

`response_maps` and `attention_maps` are worked out from the outputs of an exported network
(`engine.models.export.export_clip_model`), or from the same outputs of Keras; nothing here needs Keras.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

METHOD = "occlusion"
PATCH, CLIP_PATCH = 8, 7
"""Pixels of a patch's side on a face crop, and on a flow map."""

RESPONSE = "response_"
ATTENDED = "attended"
"""Names of outputs: the first stands before a stage's name."""


def occlusion_map(
    answer: Callable[[NDArray[np.uint8]], NDArray], picture: NDArray[np.uint8], label: int, patch: int = PATCH
) -> NDArray[np.float32]:
    """Cover a picture patch by patch and note by how much the probability of one expression falls.

    Occlusion sensitivity (Zeiler and Fergus 2014, doi 10.1007/978-3-319-10590-1_53): it asks the model itself and needs
    nothing of its inside, so that it is the same for every model. A covered patch of a gray crop shows the crop's mean;
    of a flow map each channel's median, which is what most of the face does: no motion of its own.

    Parameters
    ----------
    answer
        (n, H, W) or (n, H, W, channels) uint8 to (n, labels) probabilities.
    picture
        (H, W) uint8, a face crop, or (H, W, channels) uint8, see `engine.features.optical_flow.flow_map`.
    label
        Column of the expression asked about.
    patch
        Side of a patch in pixels, moved by half of it; at most the picture's side.

    Returns
    -------
    ndarray
        (H, W) float32: the mean fall of the probability over the patches that cover a pixel, -1..1; positive where the
        pixel, or the motion there, speaks for the expression.

    Raises
    ------
    ValueError
        For another shape or dtype, or a patch that does not fit.
    """
    if picture.ndim not in (2, 3) or picture.dtype != np.uint8 or not 1 <= patch <= min(picture.shape[:2]):
        raise ValueError(
            f"Expected (H, W) or (H, W, channels) uint8 and a patch within it. Received {picture.shape} "
            f"{picture.dtype} and a patch of {patch}."
        )
    height, width = picture.shape[:2]
    corners = [(top, left) for top in _starts(height, patch) for left in _starts(width, patch)]
    covered = np.repeat(picture[None], len(corners) + 1, axis=0)
    fill = np.rint(picture.mean() if picture.ndim == 2 else np.median(picture, axis=(0, 1))).astype(np.uint8)
    for index, (top, left) in enumerate(corners):
        covered[index, top : top + patch, left : left + patch] = fill
    probability = np.asarray(answer(covered))[:, label]
    total, times = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    for index, (top, left) in enumerate(corners):
        total[top : top + patch, left : left + patch] += probability[-1] - probability[index]
        times[top : top + patch, left : left + patch] += 1
    return total / times


def response_maps(outputs: Mapping[str, NDArray], size: tuple[int, int]) -> dict[str, NDArray[np.float32]]:
    """Return where each stage of LEARNet responds to one clip.

    Parameters
    ----------
    outputs
        The network's outputs for one clip by name; of them ``response_*``, (1, h, w) float, at least 0.
    size
        Height and width of the pictures, in pixels.

    Returns
    -------
    dict
        (height, width) float32 by stage, from the picture inwards, at least 0; interpolated bilinearly, in the
        network's own scale: mean response of a filter. Empty for a network without such outputs.
    """
    found = {name.removeprefix(RESPONSE): array for name, array in outputs.items() if name.startswith(RESPONSE)}
    return {stage: _stretched(array[0], size) for stage, array in found.items()}


def attention_maps(outputs: Mapping[str, NDArray], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return how much AGMENet attends to each part of the face at each time.

    Parameters
    ----------
    outputs
        The network's outputs for one clip by name; of them ``attended``, (1, frames, rows, columns), summing to 1.
    size
        Height and width of the pictures, in pixels.

    Returns
    -------
    ndarray
        (frames, height, width) float32, at least 0; 1 where a region gets as much as if all were attended to alike.
        Each region has one value. The mean over frames is the face's map.

    Raises
    ------
    ValueError
        For a network that does not tell its attention.
    """
    if ATTENDED not in outputs:
        raise ValueError(f"Expected the output {ATTENDED!r}. Received {', '.join(outputs) or 'none'}.")
    shares = np.asarray(outputs[ATTENDED][0], np.float32) * outputs[ATTENDED][0].size
    _, rows, columns = shares.shape
    height, width = size
    row, column = np.arange(height) * rows // height, np.arange(width) * columns // width
    return shares[:, row[:, None], column]


def _starts(size: int, patch: int) -> list[int]:
    """Return where patches begin so that they overlap by half and the last one ends at the border."""
    return sorted({*range(0, size - patch, max(1, patch // 2)), size - patch})


def _stretched(response: NDArray, size: tuple[int, int]) -> NDArray[np.float32]:
    stretched = cv2.resize(np.asarray(response, np.float32), size[::-1], interpolation=cv2.INTER_LINEAR)
    return np.maximum(stretched, 0)
