"""A face and its mirror image answered as one: `with_mirror` for pictures, `with_mirrored_flow` for flow maps."""

from collections.abc import Mapping

import keras
from keras import layers, ops

BESIDE = "beside_mirror"
"""Name of the layer that appends the mirror images."""


@keras.saving.register_keras_serializable("neuromer")
class BesideMirror(layers.Layer):
    """Pictures followed by their mirror images: (batch, height, width, 1) to (2 × batch, height, width, 1)."""

    def call(self, gray: keras.KerasTensor) -> keras.KerasTensor:
        """Append the mirrored batch."""
        return ops.concatenate([gray, ops.flip(gray, axis=2)], axis=0)


@keras.saving.register_keras_serializable("neuromer")
class MeanOfBoth(layers.Layer):
    """The mean of each picture's embedding and its mirror image's: (2 × batch, size) to (batch, size)."""

    def call(self, embeddings: keras.KerasTensor) -> keras.KerasTensor:
        """Average the first half of the batch with the second."""
        return ops.mean(ops.reshape(embeddings, (2, -1, embeddings.shape[-1])), axis=0)


def with_mirror(model: keras.Model) -> keras.Model:
    """Return a network that answers from a face and its mirror image, with the same weights in the same order.

    An expression stays the same in a mirror. The embeddings of both are averaged before the last layer, which averages
    the logits; so the last layer may still be scaled or shifted afterwards.

    Parameters
    ----------
    model
        Has a layer ``embedding`` and ends in ``probabilities``; its layers are shared, not copied.

    Returns
    -------
    keras.Model
        (batch, size, size, 1) to (batch, classes), indifferent to mirroring.
    """
    one_look = keras.Model(model.input, model.get_layer("embedding").output, name="one_look")
    gray = keras.Input(model.input_shape[1:], name="gray")
    embedding = MeanOfBoth(name="mean_of_both")(one_look(BesideMirror(name=BESIDE)(gray)))
    return keras.Model(gray, model.get_layer("probabilities")(embedding), name=model.name)


@keras.saving.register_keras_serializable("neuromer")
class BesideMirroredMotion(layers.Layer):
    """Flow followed by that of the mirrored faces, where what moves right moves left.

    (batch, ..., height, width, 3) with 0 for what did not move across, to (2 × batch, ..., height, width, 3).
    """

    def call(self, flow: keras.KerasTensor) -> keras.KerasTensor:
        """Append the mirrored batch."""
        across = ops.flip(flow, axis=-2)
        return ops.concatenate([flow, ops.concatenate([-across[..., :1], across[..., 1:]], axis=-1)], axis=0)


@keras.saving.register_keras_serializable("neuromer")
class MeanTurnedBack(layers.Layer):
    """The mean of a face's map and its mirror image's, turned back: (2 × batch, ..., width) to (batch, ..., width)."""

    def call(self, maps: keras.KerasTensor) -> keras.KerasTensor:
        """Average the first half of the batch with the second, mirrored."""
        halves = ops.reshape(maps, (2, -1, *maps.shape[1:]))
        return (halves[0] + ops.flip(halves[1], axis=-1)) / 2


def with_mirrored_flow(network: keras.Model, temperature: float) -> keras.Model:
    """Return a network whose answer is the mean for a face and its mirror image, as it is measured in the benchmark.

    Parameters
    ----------
    network
        Of flow, (batch, ..., height, width, 3) with 0 for what did not move across, to (batch, classes) probabilities;
        its layers are shared, not copied.
    temperature
        Above 0; the answers are softmax(log(p) / temperature), see `engine.evaluation.calibration`.

    Returns
    -------
    keras.Model
        (batch, ..., height, width, 3) to (batch, classes). The layer ``embedding`` holds the logarithms of the mean.
    """
    flow = keras.Input(network.input_shape[1:], name="flow")
    # Anew, for the network that was trained keeps its optimizer, which would be saved with it.
    one_way = keras.Model(network.input, network.output, name=network.name)
    mean = MeanOfBoth(name="mean_of_both")(one_way(BesideMirroredMotion(name=BESIDE)(flow)))
    embedding = layers.Identity(name="embedding")(ops.log(mean + 1e-9))
    classes = network.output_shape[-1]
    last = layers.Dense(classes, activation="softmax", use_bias=False, dtype="float32", name="probabilities")
    model = keras.Model(flow, last(embedding), name=f"{network.name}_both_ways")
    last.set_weights([ops.eye(classes) / temperature])
    return model


def one_way(model: keras.Model) -> keras.Model | None:
    """Return the network within what `with_mirrored_flow` made; None for any other."""
    if all(layer.name != BESIDE for layer in model.layers):
        return None
    return next(layer for layer in model.layers if isinstance(layer, keras.Model))


def unmirror(model: keras.Model, maps: Mapping[str, keras.KerasTensor]) -> dict[str, keras.KerasTensor]:
    """Return maps of the network within, as means of a face's and its mirror image's.

    Parameters
    ----------
    model
        As `with_mirrored_flow` makes it.
    maps
        Tensors of the graph of `one_way`, (batch, ..., width) from left to right of the picture, by name.

    Returns
    -------
    dict
        The same names; tensors of the model's graph, of the same shapes.
    """
    network = one_way(model)
    if network is None:
        raise ValueError("Expected a network that `with_mirrored_flow` made.")
    within = keras.Model(network.input, dict(maps), name="maps_one_way")
    found = within(model.get_layer(BESIDE).output)
    return {name: MeanTurnedBack(name=f"{name}_turned_back")(each) for name, each in found.items()}
