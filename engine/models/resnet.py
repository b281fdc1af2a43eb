"""A residual network, the baseline that LEARNet is published against.

References
----------
.. [1] He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016, doi:10.1109/CVPR.2016.90.
"""

import keras
from keras import layers


def resnet(class_count: int = 3, shape: tuple[int, int, int] = (112, 112, 3), width: int = 16) -> keras.Model:
    """Build ResNet-18 of [1]_, with a quarter of its filters unless told otherwise.

    7×7 with stride 2, max-pooling, four stages of two blocks of two 3×3 convolutions, each stage after the first half
    as high and wide with twice the filters, global mean. With the published 64 filters it has 11.7 million parameters
    for a million pictures; with 16 (our choice) 0.7 million for a few hundred clips, and it then takes about as long as
    LEARNet for the same picture.

    Parameters
    ----------
    class_count
        Number of expressions.
    shape
        Height, width and channels of the picture.
    width
        Filters of the first stage; 64 in [1]_.

    Returns
    -------
    keras.Model
        (batch, *shape) float, about -1..1, to (batch, class_count) float32 probabilities. The layer ``embedding`` holds
        what the last layer decides by.
    """
    picture = keras.Input(shape, name="picture")
    x = _normalised(_convolution(picture, width, 7, 2))
    x = layers.MaxPooling2D(3, 2, padding="same")(layers.ReLU()(x))
    for stage in range(4):
        x = _block(x, width << stage, stride=1 if stage == 0 else 2)
        x = _block(x, width << stage, stride=1)
    embedding = layers.GlobalAveragePooling2D(name="embedding")(x)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(embedding)
    return keras.Model(picture, probabilities, name="resnet")


def _block(x: keras.KerasTensor, width: int, stride: int) -> keras.KerasTensor:
    change = layers.ReLU()(_normalised(_convolution(x, width, 3, stride)))
    change = _normalised(_convolution(change, width, 3, 1))
    if stride > 1 or x.shape[-1] != width:
        x = _normalised(_convolution(x, width, 1, stride))
    return layers.ReLU()(layers.Add()([x, change]))


def _convolution(x: keras.KerasTensor, width: int, side: int, stride: int) -> keras.KerasTensor:
    return layers.Conv2D(width, side, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal")(x)


def _normalised(x: keras.KerasTensor) -> keras.KerasTensor:
    # A micro-expression set gives a few batches an epoch: with Keras' momentum of 0.99 the statistics would lag behind.
    return layers.BatchNormalization(momentum=0.9)(x)
