"""One network, two looks: a face and its mirror image answered as one."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("neuromer")
class BesideMirror(keras.layers.Layer):
    """Pictures followed by their mirror images: (batch, height, width, 1) to (2 × batch, height, width, 1)."""

    def call(self, gray: keras.KerasTensor) -> keras.KerasTensor:
        """Append the mirrored batch."""
        return ops.concatenate([gray, ops.flip(gray, axis=2)], axis=0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the input's shape with twice the batch."""
        batch = None if input_shape[0] is None else 2 * input_shape[0]
        return (batch, *input_shape[1:])


@keras.saving.register_keras_serializable("neuromer")
class MeanOfBoth(keras.layers.Layer):
    """The mean of each picture's embedding and its mirror image's: (2 × batch, size) to (batch, size)."""

    def call(self, embeddings: keras.KerasTensor) -> keras.KerasTensor:
        """Average the first half of the batch with the second."""
        return ops.mean(ops.reshape(embeddings, (2, -1, embeddings.shape[-1])), axis=0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the input's shape with half the batch."""
        batch = None if input_shape[0] is None else input_shape[0] // 2
        return (batch, *input_shape[1:])


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
        (batch, 48, 48, 1) to (batch, classes), indifferent to mirroring.
    """
    one_look = keras.Model(model.input, model.get_layer("embedding").output, name="one_look")
    gray = keras.Input(model.input_shape[1:], name="gray")
    embedding = MeanOfBoth(name="mean_of_both")(one_look(BesideMirror(name="beside_mirror")(gray)))
    return keras.Model(gray, model.get_layer("probabilities")(embedding), name=model.name)
