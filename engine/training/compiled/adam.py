"""Adam over one vector of all weights, compiled: Kingma and Ba 2015 (arXiv 1412.6980), in Keras' form."""

import numpy as np
from numba import njit, uintp
from numpy.typing import NDArray


@njit(cache=True, nogil=True, fastmath={"contract"})
def update(
    weights: NDArray[np.float32],
    momentum: NDArray[np.float32],
    velocity: NDArray[np.float32],
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    rate: np.float32,
    keep_1: np.float32,
    keep_2: np.float32,
    epsilon: np.float32,
) -> None:
    """Change weights and moments, (p,) each, by the sum of two gradients, ``first`` and ``second``.

    ``rate`` holds the bias corrections already (`corrected_rate`), so that epsilon is the paper's "epsilon hat";
    ``keep_1`` and ``keep_2`` are 1 - beta.
    """
    for i in range(uintp(weights.size)):
        gradient = first[i] + second[i]
        momentum[i] += keep_1 * (gradient - momentum[i])
        velocity[i] += keep_2 * (gradient * gradient - velocity[i])
        weights[i] -= rate * momentum[i] / (np.sqrt(velocity[i]) + epsilon)


def corrected_rate(rate: float, step: int, beta_1: float, beta_2: float) -> float:
    """Return the learning rate with both bias corrections for a step, counted from 1."""
    return rate * (1 - beta_2**step) ** 0.5 / (1 - beta_1**step)
