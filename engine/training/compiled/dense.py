"""Dense layers, softmax and cross-entropy (equations 12 and 13 of the paper), forwards and backwards, compiled."""

import numpy as np
from numba import njit, uintp
from numpy.typing import NDArray

ZERO = np.float32(0)


@njit(cache=True, nogil=True)
def forwards(
    values: NDArray[np.float32], kernel: NDArray[np.float32], bias: NDArray[np.float32], out: NDArray[np.float32]
) -> None:
    """Write ``values`` (n, D) times ``kernel`` (D, U) plus ``bias`` (U,) to ``out`` (n, U)."""
    np.dot(values, kernel, out)
    for n in range(len(out)):
        add(bias, out[n])


@njit(cache=True, nogil=True)
def backwards(
    values: NDArray[np.float32],
    kernel: NDArray[np.float32],
    gradient: NDArray[np.float32],
    values_gradient: NDArray[np.float32],
    kernel_gradient: NDArray[np.float32],
    bias_gradient: NDArray[np.float32],
) -> None:
    """From the ``gradient`` (n, U) of what went out, write those of what came in (n, D), kernel and bias."""
    np.dot(gradient, kernel.T, values_gradient)
    np.dot(values.T, gradient, kernel_gradient)
    sum_rows(gradient, bias_gradient)


@njit(cache=True, nogil=True)
def relu(values: NDArray[np.float32]) -> None:
    """Set what is below 0 to 0."""
    flat = values.reshape(-1)
    for i in range(uintp(flat.size)):
        flat[i] = max(flat[i], ZERO)


@njit(cache=True, nogil=True)
def relu_backwards(values: NDArray[np.float32], gradient: NDArray[np.float32]) -> None:
    """Set the ``gradient`` to 0 where ``values``, after ReLU, are 0."""
    flat, flat_gradient = values.reshape(-1), gradient.reshape(-1)
    for i in range(uintp(flat.size)):
        flat_gradient[i] = flat_gradient[i] if flat[i] > ZERO else ZERO


@njit(cache=True, nogil=True)
def cross_entropy(
    logits: NDArray[np.float32], targets: NDArray[np.float32], share: NDArray[np.float32]
) -> tuple[float, int]:
    """Return the loss and how many pictures are answered right; turn ``logits`` (n, classes) into their gradient.

    The loss is the sum over pictures of ``share`` (n,) times -sum(target log softmax(logits)); its gradient is
    share × (softmax × sum(target) - target).
    """
    loss, right = 0.0, 0
    pictures, classes = logits.shape
    for n in range(pictures):
        row, target = logits[n], targets[n]
        right += row.argmax() == target.argmax()
        highest, total, mass = row.max(), ZERO, ZERO
        for k in range(classes):
            row[k] -= highest
            total += np.exp(row[k])
            mass += target[k]
        for k in range(classes):
            loss -= share[n] * target[k] * (row[k] - np.log(total))
            row[k] = share[n] * (np.exp(row[k]) / total * mass - target[k])
    return loss, right


@njit(cache=True, nogil=True)
def add(values: NDArray[np.float32], to: NDArray[np.float32]) -> None:
    """Add ``values`` to ``to``, two arrays of one shape."""
    flat_values, flat_to = values.reshape(-1), to.reshape(-1)
    for i in range(uintp(flat_to.size)):
        flat_to[i] += flat_values[i]


@njit(cache=True, nogil=True)
def sum_rows(values: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Write the sum of ``values`` (n, U) over n to ``out`` (U,)."""
    out.fill(ZERO)
    for n in range(len(values)):
        add(values[n], out)
