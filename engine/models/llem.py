"""LLEM, the low-light enhancement module: a small network that draws brightness curves for each pixel of a gray face.

AGMENet (doi 10.5281/zenodo.13933725) names the module without describing it. (our choice) It follows Zero-DCE (Guo et
al. 2020, doi 10.1109/CVPR42600.2020.00185) with one curve map an iteration, since gray has one channel where colour
has three, and with a look at the picture that does not depend on its light.
"""

from typing import Any

import keras
from keras import layers, ops

ITERATIONS = 8
"""How often the curve is applied, each time with a map of its own."""

FILTERS = 32
"""Of each of the first six convolutions."""

FLOOR = 0.5 / 255
"""Half a gray level: the curve keeps 0 at 0, and a black pixel of a dark picture is only known to be below this."""


@keras.saving.register_keras_serializable("neuromer")
class LightCurves(keras.layers.Layer):
    """Apply ``LE(x) = x + a x (1 - x)`` once for each curve map a, pixel by pixel.

    For a in -1..1 the curve is monotone in x, keeps 0 and 1, and stays within 0..1; a = 0 changes nothing, a > 0
    brightens. Takes a picture (batch, height, width, 1) in 0..1 and maps (batch, height, width, iterations) in -1..1;
    always float32. Equations 1 to 3 of Guo et al. 2020.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, gray: keras.KerasTensor, curves: keras.KerasTensor) -> keras.KerasTensor:
        """Bend the brightness once a map, in the order of the maps."""
        for at in range(curves.shape[-1]):
            gray = gray + curves[..., at : at + 1] * gray * (1 - gray)
        return gray


@keras.saving.register_keras_serializable("neuromer")
class Above(keras.layers.Layer):
    """Raise what lies below `FLOOR` to it: (batch, height, width, 1) to the same shape, float32."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, gray: keras.KerasTensor) -> keras.KerasTensor:
        """Take the larger of the two."""
        return ops.maximum(gray, FLOOR)


@keras.saving.register_keras_serializable("neuromer")
class LightAndPattern(keras.layers.Layer):
    """Two planes: the picture divided by twice its mean, and the root of its mean everywhere.

    The first looks alike in any light, the second tells how much light there was, which no pixel's neighbourhood can
    tell from a dark coat. (our choice) Input (batch, height, width, 1), output (batch, height, width, 2), float32.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, gray: keras.KerasTensor) -> keras.KerasTensor:
        """Measure the mean over height and width and divide by it."""
        mean = ops.mean(gray, axis=(1, 2, 3), keepdims=True)
        return ops.concatenate([gray / (2 * mean + 1e-6), ops.sqrt(mean) * ops.ones_like(gray)], axis=-1)


def build_llem(height: int | None = None, width: int | None = None) -> keras.Model:
    """Build the network: seven convolutions 3×3 with symmetric concatenations, eight curve maps; 69,896 parameters.

    Convolution 5 sees 3 beside 4, convolution 6 sees 2 beside 5, convolution 7 sees 1 beside 6. Nothing is pooled, so
    that neighbours stay neighbours: a pixel's curve depends on the 15×15 pixels around it and on the picture's mean.
    So it can also smooth noise: it lifts a pixel more where noise has made it darker than its surroundings. The last
    convolution starts near 0, where the picture comes out as it went in.

    Parameters
    ----------
    height, width
        Of the pictures, in pixels; any size for None.

    Returns
    -------
    keras.Model
        (batch, height, width, 1) float in 0..1 to the same shape, float32 in 0..1. The layer ``curves`` holds the maps,
        (batch, height, width, 8) in -1..1.
    """
    gray = keras.Input((height, width, 1), name="gray")
    floored = Above(name="above_black")(gray)
    first = _convolution(LightAndPattern(name="light_and_pattern")(floored), 1)
    second = _convolution(first, 2)
    third = _convolution(second, 3)
    fourth = _convolution(third, 4)
    fifth = _convolution(layers.Concatenate()([third, fourth]), 5)
    sixth = _convolution(layers.Concatenate()([second, fifth]), 6)
    curves = layers.Conv2D(
        ITERATIONS,
        3,
        padding="same",
        activation="tanh",
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
        name="curves",
        dtype="float32",
    )(layers.Concatenate()([first, sixth]))
    enhanced = LightCurves(name="enhanced")(floored, curves)
    return keras.Model(gray, enhanced, name="llem")


def _convolution(x: keras.KerasTensor, number: int) -> keras.KerasTensor:
    return layers.Conv2D(
        FILTERS, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=f"convolution_{number}"
    )(x)
