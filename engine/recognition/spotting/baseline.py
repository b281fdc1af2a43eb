"""Where each region of a face rests, and what of its motion is owed to blinks and to the head, not to an expression.

The head is fitted as a rigid body with the mesh's depth. Where that depth is a little wrong, or a region's texture
lies on something that does not turn with the face, a region seems to move whenever the head does. That part is a smooth
function of how the head is held, so it is learnt from the seconds at hand and taken out.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, median_filter

from engine.features.face_regions import EYES, MOUTH, REGIONS, UPPER

_LOOKED_HZ = 6.0  # so often a second a sample is taken to find where the region rests
_ASKED = 2  # of so many of these samples, it is asked at one
_REACH_S = 10.0  # to both sides: a resting face may change within this, an expression must not last twice as long
_ALIKE = 0.35  # percent of the distance between the eyes: samples so near to one another are the same posture
_SLOW_S = 1.0  # how gently rest may move
# From closing to open again; blinks last 0.1 to 0.4 s (VanderWerf et al. 2003, doi 10.1152/jn.00557.2002).
_LONGEST_S = 0.55
_CLOSED = 0.75  # share of the usual opening below which the mesh sees a blink
_UNLIKE = 0.6  # share of the usual likeness below which what lies between the lids is no open eye
_SUNK, _SUNK_MORE = 1.0, 1.5  # percent of the distance between the eyes that both lids sink; and in brows' motion
_AROUND_S = 0.05  # lids move before and after what is seen of it
_USUAL_S = 2.0
_EYES, _BROWS = ([REGIONS.index(name) for name in names] for names in (EYES, UPPER))
_EXPRESSIVE = [index for index, name in enumerate(REGIONS) if name not in EYES]
_LEFT = 0.5  # share of the way that a face goes from its first posture from which it has left that
_COUPLED = [index for index, name in enumerate(REGIONS) if name not in MOUTH]
_HEAD_HZ = 12.0
_ROUNDS = 3
# Percent of the distance between the eyes: a face further from rest shows more than its head's motion.
_FAR = 1.0
# Prior standard deviation of the coupling, percent for one pixel of head motion, and of what is to be explained,
# percent; samples that follow each other in about half a second are one.
_COUPLING, _NOISE, _TOGETHER = 0.12, 0.15, 6.0


def baseline(time_s: NDArray, displacement: NDArray, restful: NDArray | None = None) -> NDArray[np.float64]:
    """Return where each region rests at each time: (n, regions, 2).

    The posture in which a region spends most of the seconds around, not the median, which an expression that takes up
    half of a short recording would pull away. A face on its way from one posture to another leaves few samples at each
    place, one that rests leaves many at the same. A smile that is held leaves many, too: where it is known when a face
    may be at rest, only those samples count, and further away than `_REACH_S` from any it rests where it last did.

    Parameters
    ----------
    time_s
        (n,) evenly spaced.
    displacement
        (n, regions, 2) in percent of the distance between the eyes.
    restful
        (n,) bool: the samples that may be at rest; None for all.
    """
    count = len(time_s)
    rate = (count - 1) / max(time_s[-1] - time_s[0], 1e-9) if count > 1 else 1.0
    every = max(1, round(rate / _LOOKED_HZ))
    at = np.arange(0, count, every)
    mine = displacement
    if restful is not None and restful.any():
        at, mine = at[restful[at]], displacement[restful]
    if len(at) < 3:
        return np.repeat(np.median(mine, axis=0)[None], count, axis=0)
    looked, apart = displacement[at].astype(np.float32), time_s[at]
    asked = apart[::_ASKED]
    near = (np.abs(asked[:, None] - apart) <= _REACH_S).astype(np.float32)
    found = np.empty((len(asked), *displacement.shape[1:]), np.float32)
    for region in range(displacement.shape[1]):
        x, y = looked[:, region].T
        jitter = np.median(np.abs(np.diff(looked[:, region], axis=0)), axis=0).mean()
        width = max(_ALIKE, 2 * jitter)
        alike = np.exp(((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2) * np.float32(-0.5 / width**2))
        # How many samples around a time are like sample j, for all j around it; the best j is where it rests then.
        crowd = near @ alike
        crowd[near == 0] = -1
        members = alike[crowd.argmax(axis=1)] * near
        found[:, region] = (members @ looked[:, region]) / members.sum(axis=1, keepdims=True)
    smooth = gaussian_filter1d(found, _SLOW_S * rate / (every * _ASKED), axis=0, mode="nearest")
    flat = smooth.reshape(len(asked), -1).astype(np.float64)
    return np.stack([np.interp(time_s, asked, column) for column in flat.T], axis=1).reshape(displacement.shape)


def held_from_first(displacement: NDArray) -> NDArray[np.bool_]:
    """Return in which samples a face still holds the posture of the first, (n,): a run from it on.

    Parameters
    ----------
    displacement
        (n, regions, 2) in percent of the distance between the eyes, n at least 1.
    """
    far = np.linalg.norm(displacement - displacement[0], axis=2)[:, _EXPRESSIVE].max(axis=1)
    steady = median_filter(far, 3, mode="nearest")
    return np.logical_and.accumulate(steady <= _LEFT * np.quantile(far, 0.95))


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


def remove_head_motion(time_s: NDArray, displacement: NDArray, moved: NDArray, head: NDArray) -> NDArray[np.float64]:
    """Return the displacement less what goes with the head's motion.

    Least squares, drawn to zero where the head hardly moves. Samples in which any region is far from rest hardly count:
    an expression during which the head happens to move must not be taken for its effect.

    Parameters
    ----------
    time_s
        (n,) evenly spaced.
    displacement
        (n, regions, 2) percent of the distance between the eyes.
    moved
        (n, regions, 2) the same, less rest: what to learn from.
    head
        (n, 8) as `engine.features.region_motion.Motion` gives it.

    Returns
    -------
    ndarray
        (n, regions, 2), with an arbitrary zero.
    """
    count = len(time_s)
    flat = displacement.reshape(count, -1)
    rate = (count - 1) / max(time_s[-1] - time_s[0], 1e-9)
    at = np.arange(0, count, max(1, round(rate / _HEAD_HZ)))
    terms = _terms(head, np.median(head[at], axis=0))
    x, y = np.column_stack([terms[at], np.ones(len(at))]), moved[at].reshape(len(at), -1)
    ridge = np.full(x.shape[1], _TOGETHER * (_NOISE / _COUPLING) ** 2)
    ridge[-1] = 1e-6
    left = y
    for _ in range(_ROUNDS):
        far = np.linalg.norm(left.reshape(len(at), -1, 2), axis=2).max(axis=1)
        weight = 1 / (1 + (far / _FAR) ** 2) ** 2
        weighted = x * weight[:, None]
        coupling = np.linalg.solve(weighted.T @ x + np.diag(ridge), weighted.T @ y)
        left = y - x @ coupling
    return (flat - terms @ coupling[:-1]).reshape(displacement.shape)


def _terms(head: NDArray, usual: NDArray) -> NDArray[np.float64]:
    """Return the head's motion, and the squares of what turning does: (n, 11)."""
    away = head.astype(np.float64) - usual
    yaw, pitch = away[:, 2], away[:, 6]
    return np.column_stack([away, yaw * yaw / 5, pitch * pitch / 5, yaw * pitch / 5])
