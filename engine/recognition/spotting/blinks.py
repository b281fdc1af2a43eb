"""When the eyes blink, and what of the face's motion is owed to it."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from engine.features.face_regions import EYES, MOUTH, REGIONS, UPPER

_LONGEST_S = (
    0.55  # from closing to open again (blinks last 0.1 to 0.4 s; VanderWerf et al. 2003, doi 10.1152/jn.00557.2002)
)
_CLOSED = 0.75  # share of the usual opening below which the mesh sees a blink
_UNLIKE = 0.6  # share of the usual likeness below which what lies between the lids is no open eye
_SUNK, _SUNK_MORE = 1.0, 1.5  # percent of the distance between the eyes that both lids sink; and in brows' motion
_AROUND_S = 0.05  # lids move before and after what is seen of it
_USUAL_S = 2.0
_EYES, _BROWS = ([REGIONS.index(name) for name in names] for names in (EYES, UPPER))
_COUPLED = [index for index, name in enumerate(REGIONS) if name not in MOUTH]


def detect_blinks(time_s: NDArray, moved: NDArray, alike: NDArray, eyes_open: NDArray) -> NDArray[np.bool_]:
    """Return in which of the samples both eyes blink.

    The mesh alone misses most quick blinks, so two more signs count: that what is seen between the lids no longer looks
    like the open eye, and that the lids' skin sinks by itself, without the brows. Eyes that stay shut do not blink.

    Parameters
    ----------
    time_s
        (n,) evenly spaced.
    moved
        (n, regions, 2) from rest, in percent of the distance between the eyes.
    alike
        (n, 2) how much either eye looks as it does open.
    eyes_open
        (n,) opening of the eyelids.
    """
    count = len(time_s)
    if count < 3:
        return np.zeros(count, bool)
    step = (time_s[-1] - time_s[0]) / (count - 1)
    size = min(count, 2 * int(_USUAL_S / step) + 1)
    seen = alike.max(axis=1)
    shut = eyes_open < _CLOSED * median_filter(eyes_open, size, mode="nearest")
    shut |= seen < _UNLIKE * median_filter(seen, size, mode="nearest")
    brows = np.linalg.norm(moved[:, _BROWS], axis=2).max(axis=1)
    shut |= moved[:, _EYES, 1].min(axis=1) > np.maximum(_SUNK, _SUNK_MORE * brows)
    blinks = np.zeros(count, bool)
    around = round(_AROUND_S / step)
    for first, last in runs(shut):
        if (last - first) * step <= _LONGEST_S:
            blinks[max(0, first - around) : last + around] = True
    return blinks


def interpolate_blinks(moved: NDArray, blinks: NDArray) -> NDArray[np.float64]:
    """Return the motion with the regions around the eyes led straight across each blink, (n, regions, 2)."""
    if not blinks.any() or blinks.all():
        return moved
    bridged = moved.copy()
    at, kept = np.arange(len(moved)), np.flatnonzero(~blinks)
    for region in _COUPLED:
        for axis in range(2):
            bridged[blinks, region, axis] = np.interp(at[blinks], kept, moved[kept, region, axis])
    return bridged


def runs(mask: NDArray) -> list[tuple[int, int]]:
    """Return where a mask is true without break: first, and one past the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
