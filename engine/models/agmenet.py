"""AGMENet, our reading of an abstract: light, dense blocks, attention over face regions and time, several frames' say.

Only the abstract of the attention-guided micro-expression network is published (doi 10.5281/zenodo.13933725). It names
the parts in this order: low-light enhancement, a modified DenseNet, multi-head attention over face regions and time, a
temporal ensemble of several frames. How each is made and how large it is, is (our choice), written here; each can be
switched off, so that it can be told what it is worth.

References
----------
.. [1] Huang, Liu, van der Maaten, Weinberger, "Densely connected convolutional networks", CVPR 2017,
       doi:10.1109/CVPR.2017.243.
.. [2] Vaswani et al., "Attention is all you need", NeurIPS 2017, arXiv:1706.03762.
"""

import keras
from keras import layers, ops

from engine.models.frames import BesideChange, FramesAsPictures, PicturesAsFrames, Places, Regions
from engine.models.layers import MeanOver
from engine.models.llem import build_llem
from engine.settings import CROP_SIZE

ROWS, COLUMNS = 4, 3
"""The face's regions: brows, eyes, cheeks and nose, mouth and chin; the person's right, middle and left."""

GROWTH = 12
"""Channels that each layer of a dense block adds."""

TOKEN = 48
"""Size of what is known of one region at one time."""

HEADS = 4


def agmenet(
    class_count: int = 3,
    shape: tuple[int, int, int, int] = (8, CROP_SIZE, CROP_SIZE, 1),
    llem: bool | keras.Model = True,
    attention: bool = True,
    ensemble: bool = True,
    dropout: float = 0.4,
) -> keras.Model:
    """Build the network.

    Frames, each beside its difference to the first -> dense blocks [1]_, the same for every frame -> means over 4×3
    regions -> attention [2]_ among all regions of all frames -> a vector a frame. The sequence answers from all of them
    in order. With the ensemble each frame also answers alone, and the answer is the mean of the sequence's and the
    frames' mean, of logits: since all share the last layer, that is one mean of embeddings.

    Parameters
    ----------
    class_count
        Number of expressions.
    shape
        Frames, height, width and channels of a clip: gray faces, or flow maps (one frame, or a ramp of shares of it).
    llem
        The low-light enhancement in front of each frame: a trained network as `engine.models.llem.build_llem` makes it,
        True for a new one, which changes next to nothing until it is trained, False for none. It is not trained along
        with the rest (it is trained without labels), so its answer may be worked out once: see
        `engine.training.face_learners.behind_llem`.
    attention
        Whether regions attend to one another; without, each region at each time speaks for itself.
    ensemble
        Whether frames also answer alone.
    dropout
        Share of the embedding dropped while training, 0..1.

    Returns
    -------
    keras.Model
        (batch, *shape) float to (batch, class_count) float32 probabilities; with LLEM gray in 0..1. The layer
        ``embedding`` holds what the last layer decides by.

    Raises
    ------
    ValueError
        For LLEM in front of anything but one gray channel.
    """
    frames, channels = shape[0], shape[-1]
    clip = keras.Input(shape, name="clip")
    x = clip
    if llem is not False:
        if channels != 1:
            raise ValueError(f"Expected gray frames, one channel, behind the LLEM. Received {channels} channels.")
        x = _enhanced(x, frames, llem)
    x = BesideChange(name="beside_change")(x) if frames > 1 else x
    x = _dense_blocks(FramesAsPictures(name="frames_as_pictures")(x))
    x = layers.Dense(TOKEN, name="tokens")(Regions(ROWS, COLUMNS, name="regions")(x))
    x = Places(name="places")(PicturesAsFrames(frames, name="pictures_as_frames")(x))
    if attention:
        x = _attend(x)
    vectors = ops.mean(layers.LayerNormalization(name="regions_normalised")(x), axis=2)
    sequence = layers.Dense(64, activation="relu", name="sequence")(layers.Flatten()(vectors))
    if ensemble and frames > 1:
        alone = layers.Dense(64, activation="relu", name="frame_alone")(vectors)
        embedding = layers.Average(name="embedding")([sequence, ops.mean(alone, axis=1)])
    else:
        embedding = layers.Identity(name="embedding")(sequence)
    x = layers.Dropout(dropout)(embedding)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(clip, probabilities, name="agmenet")


def attended(model: keras.Model) -> keras.KerasTensor:
    """Return how much attention each region gets at each time, from all heads and all that ask.

    Parameters
    ----------
    model
        As `agmenet` builds it with attention; may be trained or loaded.

    Returns
    -------
    keras.KerasTensor
        A tensor of the model's graph, (batch, frames, 4, 3), at least 0, summing to 1 over frames and regions.
    """
    scores = model.get_layer("attention").output[1]
    places = (model.input_shape[1], ROWS, COLUMNS)
    return layers.Reshape(places, name="attended_places")(MeanOver((1, 2), name="attended_mean")(scores))


def _enhanced(clip: keras.KerasTensor, frames: int, llem: bool | keras.Model) -> keras.KerasTensor:
    if isinstance(llem, bool):
        llem = build_llem(*clip.shape[2:4])
    llem.trainable = False
    x = llem(FramesAsPictures(name="frames_to_enhance")(clip))
    return PicturesAsFrames(frames, name="enhanced_frames")(x)


def _dense_blocks(x: keras.KerasTensor) -> keras.KerasTensor:
    """Two blocks of three layers, an eighth of the height and width in the end."""
    x = layers.Conv2D(16, 3, 2, padding="same", use_bias=False, kernel_initializer="he_normal", name="stem")(x)
    for number, count in enumerate((3, 3), 1):
        # Pooled before and not after the block, and no bottleneck in a layer: the maps are small, and a CPU waits for
        # memory rather than arithmetic.
        x = layers.MaxPooling2D(padding="same")(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        for _ in range(count):
            new = layers.Conv2D(GROWTH, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(
                layers.ReLU()(x)
            )
            x = layers.Concatenate()([x, layers.BatchNormalization(momentum=0.9)(new)])
        x = layers.Conv2D(x.shape[-1] // 2 if number == 1 else 64, 1, use_bias=False)(layers.ReLU()(x))
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def _attend(tokens: keras.KerasTensor) -> keras.KerasTensor:
    _, frames, regions, size = tokens.shape
    x = layers.Reshape((frames * regions, size))(tokens)
    asked = layers.LayerNormalization()(x)
    found, _ = layers.MultiHeadAttention(HEADS, size // HEADS, dropout=0.1, name="attention")(
        asked, asked, return_attention_scores=True
    )
    return layers.Reshape((frames, regions, size))(layers.Add()([x, found]))
