"""What a face does as a whole between two pictures: it moves, turns and comes closer, which is no expression."""

import numpy as np

_ROUNDS = 3
_POINTS = 32  # along a side: enough to fit four numbers


def global_motion(flow: np.ndarray) -> np.ndarray:
    """Return the motion of the face as a whole: moved, turned and scaled, as most of its pixels say.

    Least squares on the half of the pixels that agree best, three times over, so that what an expression moves does not
    count (least trimmed squares: P. J. Rousseeuw 1984, doi 10.1080/01621459.1984.10477105).

    Parameters
    ----------
    flow
        (height, width, 2) float32 in pixels, as `engine.features.optical_flow.dense_flow` returns it.

    Returns
    -------
    numpy.ndarray
        (2, 3) float64: moves points of the first picture as most of the face moves.
    """
    step = max(1, min(flow.shape[:2]) // _POINTS)
    wanted = flow[::step, ::step].reshape(-1, 2).astype(float)
    # The first pixel's centre lies at (0.5, 0.5), see `engine.faces.sampling`.
    y, x = (each.ravel() + 0.5 for each in np.mgrid[: flow.shape[0] : step, : flow.shape[1] : step])
    one, none = np.ones_like(x), np.zeros_like(x)
    # u = a x - b y + c and v = b x + a y + d.
    terms = np.stack([np.stack([x, -y, one, none], 1), np.stack([y, x, none, one], 1)], 1)
    best = np.ones(len(x), bool)
    for _ in range(_ROUNDS):
        solved = np.linalg.lstsq(terms[best].reshape(-1, 4), wanted[best].reshape(-1), rcond=None)[0]
        off = np.linalg.norm(wanted - terms @ solved, axis=1)
        best = off <= np.median(off)
    a, b, c, d = solved
    return np.array([[1 + a, -b, c], [b, 1 + a, d]])


def motion_as_flow(motion: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a (2, 3) motion as a flow: (height, width, 2) float32 in pixels."""
    y, x = np.mgrid[:height, :width] + 0.5
    points = np.stack([x, y], 2)
    return (points @ motion[:, :2].T + motion[:, 2] - points).astype(np.float32)
