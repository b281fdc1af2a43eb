"""LEARNet: the lateral accretive hybrid network that reads a micro-expression from one dynamic image.

References
----------
.. [1] Verma, Vipparthi, Singh, Murala, "LEARNet: Dynamic imaging network for micro expression recognition", IEEE
       Transactions on Image Processing 29, 2020, doi:10.1109/TIP.2019.2912358.
"""

import keras
from keras import layers

from engine.models.layers import MeanOver

SHAPE = (112, 112, 3)
"""Height, width and channels of the dynamic image that it is described for."""

STAGES = ("stem", "level_1", "level_2", "level_3", "hybrid")
"""Where `responses` looks, from the picture inwards."""


def learnet(class_count: int = 8, shape: tuple[int, int, int] = SHAPE) -> keras.Model:
    """Build the network of [1]_: a stem and four branches of three convolutions, two of which take in their neighbour.

    Every convolution is followed by ReLU, pads to 'same' and takes every second pixel. Stem 16@3×3; each branch 16@1×1,
    32@3×3, 64@5×5. Branches 1 and 3 are plain; branch 2 adds what branch 1 found, on two levels, and so does branch 4
    with branch 3; the sums are normalised. The four are joined and normalised, then 256@3×3, 256 units, half of them
    dropped while training. 1,867,528 parameters at eight classes and 112×112×3.

    Parameters
    ----------
    class_count
        Number of expressions.
    shape
        Height, width and channels of the picture.

    Returns
    -------
    keras.Model
        (batch, *shape) float, about -1..1 with 0 for what did not move, to (batch, class_count) float32 probabilities.
        The layer ``embedding`` holds what the last layer decides by.
    """
    picture = keras.Input(shape, name="picture")
    stem = _convolution(picture, 16, 3, "stem")
    joined = []
    for plain, fed in ((1, 2), (3, 4)):
        plain_1 = _convolution(stem, 16, 1, f"branch_{plain}_level_1")
        plain_2 = _convolution(plain_1, 32, 3, f"branch_{plain}_level_2")
        joined.append(_convolution(plain_2, 64, 5, f"branch_{plain}_level_3"))
        x = _accrete(plain_1, _convolution(stem, 16, 1, f"branch_{fed}_level_1"))
        x = _accrete(plain_2, _convolution(x, 32, 3, f"branch_{fed}_level_2"))
        joined.append(_convolution(x, 64, 5, f"branch_{fed}_level_3"))
    x = layers.BatchNormalization(momentum=0.9)(layers.Concatenate()(joined))
    x = layers.Flatten()(_convolution(x, 256, 3, "hybrid"))
    embedding = layers.Dense(256, activation="relu", name="embedding")(x)
    x = layers.Dropout(0.5)(embedding)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(picture, probabilities, name="learnet")


def responses(model: keras.Model) -> dict[str, keras.KerasTensor]:
    """Return where each stage of a LEARNet responds: the mean over filters and branches of what ReLU lets through.

    Parameters
    ----------
    model
        As `learnet` builds it; may be trained or loaded.

    Returns
    -------
    dict
        ``response_`` and each of `STAGES`: a tensor of the model's graph, (batch, height, width), at least 0; each
        stage is half as high and wide as the one before.
    """
    return {f"response_{stage}": _mean_response(model, stage) for stage in STAGES}


def _mean_response(model: keras.Model, stage: str) -> keras.KerasTensor:
    names = [f"branch_{branch}_{stage}" for branch in (1, 2, 3, 4)] if stage.startswith("level") else [stage]
    found = [model.get_layer(name).output for name in names]
    # All branches have as many filters, so the mean over all is the mean of their means.
    together = layers.Concatenate(name=f"filters_{stage}")(found) if len(found) > 1 else found[0]
    return MeanOver((3,), name=f"response_{stage}")(together)


def _convolution(x: keras.KerasTensor, width: int, side: int, name: str) -> keras.KerasTensor:
    return layers.Conv2D(
        width, side, strides=2, padding="same", activation="relu", kernel_initializer="he_normal", name=name
    )(x)


def _accrete(neighbour: keras.KerasTensor, own: keras.KerasTensor) -> keras.KerasTensor:
    # A micro-expression set gives a few batches an epoch: with Keras' momentum of 0.99 the statistics would lag behind.
    return layers.BatchNormalization(momentum=0.9)(layers.Add()([neighbour, own]))
