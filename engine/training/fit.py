"""From crops and targets to a trained network."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from keras import ops

from engine.errors import ModelError
from engine.kept import read_json, sound
from engine.models import registry
from engine.models.mirror import with_mirror
from engine.tasks import SILENT, Progress
from engine.training.batches import Batches
from engine.training.checkpoint import Checkpoint
from engine.training.configuration import Configuration
from engine.training.duration import LAST_LAYER_EPOCHS
from engine.training.last_layer import learn_last_layer
from engine.training.precision import computing_in
from engine.training.resume_callback import ResumeCallback
from engine.training.targets import distilled_targets
from engine.training.training_data import inner_validation


def fit(
    configuration: Configuration,
    crops: np.ndarray,
    targets: np.ndarray,
    validation: tuple[np.ndarray, np.ndarray] | None,
    *,
    origin: np.ndarray | None = None,
    last_layer_targets: np.ndarray | None = None,
    initial: Path | None = None,
    checkpoint: Path | None = None,
    progress: Progress = SILENT,
) -> tuple[keras.Model, dict[str, list[float]]]:
    """Train a network; on the same machine the same seed gives the same weights, in one go or resumed.

    Another processor, another number of cores or another version of a library rounds differently: the weights are
    others then, and figures slightly so.

    One call of Keras' ``fit`` trains all epochs: Keras puts the averaged weights in place at the end of every call.

    Parameters
    ----------
    configuration
        How.
    crops, targets
        (n, size, size) uint8 and (n, classes) float32, each row sums to 1.
    validation
        The same for the pictures that training is watched on; None for none, and then there is no early stopping.
    origin
        (n,) int64, the number of the set that each picture is of; None for one set.
    last_layer_targets
        (n, classes) float32, what the last layer is learnt anew from in the end; None: it is not.
    initial
        A ``.keras`` file of the same architecture to start from, instead of random weights: see
        `start_from`.
    checkpoint
        Where to keep the training after each epoch; where this file exists, the training goes on from it.
    progress
        Told the epochs done, in fractions, and all epochs.

    Returns
    -------
    tuple
        The network, in float32, and its history: a list of one number an epoch for each of ``loss``, ``accuracy``,
        ``val_loss`` ...

    Raises
    ------
    ModelError
        For a checkpoint or an initial model that cannot be read or belongs to another network, or a teacher that does
        not know an expression.
    Cancelled
        Where ``progress`` says so.
    OSError
        Where the checkpoint cannot be written; the one of the epoch before is still whole.
    """
    keras.utils.set_random_seed(configuration.seed)
    with computing_in(configuration.precision):
        model = registry.build(configuration.architecture, targets.shape[1], **configuration.options)
    if initial is not None:
        start_from(model, initial, configuration.classes)
    shown = np.arange(len(crops)) if origin is None else shown_each_epoch(origin, configuration.set_balance)
    prior = priors(targets, origin) if configuration.class_balance == "prior" else None
    batches = Batches(
        crops,
        distilled_targets(configuration, crops, targets, prior),
        configuration.batch_size,
        configuration.augmentation,
        configuration.seed,
        rows=shown,
        weights=sample_weights(targets) if configuration.class_balance == "weights" else None,
        prior=prior,
    )
    if prior is not None:
        model = with_prior(model)
    model.compile(
        _optimizer(configuration, len(batches)),
        "categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_call(configuration.batch_size),
    )
    model.optimizer.build(model.trainable_variables)
    training, last_layer = progress.split(configuration.epochs, 0 if last_layer_targets is None else LAST_LAYER_EPOCHS)
    resume = ResumeCallback(configuration, batches, checkpoint, training, validated=validation is not None)
    if checkpoint is not None and checkpoint.exists():
        resume.go_on_from(model, Checkpoint.load(checkpoint))
    if not resume.finished:
        model.fit(
            batches,
            validation_data=None if validation is None else _validation(*validation, prior=prior is not None),
            epochs=configuration.epochs,
            initial_epoch=resume.kept.epoch if resume.kept else 0,
            callbacks=[resume],
            shuffle=False,
            verbose=0,
        )
    assert resume.kept is not None, "a configuration has at least one epoch"
    finished = finish(configuration, resume.kept, targets.shape[1])
    if last_layer_targets is not None:
        last_layer.step(0, 0, "learning the last layer anew")
        learn_last_layer(finished, crops, last_layer_targets, priors(last_layer_targets, origin))
    return finished, resume.kept.history


def shown_each_epoch(origin: np.ndarray, set_balance: float) -> np.ndarray:
    """Return the rows that an epoch shows; those of smaller sets come several times.

    Parameters
    ----------
    origin
        (n,) int64, the number of each picture's set.
    set_balance
        As `Configuration` has it.

    Returns
    -------
    numpy.ndarray
        (at least n,) int64, ascending.
    """
    size = np.bincount(origin)
    times = np.rint((size.max() / np.maximum(size, 1)) ** set_balance).astype(np.int64)
    return np.repeat(np.arange(len(origin)), times[origin])


def priors(targets: np.ndarray, origin: np.ndarray | None) -> np.ndarray:
    """Return how often each expression is wanted in the set that each picture is of.

    Parameters
    ----------
    targets
        (n, classes) float32, each row sums to 1.
    origin
        (n,) int64, the number of each picture's set; None for one set.

    Returns
    -------
    numpy.ndarray
        (n, classes) float32, each row sums to 1. An expression that a set never shows is told apart by the others alone
        and gets a millionth, so that its logarithm stays finite.
    """
    prior = np.empty_like(targets)
    for number in [0] if origin is None else np.unique(origin):
        own = slice(None) if origin is None else origin == number
        prior[own] = np.maximum(targets[own].mean(axis=0), 1e-6)
    return prior / prior.sum(axis=1, keepdims=True)


def with_prior(model: keras.Model) -> keras.Model:
    """Return a network that takes a prior beside the picture, and answers as one would who knows it.

    It shares the network's variables, in the same order. Trained so, the network itself need not learn how often each
    expression occurs: softmax(z + log prior) is Menon et al.'s logit-adjusted answer (2021, arXiv 2007.07314, equation
    10), and with an even prior the network's own.

    Parameters
    ----------
    model
        Ends in a softmax layer.
    """
    prior = keras.Input(model.output.shape[1:], name="prior")
    # The small number keeps what the network takes for impossible from ending in an infinite loss.
    told = ops.softmax(ops.log(model.output + 1e-7) + ops.log(prior))
    return keras.Model([model.input, prior], told, name=model.name)


def _validation(crops: np.ndarray, targets: np.ndarray, *, prior: bool) -> Batches:
    even = np.full_like(targets, 1 / targets.shape[1]) if prior else None
    return Batches(crops, targets, batch_size=256, prior=even)


def start_from(model: keras.Model, path: Path, classes: tuple[str, ...]) -> None:
    """Give a network another one's weights.

    Where the other one answers other expressions, the last layer's columns of those that both know are taken over, and
    the others stay as they are.

    Parameters
    ----------
    model
        Ends in a layer called ``probabilities``; changed in place.
    path
        A ``.keras`` file of the same architecture; the ``card.json`` beside it says its expressions, without one they
        are taken to be the same.
    classes
        The network's expressions.

    Raises
    ------
    ModelError
        For a file that is missing or damaged, or holds another architecture.
    """
    try:
        other = keras.saving.load_model(path, compile=False)
        card = path.with_name("card.json")
        labels = tuple(sound(read_json(card), {"labels": [str]})["labels"]) if card.exists() else classes
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The model {path.parent.name} cannot be started from ({error}).", "Start from another, or from none."
        ) from error
    last = model.get_layer("probabilities")
    shared = [label for label in classes if label in labels]
    new, old = [classes.index(label) for label in shared], [labels.index(label) for label in shared]
    weights = []
    for variable, own, theirs in zip(model.weights, model.get_weights(), other.get_weights(), strict=False):
        value = theirs
        if variable is last.kernel or variable is last.bias:
            value = own.copy()
            value[..., new] = theirs[..., old]
        weights.append(value)
    fits = len(other.get_weights()) == len(model.weights)
    if not fits or any(np.shape(value) != tuple(own.shape) for value, own in zip(weights, model.weights, strict=True)):
        raise ModelError(
            f"The model {path.parent.name} is of another architecture than the one to be trained.",
            "Start from one of the same architecture.",
        )
    model.set_weights(weights)


def steps_per_call(batch_size: int) -> int:
    """Return how many steps Keras makes between two looks at its callbacks, which is when a training can be cancelled.

    With a small batch Keras' overhead a step is a good part of the time, so that many go together; the results are the
    same.
    """
    return 100 if batch_size <= 16 else 1


def finish(configuration: Configuration, checkpoint: Checkpoint, class_count: int) -> keras.Model:
    """Return the network that a checkpoint answers with: float32, mirrored where asked for.

    Parameters
    ----------
    configuration
        The training's.
    checkpoint
        After any epoch.
    class_count
        Number of expressions.
    """
    trained = registry.build(configuration.architecture, class_count, **configuration.options)
    for variable, value in zip(trained.variables, checkpoint.answering, strict=True):
        variable.assign(value)
    return with_mirror(trained) if configuration.mirror else trained


def fit_predict(
    configuration: Configuration,
    crops: np.ndarray,
    targets: np.ndarray,
    training: np.ndarray,
    held_out: np.ndarray,
    seed: int,
    initial: Path | None = None,
    unit: np.ndarray | None = None,
    origin: np.ndarray | None = None,
    last_layer_targets: np.ndarray | None = None,
) -> np.ndarray:
    """Train on some pictures and answer for others, which are not even looked at before.

    Parameters
    ----------
    configuration
        How; its seed is replaced.
    crops, targets
        (n, size, size) uint8 and (n, classes) float32.
    training, held_out
        Indices of the pictures that train, and of those to answer for.
    seed
        Of the training.
    initial
        As in `fit`.
    unit
        (n,) what may not be torn apart (a subject, copies of one picture): early stopping watches about a tenth of the
        units in ``training``.
    origin, last_layer_targets
        (n,) int64 and (n, classes) float32 as in `fit`.

    Returns
    -------
    numpy.ndarray
        (len(held_out), classes) float32 probabilities.
    """
    validation = None
    if configuration.patience is not None:
        training, watched = inner_validation(training, unit, seed)
        validation = crops[watched], targets[watched]
    model, _ = fit(
        replace(configuration, seed=seed),
        crops[training],
        targets[training],
        validation,
        origin=None if origin is None else origin[training],
        last_layer_targets=None if last_layer_targets is None else last_layer_targets[training],
        initial=initial,
    )
    return answers(model, crops[held_out])


def answers(model: keras.Model, crops: np.ndarray) -> np.ndarray:
    """Return a network's probabilities, (n, classes) float32, for crops, (n, size, size) uint8."""
    return model.predict(crops[..., None].astype(np.float32) / 255, batch_size=256, verbose=0)


def sample_weights(targets: np.ndarray) -> np.ndarray:
    """Return how much each picture's loss counts, so that all expressions weigh alike in sum.

    Parameters
    ----------
    targets
        (n, classes) float32.

    Returns
    -------
    numpy.ndarray
        (n,) float32 with mean 1: n / (number of classes × how often the class occurs), as scikit-learn's
        ``compute_class_weight``; a soft target gets the mean of its classes' weights.
    """
    frequency = targets.mean(axis=0)
    of_class = np.divide(1, frequency * (frequency > 0).sum(), out=np.zeros_like(frequency), where=frequency > 0)
    return (targets @ of_class).astype(np.float32)


def bake_temperature(model: keras.Model, temperature: float) -> None:
    """Make a network answer softmax(logits / temperature), in the last layer's weights.

    Guo et al. 2017 (arXiv 1706.04599).

    Parameters
    ----------
    model
        Ends in a softmax layer called ``probabilities``; changed in place.
    temperature
        Above 0.
    """
    layer = model.get_layer("probabilities")
    layer.kernel.assign(layer.kernel / temperature)
    layer.bias.assign(layer.bias / temperature)


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
