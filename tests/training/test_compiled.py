"""The compiled steps beside Keras' own: the same gradients, the same steps of Adam, the same fit."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from threadpoolctl import threadpool_info

from engine.models.cnn_lstm import paper_cnn_lstm
from engine.training import compiled
from engine.training.batches import Batches
from engine.training.compiled.network import Room, Weights, gradient
from engine.training.compiled.step import CompiledSteps


def network(classes=6, seed=3):
    keras.utils.set_random_seed(seed)
    model = paper_cnn_lstm(classes)
    random = np.random.default_rng(seed)
    for variable in model.trainable_variables:  # biases other than 0 and 1
        variable.assign(variable + 0.05 * random.standard_normal(variable.shape))
    model.compile(keras.optimizers.Adam(1e-3), "categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    return model


def pictures(count, classes=6, seed=0):
    """Smooth crops with some noise, and soft targets."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (count, 8, 8), np.uint8).repeat(6, 1).repeat(6, 2)
    crops = (0.7 * coarse + random.integers(0, 76, (count, 48, 48))).astype(np.uint8)
    return crops, random.dirichlet(np.full(classes, 0.3), count).astype(np.float32)


def as_input(crops):
    return crops[..., None].astype(np.float32) / 255


def keras_gradients(model, gray, targets, share):
    with tf.GradientTape() as tape:
        losses = keras.losses.categorical_crossentropy(targets, model(gray))
        loss = tf.reduce_sum(share * losses)
    return float(loss), [tf.convert_to_tensor(part).numpy() for part in tape.gradient(loss, model.trainable_variables)]


def compiled_gradients(model, gray, targets, share):
    weights = np.concatenate([values.ravel() for values in model.get_weights()])
    gradients, classes = np.full_like(weights, np.nan), targets.shape[1]
    views = Weights.of(gradients, classes)
    room = Room.for_pictures(len(gray), classes)
    loss, right = gradient(gray[..., 0].copy(), targets, share, Weights.of(weights, classes), views, room)
    shapes = [variable.shape for variable in model.trainable_variables]
    return loss, right, [part.reshape(shape) for part, shape in zip(views, shapes, strict=True)]


def assert_gradients_agree(model, gray, targets, share):
    loss, expected = keras_gradients(model, gray, targets, share)
    ours, right, gradients = compiled_gradients(model, gray, targets, share)
    assert ours == pytest.approx(loss, rel=1e-5)
    assert right == (model.predict(gray, verbose=0).argmax(1) == targets.argmax(1)).sum()
    for variable, mine, theirs in zip(model.trainable_variables, gradients, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5 * np.abs(theirs).max(), err_msg=variable.path)


@pytest.mark.parametrize(("count", "classes"), [(5, 6), (1, 2), (4, 8)])
def test_gradients_are_those_of_keras(count, classes):
    crops, targets = pictures(count, classes)
    share = np.linspace(0.1, 0.4, count, dtype=np.float32)
    assert_gradients_agree(network(classes), as_input(crops), targets, share)


def test_ties_go_to_the_same_place_as_in_keras():
    """Flat areas have equal codes, hence equal values under each pooling; the first of them gets the gradient."""
    crops = np.full((3, 48, 48), 90, np.uint8)
    crops[1, 10:30, 12:40] = 200
    crops[2, ::2] = 7
    _, targets = pictures(3)
    assert_gradients_agree(network(), as_input(crops), targets, np.full(3, 1 / 3, np.float32))


def trainings(epochs=2, count=45, weights=None):
    """Train twice from the same start on the same batches of 8, the last with 5: by Keras, then compiled."""
    crops, targets = pictures(count)
    validation = Batches(*pictures(20, seed=9), batch_size=16)
    for train in (lambda model, *rest, **named: model.fit(*rest, **named, shuffle=False, verbose=0), compiled.fit):
        model = network()
        history = train(
            model,
            Batches(crops, targets, 8, seed=5, weights=weights),
            validation_data=validation,
            epochs=epochs,
            callbacks=[],
        )
        yield model, history


@pytest.mark.parametrize("weights", [None, np.linspace(0.2, 1.8, 45, dtype=np.float32)], ids=["alike", "weighted"])
def test_whole_fit_agrees_with_keras(weights):
    (theirs, their_history), (ours, our_history) = trainings(weights=weights)
    for mine, expected in zip(
        [*ours.variables, *ours.optimizer.variables], [*theirs.variables, *theirs.optimizer.variables], strict=True
    ):
        np.testing.assert_allclose(mine.numpy(), expected.numpy(), rtol=1e-3, atol=1e-4, err_msg=expected.path)
    assert int(ours.optimizer.iterations) == 12
    assert our_history.history.keys() == their_history.history.keys()
    for name, values in their_history.history.items():
        np.testing.assert_allclose(our_history.history[name], values, rtol=1e-3, err_msg=name)


def test_callbacks_see_the_truth_and_may_end_the_training():
    class Witness(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.batches, self.losses = [], []

        def on_train_batch_end(self, batch, logs=None):
            self.batches.append(batch)

        def on_epoch_end(self, epoch, logs=None):
            gray, targets = validation[0]
            answers = self.model.predict(gray, verbose=0)
            loss = -(targets * np.log(answers)).sum(1).mean()
            self.losses.append((loss, logs["val_loss"]))
            self.model.stop_training = epoch == 3

    validation, witness = Batches(*pictures(6, seed=9), batch_size=6), Witness()
    history = compiled.fit(
        network(),
        Batches(*pictures(12), 8, seed=5),
        validation_data=validation,
        epochs=9,
        initial_epoch=2,
        callbacks=[witness],
    )
    assert history.epoch == [2, 3]
    assert witness.batches == [0, 1, 0, 1]
    for loss, told in witness.losses:
        assert loss == pytest.approx(told, rel=1e-5)
    assert witness.losses[0] != witness.losses[1]


@pytest.mark.parametrize("count", [1, 7])
def test_result_does_not_depend_on_threads(monkeypatch, count):
    crops, targets = pictures(count)
    results = []
    for threads in ("1", "2"):
        monkeypatch.setenv("NEUROMER_THREADS", threads)
        model = network()
        with CompiledSteps(model) as steps:
            for _ in range(3):
                steps.step(as_input(crops), targets)
            steps.write_back()
        results.append(model.get_weights())
    for one, two in zip(*results, strict=True):
        np.testing.assert_array_equal(one, two)


def test_matrix_products_are_held_to_one_thread():
    def threads():
        return [one["num_threads"] for one in threadpool_info() if "scipy.libs" in one["filepath"]]

    with CompiledSteps(network()):
        assert threads() == [1]
    assert threads() != []


def asked_for(**options):
    model = paper_cnn_lstm(6)
    model.compile(keras.optimizers.Adam(**options), "categorical_crossentropy")
    return model


def test_serves_the_papers_network_with_plain_adam():
    assert compiled.serves(asked_for(learning_rate=3e-4, beta_1=0.8))


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": keras.optimizers.schedules.CosineDecay(1e-3, 10)},
        {"weight_decay": 0.01},
        {"use_ema": True},
        {"clipnorm": 1.0},
        {"amsgrad": True},
    ],
    ids=lambda options: next(iter(options)),
)
def test_leaves_to_keras_what_it_lacks(options):
    assert not compiled.serves(asked_for(**options))


def test_leaves_other_networks_optimizers_and_precisions_to_keras():
    other = keras.Sequential([keras.Input((48, 48, 1)), keras.layers.Flatten(), keras.layers.Dense(6)])
    other.compile("adam", "categorical_crossentropy")
    decaying = paper_cnn_lstm(6)
    decaying.compile("adamw", "categorical_crossentropy")
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        mixed = asked_for()
    finally:
        keras.config.set_dtype_policy("float32")
    assert not any(map(compiled.serves, (other, decaying, mixed)))
