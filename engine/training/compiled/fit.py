"""Keras' ``fit`` with compiled steps: the same callbacks at the same times, the same history."""

from typing import Any

import keras

from engine.training.batches import Batches
from engine.training.compiled.step import CompiledSteps


def serves(model: keras.Model) -> bool:
    """Say whether the compiled steps can train a compiled model: the paper's network, all float32, with plain Adam.

    Plain: a constant learning rate, no weight decay, no moving average of the weights, no clipping.
    """
    optimizer = model.optimizer
    if type(optimizer) is not keras.optimizers.Adam or model.name != "paper_cnn_lstm":
        return False
    plain, asked = keras.optimizers.Adam().get_config(), optimizer.get_config()
    unusual = {name for name, value in asked.items() if value != plain[name]}
    return (
        unusual <= {"name", "learning_rate", "beta_1", "beta_2", "epsilon"}
        and isinstance(asked["learning_rate"], float)
        and all(layer.compute_dtype == "float32" for layer in model.layers)
    )


def fit(
    model: keras.Model,
    batches: Batches,
    *,
    validation_data: Batches | None = None,
    epochs: int = 1,
    initial_epoch: int = 0,
    callbacks: list[keras.callbacks.Callback],
) -> keras.callbacks.History:
    """Train as ``model.fit(batches, ..., shuffle=False, verbose=0)`` does, several times as fast.

    Within an epoch the model's variables keep their old values: callbacks find the new ones from validation on. At the
    same weights the gradients are Keras' to about 1e-6; two trainings still part after some steps, as two of Keras'
    do whose sums are rounded differently, because a rounding now and then decides which value a max-pooling takes.

    Parameters
    ----------
    model
        Compiled, and one that `serves` accepts.
    batches
        What is trained on.
    validation_data, epochs, initial_epoch, callbacks
        As Keras' ``fit`` takes them.

    Returns
    -------
    keras.callbacks.History
        A list of one number an epoch for each of ``accuracy``, ``loss``, ``val_accuracy``, ``val_loss``.
    """
    model.stop_training = False
    told = keras.callbacks.CallbackList(callbacks, add_history=True, model=model, epochs=epochs, steps=len(batches))
    told.on_train_begin()
    logs: dict[str, Any] = {}
    with CompiledSteps(model) as steps:
        for epoch in range(initial_epoch, epochs):
            told.on_epoch_begin(epoch)
            logs = _train_epoch(steps, batches, told)
            steps.write_back()
            if validation_data is not None:
                measured = model.evaluate(validation_data, callbacks=told, verbose=0, return_dict=True)
                logs |= {f"val_{name}": value for name, value in measured.items()}
            told.on_epoch_end(epoch, logs)
            if model.stop_training:
                break
    told.on_train_end(logs)
    return model.history


def _train_epoch(steps: CompiledSteps, batches: Batches, told: keras.callbacks.CallbackList) -> dict[str, float]:
    """Train on every batch once; return loss and accuracy as means over the pictures seen."""
    seen, right, loss = 0, 0, 0.0
    logs: dict[str, float] = {}
    for index in range(len(batches)):
        told.on_train_batch_begin(index)
        batch = batches[index]
        batch_loss, batch_right = steps.step(*batch)
        count = len(batch[0])
        seen, right, loss = seen + count, right + batch_right, loss + batch_loss * count
        logs = {"accuracy": right / seen, "loss": loss / seen}
        told.on_train_batch_end(index, logs)
    return logs
