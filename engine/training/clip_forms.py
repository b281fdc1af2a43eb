"""What clips are given to a network as: flow maps, or pictures and frames of the faces themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.features.clip_input import INPUTS


@dataclass(frozen=True)
class Form:
    """One of them.

    Attributes
    ----------
    mirrored
        Returns clips, (n, ..., height, width, channels), as they would be of the mirrored faces.
    prepared
        Makes of clips what a network takes, (n, ...) float32, in memory of its own.
    """

    mirrored: Callable[[NDArray], NDArray]
    prepared: Callable[[NDArray], NDArray[np.float32]]


def mirrored(maps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return flow maps, (n, H, W, 3) uint8, of the mirrored faces: what moves right then moves left."""
    turned = maps[:, :, ::-1].copy()
    turned[..., 0] = 255 - turned[..., 0]
    return turned


def flipped(clips: NDArray) -> NDArray:
    """Return pictures or frames, (n, ..., height, width, channels), of the mirrored faces."""
    return clips[..., ::-1, :]


def varied(
    clips: NDArray, shift_px: int, random: np.random.Generator, turned: Callable[[NDArray], NDArray] = mirrored
) -> NDArray:
    """Mirror half of the clips, and shift each by up to ``shift_px``, all its frames alike; the border is repeated.

    Parameters
    ----------
    clips
        (n, ..., height, width, channels).
    shift_px
        Along each axis; 0 for none.
    random
        Source of every draw.
    turned
        Mirrors them: see `Form`.
    """
    each = (slice(None),) + (None,) * (clips.ndim - 1)
    chosen = np.where((random.random(len(clips)) < 0.5)[each], turned(clips), clips)
    around = [(0, 0)] * (clips.ndim - 3) + [(shift_px, shift_px)] * 2 + [(0, 0)]
    padded = np.pad(chosen, around, mode="edge")
    height, width = clips.shape[-3:-1]
    corners = random.integers(0, 2 * shift_px + 1, (len(clips), 2))
    return np.stack(
        [one[..., top : top + height, left : left + width, :] for one, (top, left) in zip(padded, corners, strict=True)]
    )


FLOW_MAPS = {takes: Form(mirrored, prepared) for takes, prepared in INPUTS.items()}
"""Flow maps, (n, 28, 28, 3) uint8, by `engine.models.registry.Architecture.takes`."""

FACES = Form(flipped, partial(np.array, dtype=np.float32))
"""Dynamic images or gray frames of faces, float32, as a network takes them."""
