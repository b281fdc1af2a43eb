"""Where each region of a face rests: what its motion is measured from."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

_LOOKED_HZ = 6.0  # so often a second a sample is taken to find where the region rests
_REACH_S = 10.0  # to both sides: a resting face may change within this, an expression must not last twice as long
_ALIKE = 0.35  # percent of the distance between the eyes: samples so near to one another are the same posture
_SLOW_S = 1.0  # how gently rest may move


def rest(time_s: NDArray, displacement: NDArray) -> NDArray[np.float64]:
    """Return where each region rests at each time: (n, regions, 2).

    The posture in which a region spends most of the seconds around, not the median, which an expression that takes up
    half of a short recording would pull away. A face on its way from one posture to another leaves few samples at each
    place, one that rests leaves many at the same.

    Parameters
    ----------
    time_s
        (n,) evenly spaced.
    displacement
        (n, regions, 2) in percent of the distance between the eyes.
    """
    count = len(time_s)
    rate = (count - 1) / max(time_s[-1] - time_s[0], 1e-9) if count > 1 else 1.0
    every = max(1, round(rate / _LOOKED_HZ))
    at = np.arange(0, count, every)
    if len(at) < 3:
        return np.repeat(np.median(displacement, axis=0)[None], count, axis=0)
    looked = displacement[at]
    apart = time_s[at]
    near = (np.abs(apart[:, None] - apart) <= _REACH_S).astype(np.float64)
    found = np.empty_like(looked)
    for region in range(displacement.shape[1]):
        here = looked[:, region]
        jitter = np.median(np.abs(np.diff(here, axis=0)), axis=0).mean()
        width = max(_ALIKE, 2 * jitter)
        alike = np.exp(-((here[:, None] - here) ** 2).sum(axis=2) / (2 * width * width))
        # How many samples around time i are like sample j, for all j around it; the best j is where it rests then.
        crowd = near @ alike
        crowd[near == 0] = -1
        best = crowd.argmax(axis=1)
        members = alike[best] * near
        found[:, region] = (members @ here) / members.sum(axis=1, keepdims=True)
    smooth = gaussian_filter1d(found, _SLOW_S * rate / every, axis=0, mode="nearest")
    flat = smooth.reshape(len(at), -1)
    return np.stack([np.interp(time_s, apart, column) for column in flat.T], axis=1).reshape(displacement.shape)
