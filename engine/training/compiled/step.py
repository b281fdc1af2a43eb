"""Steps of training on copies of a Keras model's weights and of its optimizer's moments."""

from functools import partial
from typing import Self

import keras
import numpy as np
import scipy.linalg.cython_blas  # noqa: F401, the library behind np.dot in compiled code, loaded before it is limited
from numpy.typing import NDArray

from engine.training.compiled import adam
from engine.training.compiled.network import Room, Weights, gradient
from engine.training.compiled.pair import Pair


class Half:
    """One half of each batch, with the room that it works in and the gradients that it writes."""

    def __init__(self, gradients: Weights) -> None:
        self._gradients = gradients
        self._rooms: dict[int, Room] = {}

    def run(self, weights: Weights, gray: NDArray, targets: NDArray, share: NDArray) -> tuple[float, int]:
        """Write the gradients; return the loss and how many answers are right, as `gradient` does."""
        if not len(gray):
            for values in self._gradients:
                values.fill(0)
            return 0.0, 0
        room = self._rooms.get(len(gray))
        if room is None:
            room = self._rooms[len(gray)] = Room.for_pictures(*targets.shape)
        return gradient(np.ascontiguousarray(gray), targets, share, weights, self._gradients, room)


class CompiledSteps:
    """Trains the paper's network in a ``with`` statement.

    The model's variables are read at the beginning and written by `write_back` only. A batch is worked on in two
    halves even where there is one core: so the same sums are made, with the same rounding, on any number of cores.

    Parameters
    ----------
    model
        `engine.models.cnn_lstm.paper_cnn_lstm` in float32, compiled with `keras.optimizers.Adam`, which is built.
    """

    def __init__(self, model: keras.Model) -> None:
        self._optimizer = model.optimizer
        own = self._optimizer.variables
        self._variables = (
            model.trainable_variables,
            [variable for variable in own if variable.name.endswith("_momentum")],
            [variable for variable in own if variable.name.endswith("_velocity")],
        )
        self._weights, self._momentum, self._velocity = map(_joined, self._variables)
        self._steps = int(self._optimizer.iterations)
        classes = model.output_shape[-1]
        self._views = Weights.of(self._weights, classes)
        gradients = np.zeros((2, self._weights.size), np.float32)
        self._halves = [Half(Weights.of(vector, classes)) for vector in gradients]
        vectors = self._weights, self._momentum, self._velocity, *gradients
        self._vector_halves = list(zip(*(np.array_split(vector, 2) for vector in vectors), strict=True))
        self._pair = Pair()

    def step(
        self, gray: NDArray[np.float32], targets: NDArray[np.float32], weights: NDArray[np.float32] | None = None
    ) -> tuple[float, int]:
        """Train on one batch.

        Parameters
        ----------
        gray
            (n, 48, 48, 1) float32.
        targets
            (n, classes) float32.
        weights
            (n,) float32, how much each picture's loss counts; None: all alike.

        Returns
        -------
        tuple
            The batch's mean loss before the step, and how many pictures were answered right.
        """
        share = np.full(len(gray), 1 / len(gray), np.float32)
        if weights is not None:
            share *= weights
        pieces = zip(*(np.array_split(values, 2) for values in (gray[..., 0], targets, share)), strict=True)
        results = self._pair.run(
            *(partial(half.run, self._views, *piece) for half, piece in zip(self._halves, pieces, strict=True))
        )
        self._steps += 1
        self._update(float(self._optimizer.learning_rate))
        return sum(loss for loss, _ in results), sum(right for _, right in results)

    def write_back(self) -> None:
        """Write weights, moments and the number of steps into the Keras variables."""
        for variables, vector in zip(self._variables, (self._weights, self._momentum, self._velocity), strict=True):
            ends = np.cumsum([np.prod(variable.shape) for variable in variables])
            for variable, values in zip(variables, np.split(vector, ends[:-1]), strict=True):
                variable.assign(values.reshape(variable.shape))
        self._optimizer.iterations.assign(self._steps)

    def _update(self, learning_rate: float) -> None:
        optimizer = self._optimizer
        rate = adam.corrected_rate(learning_rate, self._steps, optimizer.beta_1, optimizer.beta_2)
        constants = [
            np.float32(value) for value in (rate, 1 - optimizer.beta_1, 1 - optimizer.beta_2, optimizer.epsilon)
        ]
        self._pair.run(*(partial(adam.update, *half, *constants) for half in self._vector_halves))

    def __enter__(self) -> Self:
        self._pair.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._pair.__exit__(*exception)


def _joined(variables: list[keras.Variable]) -> NDArray[np.float32]:
    return np.concatenate([variable.numpy().reshape(-1) for variable in variables])
