"""Onset, apex and offset of a bump: an expression that rises, may stay, and goes.

Coders of micro-expressions mark the last moment at rest, the first of full strength and the first at rest again (Yan et
al. 2014, doi 10.1371/journal.pone.0086041). Between them the course is fitted as half a cosine up, a level, and half a
cosine down, so that the three are told to a fraction of a frame; the highest sample may lie anywhere along the level.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

_FITTED = 0.8  # share of the course's variance that the fit must tell
_AROUND = 0.35  # lengths of the bump that are looked at before and after
_HELD_COSTS = 0.02  # what a level costs for its length, against a peak that tells as much


@dataclass(frozen=True)
class Profile:
    """When a bump begins, is first at its height, and is over, in seconds; and the share of variance that explains."""

    onset_s: float
    apex_s: float
    offset_s: float
    r_squared: float


def fit_profile(time_s: NDArray, course: NDArray, onset_s: float, apex_s: float, offset_s: float) -> Profile:
    """Fit a bump.

    Parameters
    ----------
    time_s
        (n,).
    course
        (n,) about 0 at rest and 1 at its height.
    onset_s, apex_s, offset_s
        About where it begins, is highest and is over.

    Returns
    -------
    Profile
        The fit, or what was given where a bump of this form does not tell the course.
    """
    length = offset_s - onset_s
    near = (time_s >= onset_s - _AROUND * length) & (time_s <= offset_s + _AROUND * length)
    t, y = time_s[near], course[near]
    given = Profile(onset_s, apex_s, offset_s, 0.0)
    if len(t) < 6 or not onset_s < apex_s < offset_s:
        return given
    step = (t[-1] - t[0]) / (len(t) - 1)
    fits = []
    for hold in (0.02, 0.4):
        flank = 1 - hold / 2
        start = np.array([onset_s, (apex_s - onset_s) * flank, hold * length, (offset_s - apex_s) * flank, 1.0])
        low = [t[0], 0.5 * step, 0.0, 0.5 * step, 0.3]
        high = [apex_s, 1.5 * length, 1.5 * length, 1.5 * length, 2.0]
        start = np.clip(start, np.array(low) + 1e-6, np.array(high) - 1e-6)
        held = _HELD_COSTS * np.sqrt(len(t)) / length
        fits.append(
            least_squares(
                lambda p, held=held: np.append(bump(t, *p) - y, held * p[2]),
                start,
                bounds=(low, high),
                max_nfev=40,
                x_scale="jac",
            )
        )
    best = min(fits, key=lambda fit: fit.cost)
    onset, rise, hold, fall, _ = best.x
    r_squared = 1 - ((bump(t, *best.x) - y) ** 2).sum() / max(((y - y.mean()) ** 2).sum(), 1e-12)
    if r_squared < _FITTED:
        return given
    return Profile(float(onset), float(onset + rise), float(onset + rise + hold + fall), float(r_squared))


def bump(time_s: NDArray, onset: float, rise: float, hold: float, fall: float, height: float) -> NDArray[np.float64]:
    """Return half a cosine up, a level, and half a cosine down, at some times; all in seconds but the height."""
    up = np.clip((time_s - onset) / rise, 0, 1)
    down = np.clip((onset + rise + hold + fall - time_s) / fall, 0, 1)
    return height * 0.5 * (1 - np.cos(np.pi * np.minimum(up, down)))
