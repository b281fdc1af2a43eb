"""Where a clip network looks, as pictures: responses of its stages, attention, and what it misses when it is covered.

Everything is worked out from the outputs of an exported network (`engine.models.export.export_clip_model`), or from
the same outputs of Keras; nothing here needs Keras.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

RESPONSE = "response_"
ATTENDED = "attended"
"""Names of outputs: the first stands before a stage's name."""


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


def occlusion_map(
    answer: Callable[[NDArray[np.uint8]], NDArray], flow_map: NDArray[np.uint8], label: int, patch: int = 7
) -> NDArray[np.float32]:
    """Still the motion patch by patch and note by how much the probability of one expression falls.

    Occlusion sensitivity (Zeiler and Fergus 2014, doi 10.1007/978-3-319-10590-1_53) for any network that answers from
    flow maps. A covered patch shows the channel's median, which is what most of the face does: no motion of its own.

    Parameters
    ----------
    answer
        (n, H, W, 3) uint8 flow maps to (n, labels) probabilities.
    flow_map
        (H, W, 3) uint8, see `engine.features.optical_flow.flow_map`.
    label
        Column of the expression asked about.
    patch
        Side of a patch in pixels, moved by half of it; at most the map's side.

    Returns
    -------
    ndarray
        (H, W) float32: the mean fall of the probability over the patches that cover a pixel, -1..1; positive where the
        motion speaks for the expression.

    Raises
    ------
    ValueError
        For another shape or dtype, or a patch that does not fit.
    """
    if flow_map.ndim != 3 or flow_map.dtype != np.uint8 or not 1 <= patch <= min(flow_map.shape[:2]):
        raise ValueError(
            f"Expected (H, W, channels) uint8 and a patch within it. Received {flow_map.shape} {flow_map.dtype} and a "
            f"patch of {patch}."
        )
    height, width = flow_map.shape[:2]
    corners = [(top, left) for top in _starts(height, patch) for left in _starts(width, patch)]
    covered = np.repeat(flow_map[None], len(corners) + 1, axis=0)
    fill = np.rint(np.median(flow_map, axis=(0, 1))).astype(np.uint8)
    for index, (top, left) in enumerate(corners):
        covered[index, top : top + patch, left : left + patch] = fill
    probability = np.asarray(answer(covered))[:, label]
    total, times = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    for index, (top, left) in enumerate(corners):
        total[top : top + patch, left : left + patch] += probability[-1] - probability[index]
        times[top : top + patch, left : left + patch] += 1
    return total / times


def _starts(size: int, patch: int) -> list[int]:
    """Return where patches begin so that they overlap by half and the last one ends at the border."""
    return sorted({*range(0, size - patch, max(1, patch // 2)), size - patch})


def _stretched(response: NDArray, size: tuple[int, int]) -> NDArray[np.float32]:
    stretched = cv2.resize(np.asarray(response, np.float32), size[::-1], interpolation=cv2.INTER_LINEAR)
    return np.maximum(stretched, 0)
