"""The reference paper's CNN-LSTM on LBP codes, and NeuroMER's own CNN-LSTM on gray and LBP planes.

Both take a face crop as (batch, 48, 48, 1), gray in 0..1, and compute their local binary patterns themselves.
"""

import keras
from keras import layers

from engine.models.layers import LBPCodes, LBPPlanes, Standardise


def paper_cnn_lstm(class_count: int = 6) -> keras.Model:
    """Build the network of Javaid, Basit and Arshad (2024, doi 10.51846/vol7iss4pp173-182).

    LBP codes (equations 4, 5) -> two convolutions 3×3 with ReLU (8, 9) -> three max-poolings (10) -> LSTM 50 and
    SimpleRNN 30 (11) -> Dense 128 (12) -> softmax (13); 112,988 parameters at six classes.

    Open in the paper, (our choice): the convolutions see the plane of LBP codes divided by 255; second convolution 64
    filters; 'same' padding; third pooling last; the feature map's six rows as time.

    Parameters
    ----------
    class_count
        Number of expressions.

    Returns
    -------
    keras.Model
        (batch, 48, 48, 1) float in 0..1 to (batch, class_count) float32 probabilities.
    """
    gray = keras.Input((48, 48, 1), name="gray")
    x = LBPCodes(name="lbp_codes")(LBPPlanes(name="lbp_planes")(gray))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Reshape((6, 6 * 64))(x)
    x = layers.LSTM(50, return_sequences=True, unroll=True)(x)
    x = layers.SimpleRNN(30, unroll=True)(x)
    x = layers.Dense(128, activation="relu")(x)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(gray, probabilities, name="paper_cnn_lstm")


def neuromer_cnn_lstm(
    class_count: int = 7, widths: tuple[int, int, int, int] = (32, 64, 128, 256), dropout: float = 0.4
) -> keras.Model:
    """Build NeuroMER's CNN-LSTM: gray and LBP planes in, four convolutional stages, an LSTM over the feature map.

    Batch normalisation stands after the pooling, on a quarter of the values: on a CPU it costs Keras more than the
    convolutions themselves when it stands before, and training is twice as fast so.

    Parameters
    ----------
    class_count
        Number of expressions.
    widths
        Filters of the four stages.
    dropout
        Share of the embedding dropped while training, 0..1.

    Returns
    -------
    keras.Model
        (batch, 48, 48, 1) float in 0..1 to (batch, class_count) float32 probabilities. The layer ``embedding`` holds
        what the last layer decides by.
    """
    gray = keras.Input((48, 48, 1), name="gray")
    x = layers.Concatenate()([Standardise(name="standardise")(gray), LBPPlanes(name="lbp_planes")(gray)])
    for width in widths[:3]:
        x = _stage(x, width, pool=True)
    x = _stage(x, widths[3], pool=False)
    pooled = layers.GlobalAveragePooling2D()(x)
    rows = layers.Conv2D(96, 1, activation="relu")(x)
    rows = layers.Reshape((6, 6 * 96))(rows)
    rows = layers.LSTM(128, unroll=True, name="lstm")(rows)
    embedding = layers.Concatenate(name="embedding")([pooled, rows])
    x = layers.Dropout(dropout)(embedding)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(gray, probabilities, name="neuromer_cnn_lstm")


def _stage(x: keras.KerasTensor, width: int, *, pool: bool) -> keras.KerasTensor:
    x = layers.Conv2D(width, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    if pool:
        x = layers.MaxPooling2D()(x)
    x = layers.BatchNormalization(momentum=0.97)(x)
    return layers.ReLU()(x)
