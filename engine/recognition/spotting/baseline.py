"""The baseline: where each region of a face rests, from which its motion is measured."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

_LOOKED_HZ = 6.0  # so often a second a sample is taken to find where the region rests
_ASKED = 2  # of so many of these samples, it is asked at one
_REACH_S = 10.0  # to both sides: a resting face may change within this, an expression must not last twice as long
_ALIKE = 0.35  # percent of the distance between the eyes: samples so near to one another are the same posture
_SLOW_S = 1.0  # how gently rest may move


def baseline(time_s: NDArray, displacement: NDArray) -> NDArray[np.float64]:
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
