"""The paper's network: its weights as views of one vector, and its gradient for some pictures, compiled."""

from typing import NamedTuple, Self

import numpy as np
from numba import njit, uintp
from numpy.typing import NDArray

from engine.features.lbp_kernels import code_squares
from engine.training.compiled import dense, first_convolution, recurrent, second_convolution

STEPS, LSTM_UNITS, SIMPLE_UNITS, DENSE_UNITS = 6, 50, 30, 128
_FIRST, _SECOND = first_convolution.CHANNELS, second_convolution.CHANNELS
_ROW = STEPS * _SECOND

Array = NDArray[np.float32]


class Weights(NamedTuple):
    """The network's weights, or their gradients, in the order in which Keras lists them."""

    first_kernel: Array
    first_bias: Array
    second_kernel: Array
    second_bias: Array
    lstm_kernel: Array
    lstm_recurrent: Array
    lstm_bias: Array
    simple_kernel: Array
    simple_recurrent: Array
    simple_bias: Array
    dense_kernel: Array
    dense_bias: Array
    last_kernel: Array
    last_bias: Array

    @classmethod
    def of(cls, vector: Array, class_count: int) -> Self:
        """Return views of a vector of all weights, one after the other."""
        shapes = (
            *((9, _FIRST), (_FIRST,)),
            *((3, 3 * _FIRST, _SECOND), (_SECOND,)),
            *((_ROW, 4 * LSTM_UNITS), (LSTM_UNITS, 4 * LSTM_UNITS), (4 * LSTM_UNITS,)),
            *((LSTM_UNITS, SIMPLE_UNITS), (SIMPLE_UNITS, SIMPLE_UNITS), (SIMPLE_UNITS,)),
            *((SIMPLE_UNITS, DENSE_UNITS), (DENSE_UNITS,)),
            *((DENSE_UNITS, class_count), (class_count,)),
        )
        ends = np.cumsum([np.prod(shape) for shape in shapes])
        return cls(*(part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), shapes, strict=True)))


class Room(NamedTuple):
    """What the layers write while some pictures go through them; the borders of planes and maps stay zero."""

    codes: NDArray[np.uint8]
    planes: Array
    first: Array
    first_winner: NDArray[np.int32]
    first_gradient: Array
    windows: Array
    sums: Array
    second_winner: NDArray[np.int32]
    kernel_by_channel: Array
    kernel_gradient_by_channel: Array
    sequence: Array
    sequence_gradient: Array
    gates: Array
    cell: Array
    lstm: Array
    lstm_gradient: Array
    simple: Array
    simple_gradient: Array
    last_gradient: Array
    dense: Array
    dense_gradient: Array
    logits: Array

    @classmethod
    def for_pictures(cls, n: int, class_count: int) -> Self:
        """Make room for n pictures."""
        side, inner = first_convolution.SIDE, first_convolution.POOLED

        def zeros(*shape: int) -> Array:
            return np.zeros(shape, np.float32)

        return cls(
            codes=np.zeros((n, side, side), np.uint8),
            planes=zeros(n, side + 2, side + 2),
            first=zeros(n, inner + 2, inner + 2, _FIRST),
            first_winner=np.zeros((n, inner, inner, _FIRST), np.int32),
            first_gradient=zeros(inner + 2, inner + 2, _FIRST),
            windows=zeros(inner + 2, inner, 3 * _FIRST),
            sums=zeros(3, inner * inner, _SECOND),
            second_winner=np.zeros((n, STEPS, STEPS, _SECOND), np.int32),
            kernel_by_channel=zeros(_SECOND, 3, 3 * _FIRST),
            kernel_gradient_by_channel=zeros(_SECOND, 3, 3 * _FIRST),
            sequence=zeros(STEPS, n, STEPS, _SECOND),
            sequence_gradient=zeros(STEPS, n, STEPS, _SECOND),
            gates=zeros(STEPS, n, 4 * LSTM_UNITS),
            cell=zeros(STEPS, n, LSTM_UNITS),
            lstm=zeros(STEPS, n, LSTM_UNITS),
            lstm_gradient=zeros(STEPS, n, LSTM_UNITS),
            simple=zeros(STEPS, n, SIMPLE_UNITS),
            simple_gradient=zeros(STEPS, n, SIMPLE_UNITS),
            last_gradient=zeros(n, SIMPLE_UNITS),
            dense=zeros(n, DENSE_UNITS),
            dense_gradient=zeros(n, DENSE_UNITS),
            logits=zeros(n, class_count),
        )


@njit(cache=True, nogil=True)
def gradient(gray: Array, targets: Array, share: Array, weights: Weights, gradients: Weights, room: Room) -> tuple:
    """Write the gradients of some pictures' loss.

    Parameters
    ----------
    gray
        (n, 48, 48) float32, at least one picture.
    targets
        (n, classes) float32.
    share
        (n,) float32, how much each picture's loss counts in the sum.
    weights, gradients
        Read and written.
    room
        For as many pictures.

    Returns
    -------
    tuple
        Loss, and how many pictures are answered right.
    """
    _forwards(gray, weights, room)
    loss, right = dense.cross_entropy(room.logits, targets, share)
    _backwards(weights, gradients, room)
    return loss, right


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def _forwards(gray: Array, weights: Weights, room: Room) -> None:
    """Fill ``room`` from the pictures' LBP codes up to the logits."""
    w = weights
    code_squares(gray, room.codes)
    for n in range(len(gray)):
        first_convolution.pad_codes(room.codes[n], room.planes[n])
        first_convolution.forwards(room.planes[n], w.first_kernel, w.first_bias, room.first[n], room.first_winner[n])
        second_convolution.forwards(
            *(room.first[n], w.second_kernel, w.second_bias, room.windows, room.sums),
            *(room.sequence[:, n], room.second_winner[n]),
        )
    recurrent.lstm_forwards(
        room.sequence, w.lstm_kernel, w.lstm_recurrent, w.lstm_bias, room.gates, room.cell, room.lstm
    )
    recurrent.simple_forwards(room.lstm, w.simple_kernel, w.simple_recurrent, w.simple_bias, room.simple)
    dense.forwards(room.simple[-1], w.dense_kernel, w.dense_bias, room.dense)
    dense.relu(room.dense)
    dense.forwards(room.dense, w.last_kernel, w.last_bias, room.logits)


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def _backwards(weights: Weights, gradients: Weights, room: Room) -> None:
    """From the logits' gradient, which stands in their place, back to the first kernel."""
    w, g = weights, gradients
    dense.backwards(room.dense, w.last_kernel, room.logits, room.dense_gradient, g.last_kernel, g.last_bias)
    dense.relu_backwards(room.dense, room.dense_gradient)
    dense.backwards(
        room.simple[-1], w.dense_kernel, room.dense_gradient, room.last_gradient, g.dense_kernel, g.dense_bias
    )
    recurrent.simple_backwards(
        *(w.simple_kernel, w.simple_recurrent, room.simple),
        *(room.last_gradient, room.simple_gradient, room.lstm_gradient),
    )
    recurrent.weight_gradients(
        room.lstm, room.simple, room.simple_gradient, g.simple_kernel, g.simple_recurrent, g.simple_bias
    )
    recurrent.lstm_backwards(
        w.lstm_kernel, w.lstm_recurrent, room.gates, room.cell, room.lstm_gradient, room.sequence_gradient
    )
    recurrent.weight_gradients(room.sequence, room.lstm, room.gates, g.lstm_kernel, g.lstm_recurrent, g.lstm_bias)
    _convolutions_backwards(w, g, room)


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def _convolutions_backwards(weights: Weights, gradients: Weights, room: Room) -> None:
    """Go back through the convolutions, picture by picture, with the second one's kernel turned channel first."""
    g = gradients
    turn(weights.second_kernel.reshape(-1, _SECOND), room.kernel_by_channel.reshape(_SECOND, -1))
    room.kernel_gradient_by_channel.fill(0)
    g.first_kernel.fill(0)
    g.first_bias.fill(0)
    g.second_bias.fill(0)
    for n in range(len(room.first)):
        second_convolution.backwards(
            *(room.first[n], room.kernel_by_channel, room.sequence[:, n], room.second_winner[n]),
            *(room.sequence_gradient[:, n], room.first_gradient, room.kernel_gradient_by_channel, g.second_bias),
        )
        first_convolution.backwards(
            room.planes[n], room.first[n], room.first_winner[n], room.first_gradient, g.first_kernel, g.first_bias
        )
    turn(room.kernel_gradient_by_channel.reshape(_SECOND, -1), g.second_kernel.reshape(-1, _SECOND))


@njit(cache=True, nogil=True)
def turn(matrix: Array, out: Array) -> None:
    """Write the transpose of ``matrix`` to ``out``."""
    for row in range(len(matrix)):
        for column in range(uintp(len(out))):
            out[column, row] = matrix[row, column]
