"""Layers of NeuroMER's own, written with ``keras.ops`` so that they run on every Keras backend."""

from typing import Any

import keras
from keras import ops

_CLOCKWISE = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))


@keras.saving.register_keras_serializable("neuromer")
class LBPPlanes(keras.layers.Layer):
    """The eight bits of the 3×3 local binary pattern as eight planes of 0 and 1.

    Bit i is 1 where neighbour i is strictly greater than the centre (equations 4 and 5 of the reference paper,
    doi 10.51846/vol7iss4pp173-182). Neighbours go clockwise from the top left and the border is replicated, as in
    `engine.features.lbp.lbp_3x3`. Computed inside the network, so that training and answering cannot differ.

    Input (batch, height, width, 1), output (batch, height, width, 8); always float32, since the comparison would lose
    equal neighbours in half precision. Nothing flows back through a comparison.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, gray: keras.KerasTensor) -> keras.KerasTensor:
        """Compare each pixel with its eight neighbours."""
        height, width = gray.shape[1:3]
        padded = ops.concatenate([gray[:, :1], gray, gray[:, -1:]], axis=1)
        padded = ops.concatenate([padded[:, :, :1], padded, padded[:, :, -1:]], axis=2)
        neighbours = [padded[:, row : row + height, column : column + width] for row, column in _CLOCKWISE]
        return ops.cast(ops.concatenate(neighbours, axis=-1) > gray, "float32")


@keras.saving.register_keras_serializable("neuromer")
class LBPCodes(keras.layers.Layer):
    """Eight planes of 0 and 1 to one plane of codes, divided by 255: values in 0..1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, planes: keras.KerasTensor) -> keras.KerasTensor:
        """Sum the planes, plane i weighted with 2^i / 255."""
        weights = ops.convert_to_tensor([2.0**bit / 255 for bit in range(8)], dtype="float32")
        return ops.sum(planes * weights, axis=-1, keepdims=True)


@keras.saving.register_keras_serializable("neuromer")
class Standardise(keras.layers.Layer):
    """Each picture less its mean, divided by its standard deviation: the same face in other light looks the same."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, gray: keras.KerasTensor) -> keras.KerasTensor:
        """Standardise over height and width; 0.02 keeps a flat picture from becoming pure noise."""
        centred = gray - ops.mean(gray, axis=(1, 2, 3), keepdims=True)
        deviation = ops.sqrt(ops.mean(centred * centred, axis=(1, 2, 3), keepdims=True))
        return centred / (deviation + 0.02)


@keras.saving.register_keras_serializable("neuromer")
class MeanOver(keras.layers.Layer):
    """The mean over some axes: for what is read out of a network that may have been loaded.

    There a bare operation could be given a name that one within the network has already.

    Parameters
    ----------
    axes
        That are averaged over and fall away; counted from the front, the batch being 0.
    """

    def __init__(self, axes: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axes = tuple(axes)

    def call(self, values: keras.KerasTensor) -> keras.KerasTensor:
        """Average."""
        return ops.mean(values, axis=self.axes)

    def get_config(self) -> dict[str, Any]:
        """Return what the layer is made from."""
        return {**super().get_config(), "axes": self.axes}
