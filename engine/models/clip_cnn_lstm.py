"""A clip CNN-LSTM: a small convolutional network looks at each frame, an LSTM reads what it saw in order of time."""

import keras
from keras import layers

from engine.models.frames import BesideChange, FramesAsPictures, PicturesAsFrames
from engine.settings import CROP_SIZE


def clip_cnn_lstm(
    class_count: int = 3, shape: tuple[int, int, int, int] = (8, CROP_SIZE, CROP_SIZE, 1), dropout: float = 0.4
) -> keras.Model:
    """Build the network; the CNN-LSTM of the reference paper reads rows of one picture, this one reads frames.

    Each frame goes beside its difference to the first through three convolutions with pooling, the same for all
    frames; LSTM 64 over the frames. The general form is that of Donahue et al. 2015, "Long-term recurrent convolutional
    networks", doi 10.1109/CVPR.2015.7298878; all sizes are our choice.

    Parameters
    ----------
    class_count
        Number of expressions.
    shape
        Frames, height, width and channels of a clip.
    dropout
        Share of the embedding dropped while training, 0..1.

    Returns
    -------
    keras.Model
        (batch, *shape) float, about -1..1, to (batch, class_count) float32 probabilities. The layer ``embedding`` holds
        what the last layer decides by.
    """
    clip = keras.Input(shape, name="clip")
    x = BesideChange(name="beside_change")(clip) if shape[0] > 1 else clip
    x = FramesAsPictures(name="frames_as_pictures")(x)
    for width, stride in ((16, 2), (32, 1), (48, 1)):
        # Batch normalisation stands after the pooling, on a quarter of the values.
        x = layers.Conv2D(width, 3, stride, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
        x = layers.MaxPooling2D(padding="same")(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    x = PicturesAsFrames(shape[0], name="pictures_as_frames")(x)
    embedding = layers.LSTM(64, unroll=True, name="embedding")(x)
    x = layers.Dropout(dropout)(embedding)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(clip, probabilities, name="clip_cnn_lstm")
