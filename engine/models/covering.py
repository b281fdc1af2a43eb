"""The network behind `engine.faces.covering`: a face in colour to what of it is hidden."""

import keras
from keras import layers

from engine.settings import CROP_SIZE


def build_covering() -> keras.Model:
    """Build it: five convolutions down to 6 by 6 cells, and a small layer over all of them; 78,624 parameters.

    Returns
    -------
    keras.Model
        (batch, 48, 48, 3) RGB float in 0..255 to ``regions``, (batch, 3): how surely the person's right eye, left eye
        and mouth are hidden; and ``grid``, (batch, 6, 6, 1): the share of each cell that is hidden, which only helps
        to learn.
    """
    crop = keras.Input((CROP_SIZE, CROP_SIZE, 3), name="crop")
    x = layers.Rescaling(1 / 127.5, -1)(crop)
    for filters, size, strides in ((16, 5, 2), (24, 3, 2), (32, 3, 1), (48, 3, 2), (64, 3, 1)):
        x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    grid = layers.Conv2D(1, 1, activation="sigmoid", name="grid")(x)
    cells = layers.Flatten()(layers.Conv2D(12, 1, activation="relu")(x))
    whole = layers.Concatenate()([cells, layers.GlobalAveragePooling2D()(x)])
    whole = layers.Dense(48, activation="relu")(layers.Dropout(0.3)(whole))
    regions = layers.Dense(3, activation="sigmoid", name="regions")(whole)
    return keras.Model(crop, {"regions": regions, "grid": grid}, name="covering")
