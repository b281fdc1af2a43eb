"""The reference paper's CNN-LSTM on LBP codes, and NeuroMER's own CNN-LSTM on gray and LBP planes.

Both take face crops, (batch, crop_size, crop_size, 1) gray in 0..1, and compute their local binary patterns themselves.
"""

import keras
from keras import layers

from engine.models.layers import LBPCodes, LBPPlanes, Standardise
from engine.settings import CROP_SIZE


def paper_cnn_lstm(class_count: int = 6, crop_size: int = CROP_SIZE) -> keras.Model:
    """Build the network of Javaid, Basit and Arshad (2024, doi 10.51846/vol7iss4pp173-182).

    LBP codes (equations 4, 5) -> two convolutions 3×3 with ReLU (8, 9) -> three max-poolings (10) -> LSTM 50 and
    SimpleRNN 30 (11) -> Dense 128 (12) -> softmax (13); 112,988 parameters at six classes.

    Open in the paper, (our choice): the convolutions see the plane of LBP codes divided by 255; second convolution 64
    filters; 'same' padding; third pooling last; the feature map's six rows as time.

    Parameters
    ----------
    class_count
        Number of expressions.
    crop_size
        Side of the crops in pixels, at least 8.

    Returns
    -------
    keras.Model
        (batch, crop_size, crop_size, 1) float in 0..1 to (batch, class_count) float32 probabilities.
    """
    gray = keras.Input((crop_size, crop_size, 1), name="gray")
    x = LBPCodes(name="lbp_codes")(LBPPlanes(name="lbp_planes")(gray))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Reshape((x.shape[1], -1))(x)
    x = layers.LSTM(50, return_sequences=True, unroll=True)(x)
    x = layers.SimpleRNN(30, unroll=True)(x)
    x = layers.Dense(128, activation="relu")(x)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(gray, probabilities, name="paper_cnn_lstm")


def neuromer_cnn_lstm(
    class_count: int = 7,
    widths: tuple[int, int, int, int] = (32, 64, 128, 256),
    dropout: float = 0.4,
    lbp: bool = True,
    recurrent: bool = True,
    crop_size: int = CROP_SIZE,
) -> keras.Model:
    """Build NeuroMER's CNN-LSTM: gray and LBP planes in, four convolutional stages, an LSTM over the feature map.

    The first stage is a single convolution because it works on the largest map, where memory and not arithmetic is
    what a CPU waits for; the last two stages carry a residual block each (He et al. 2016, doi 10.1109/CVPR.2016.90),
    which costs little on their small maps. Batch normalisation stands after the pooling, on a quarter of the values:
    on a CPU it costs Keras more than the convolutions themselves when it stands before.

    Parameters
    ----------
    class_count
        Number of expressions.
    widths
        Filters of the four stages.
    dropout
        Share of the embedding dropped while training, 0..1.
    lbp
        Whether the network sees the eight LBP planes beside the gray picture.
    recurrent
        Whether an LSTM reads the feature map's rows beside the pooled map.
    crop_size
        Side of the crops in pixels, at least 8.

    Returns
    -------
    keras.Model
        (batch, crop_size, crop_size, 1) float in 0..1 to (batch, class_count) float32 probabilities. The layer
        ``embedding`` holds what the last layer decides by.
    """
    gray = keras.Input((crop_size, crop_size, 1), name="gray")
    x = Standardise(name="standardise")(gray)
    if lbp:
        x = layers.Concatenate()([x, LBPPlanes(name="lbp_planes")(gray)])
    x = _normalised(layers.MaxPooling2D()(_convolution(x, widths[0])))
    x = _stage(x, widths[1], pool=True)
    x = _residual(_stage(x, widths[2], pool=True))
    x = _residual(_stage(x, widths[3], pool=False))
    embedding = layers.GlobalAveragePooling2D(name="pooled" if recurrent else "embedding")(x)
    if recurrent:
        rows = layers.Conv2D(96, 1, activation="relu")(x)
        rows = layers.Reshape((rows.shape[1], -1))(rows)
        rows = layers.LSTM(128, unroll=True, name="lstm")(rows)
        embedding = layers.Concatenate(name="embedding")([embedding, rows])
    x = layers.Dropout(dropout)(embedding)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(gray, probabilities, name="neuromer_cnn_lstm")


def _stage(x: keras.KerasTensor, width: int, *, pool: bool) -> keras.KerasTensor:
    x = _convolution(_convolution(x, width, activation="relu"), width)
    return _normalised(layers.MaxPooling2D()(x) if pool else x)


def _residual(x: keras.KerasTensor) -> keras.KerasTensor:
    width = x.shape[-1]
    change = _convolution(_convolution(x, width, activation="relu"), width)
    change = layers.BatchNormalization(momentum=0.97)(change)
    return layers.ReLU()(layers.Add()([x, change]))


def _convolution(x: keras.KerasTensor, width: int, activation: str | None = None) -> keras.KerasTensor:
    # A bias right before a normalisation would be taken out again.
    return layers.Conv2D(
        width, 3, padding="same", activation=activation, use_bias=activation is not None, kernel_initializer="he_normal"
    )(x)


def _normalised(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.ReLU()(layers.BatchNormalization(momentum=0.97)(x))
