"""NeuroMER's network for flow maps: small enough for the 442 real micro-expressions that there are."""

import keras
from keras import layers


def flow_network(
    class_count: int = 3,
    shape: tuple[int, int, int] = (28, 28, 3),
    widths: tuple[int, ...] = (16, 32, 64),
    dropout: float = 0.4,
) -> keras.Model:
    """Build the network: three small convolutions with pooling, then a layer that knows where in the face it looks.

    Where something moves says more than what it looks like, so the last map is not averaged over the face.

    Parameters
    ----------
    class_count
        Number of expressions.
    shape
        Height, width and channels of a map.
    widths
        Filters of each 3×3 convolution.
    dropout
        Share of the embedding dropped while training, 0..1.

    Returns
    -------
    keras.Model
        (batch, *shape) float as `engine.features.clip_input.log_scaled` makes it, to (batch, class_count) float32
        probabilities. The layer ``embedding`` holds what the last layer decides by. 26,947 parameters at 3 classes.
    """
    flow = keras.Input(shape, name="flow")
    x = flow
    for width in widths:
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.MaxPooling2D(padding="same")(x)
    embedding = layers.Flatten(name="embedding")(x)
    x = layers.Dropout(dropout)(embedding)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(flow, probabilities, name="flow_network")
