"""From crops and targets to a trained network."""

from pathlib import Path

import keras
import numpy as np

from engine.models import registry
from engine.training.batches import Batches
from engine.training.configuration import Configuration


def fit(
    configuration: Configuration,
    crops: np.ndarray,
    targets: np.ndarray,
    validation: tuple[np.ndarray, np.ndarray],
    *,
    initial: Path | None = None,
    checkpoint: Path | None = None,
) -> tuple[keras.Model, dict[str, list[float]]]:
    """Train a network.

    One call of Keras' ``fit`` trains all epochs: Keras puts the averaged weights in place at the end of every call.

    Parameters
    ----------
    configuration
        How.
    crops, targets
        (n, 48, 48) uint8 and (n, classes) float32, each row sums to 1.
    validation
        The same for the pictures that training is watched on.
    initial
        A ``.keras`` file of the same architecture and classes to start from, instead of random weights.
    checkpoint
        Where to keep the weights of the last epoch (``.keras``).

    Returns
    -------
    tuple
        The network, in float32, and its history: a list of one number an epoch for each of ``loss``, ``accuracy``,
        ``val_loss`` ...
    """
    keras.utils.set_random_seed(configuration.seed)
    keras.config.set_dtype_policy("mixed_bfloat16" if configuration.mixed_precision else "float32")
    try:
        model = registry.build(configuration.architecture, targets.shape[1])
    finally:
        keras.config.set_dtype_policy("float32")
    if initial is not None:
        model.set_weights(keras.saving.load_model(initial, compile=False).get_weights())
    batches = Batches(crops, targets, configuration.batch_size, configuration.augmentation, configuration.seed)
    model.compile(_optimizer(configuration, len(batches)), "categorical_crossentropy", metrics=["accuracy"])
    callbacks: list[keras.callbacks.Callback] = []
    if configuration.ema_momentum is not None:
        callbacks.append(keras.callbacks.SwapEMAWeights(swap_on_epoch=True))
    if configuration.patience is not None:
        callbacks.append(keras.callbacks.EarlyStopping(patience=configuration.patience, restore_best_weights=True))
    if checkpoint is not None:
        callbacks.append(keras.callbacks.ModelCheckpoint(checkpoint))
    history = model.fit(
        batches,
        validation_data=Batches(*validation, batch_size=256),
        epochs=configuration.epochs,
        callbacks=callbacks,
        verbose=2,
    )
    trained = registry.build(configuration.architecture, targets.shape[1])
    trained.set_weights(model.get_weights())
    adjust_for_prior(trained, targets.mean(axis=0), configuration.prior_exponent)
    return trained, {key: [float(value) for value in values] for key, values in history.history.items()}


def adjust_for_prior(model: keras.Model, prior: np.ndarray, exponent: float) -> None:
    """Divide a network's probabilities by ``prior ** exponent`` and renormalise them, in the last layer's bias.

    Post-hoc logit adjustment, Menon et al. 2021 (arXiv 2007.07314, equation 9).

    Parameters
    ----------
    model
        Ends in a softmax layer called ``probabilities``; changed in place.
    prior
        (classes,) mean target of the training pictures, each above 0.
    exponent
        0..1; 0 changes nothing.
    """
    if exponent:
        layer = model.get_layer("probabilities")
        layer.bias.assign(layer.bias - exponent * np.log(prior))


def _optimizer(configuration: Configuration, steps: int) -> keras.optimizers.Optimizer:
    rate: float | keras.optimizers.schedules.LearningRateSchedule = configuration.learning_rate
    if configuration.schedule == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=rate / 10,
            decay_steps=max(1, steps * (configuration.epochs - 1)),
            warmup_target=rate,
            warmup_steps=steps,
        )
    averaging = (
        {} if configuration.ema_momentum is None else {"use_ema": True, "ema_momentum": configuration.ema_momentum}
    )
    if not configuration.weight_decay:
        return keras.optimizers.Adam(rate, **averaging)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=configuration.weight_decay, **averaging)
    optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    return optimizer
