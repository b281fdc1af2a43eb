"""Layers for networks that read several frames: one picture network for all of them, and places in face and time."""

from typing import Any

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("neuromer")
class FramesAsPictures(keras.layers.Layer):
    """Lay the frames of all clips in one batch: (batch, frames, ...) to (batch × frames, ...)."""

    def call(self, clips: keras.KerasTensor) -> keras.KerasTensor:
        """Join the first two axes."""
        return ops.reshape(clips, (-1, *clips.shape[2:]))


@keras.saving.register_keras_serializable("neuromer")
class PicturesAsFrames(keras.layers.Layer):
    """Undo `FramesAsPictures`: (batch × frames, ...) to (batch, frames, ...).

    Parameters
    ----------
    frames
        Number of frames of a clip.
    """

    def __init__(self, frames: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.frames = frames

    def call(self, pictures: keras.KerasTensor) -> keras.KerasTensor:
        """Split the first axis."""
        return ops.reshape(pictures, (-1, self.frames, *pictures.shape[1:]))

    def get_config(self) -> dict[str, Any]:
        """Return what the layer is made from."""
        return {**super().get_config(), "frames": self.frames}


@keras.saving.register_keras_serializable("neuromer")
class BesideChange(keras.layers.Layer):
    """Each frame beside its difference to the clip's first one: (batch, frames, ..., c) to (batch, frames, ..., 2c)."""

    def call(self, clips: keras.KerasTensor) -> keras.KerasTensor:
        """Append the differences as channels."""
        return ops.concatenate([clips, clips - clips[:, :1]], axis=-1)


@keras.saving.register_keras_serializable("neuromer")
class Regions(keras.layers.Layer):
    """Cut maps into a grid and take the mean of each cell: (batch, height, width, c) to (batch, rows × columns, c).

    Any size: a pixel that two cells share counts in each by its share.

    Parameters
    ----------
    rows, columns
        Of the grid; cells are numbered row by row.
    """

    def __init__(self, rows: int, columns: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows, self.columns = rows, columns

    def call(self, maps: keras.KerasTensor) -> keras.KerasTensor:
        """Average over the cells."""
        _, height, width, channels = maps.shape
        shares = np.einsum("rh,cw->rchw", _shares(self.rows, height), _shares(self.columns, width))
        shares = ops.convert_to_tensor(shares.reshape(self.rows * self.columns, height * width), maps.dtype)
        return ops.matmul(shares, ops.reshape(maps, (-1, height * width, channels)))

    def get_config(self) -> dict[str, Any]:
        """Return what the layer is made from."""
        return {**super().get_config(), "rows": self.rows, "columns": self.columns}


@keras.saving.register_keras_serializable("neuromer")
class Places(keras.layers.Layer):
    """Add to each token a learned vector for its frame and one for its region: (batch, frames, regions, size) kept."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the vectors, small at first."""
        _, frames, regions, size = input_shape
        small = keras.initializers.RandomNormal(stddev=0.02)
        self.time = self.add_weight(shape=(frames, 1, size), initializer=small, name="time")
        self.region = self.add_weight(shape=(regions, size), initializer=small, name="region")

    def call(self, tokens: keras.KerasTensor) -> keras.KerasTensor:
        """Add both."""
        return tokens + self.time + self.region


def _shares(cells: int, size: int) -> np.ndarray:
    """Return the share of each pixel in the mean of each cell along one axis: (cells, size), rows summing to 1."""
    edges = np.arange(cells + 1) * size / cells
    pixels = np.arange(size)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return (np.maximum(overlap, 0) * cells / size).astype(np.float32)
