"""What of the regions' motion goes with the head's, and is not an expression's.

The head is fitted as a rigid body with the mesh's depth. Where that depth is a little wrong, or a region's texture
lies on something that does not turn with the face, a region seems to move whenever the head does. That part is a smooth
function of how the head is held, so it is learnt from the seconds at hand and taken out.
"""

import numpy as np
from numpy.typing import NDArray

_LOOKED_HZ = 12.0
_ROUNDS = 3
_EXPRESSIVE = (
    1.0  # percent of the distance between the eyes: a face further from rest shows more than its head's motion
)
# Prior standard deviation of the coupling, percent for one pixel of head motion, and of what is to be explained,
# percent; samples that follow each other in about half a second are one.
_COUPLING, _NOISE, _TOGETHER = 0.12, 0.15, 6.0


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
    at = np.arange(0, count, max(1, round(rate / _LOOKED_HZ)))
    terms = _terms(head, np.median(head[at], axis=0))
    x, y = np.column_stack([terms[at], np.ones(len(at))]), moved[at].reshape(len(at), -1)
    ridge = np.full(x.shape[1], _TOGETHER * (_NOISE / _COUPLING) ** 2)
    ridge[-1] = 1e-6
    left = y
    for _ in range(_ROUNDS):
        far = np.linalg.norm(left.reshape(len(at), -1, 2), axis=2).max(axis=1)
        weight = 1 / (1 + (far / _EXPRESSIVE) ** 2) ** 2
        weighted = x * weight[:, None]
        coupling = np.linalg.solve(weighted.T @ x + np.diag(ridge), weighted.T @ y)
        left = y - x @ coupling
    return (flat - terms @ coupling[:-1]).reshape(displacement.shape)


def _terms(head: NDArray, usual: NDArray) -> NDArray[np.float64]:
    """Return the head's motion, and the squares of what turning does: (n, 11)."""
    away = head.astype(np.float64) - usual
    yaw, pitch = away[:, 2], away[:, 6]
    return np.column_stack([away, yaw * yaw / 5, pitch * pitch / 5, yaw * pitch / 5])
