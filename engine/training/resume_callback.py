"""The one callback of a training: averages, early stopping, a checkpoint an epoch, and news for whoever watches."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from engine.errors import ModelError
from engine.files import write_json
from engine.tasks import Progress
from engine.training.batches import Batches
from engine.training.checkpoint import Checkpoint
from engine.training.configuration import Configuration


class ResumeCallback(keras.callbacks.Callback):
    """Keeps a training so that it can be resumed after each epoch as if nothing had happened.

    Keras' own callbacks would each hold a part of the state: ``EarlyStopping`` the best weights, ``SwapEMAWeights``
    which weights are in the model, ``ModelCheckpoint`` the optimizer. Here the model holds the last weights and the
    optimizer the averages whenever a checkpoint is taken; averages stand in the model only while it is validated.

    Parameters
    ----------
    configuration
        The training's.
    batches
        What is trained on; told each epoch's number.
    path
        Of the checkpoint, None for memory only; ``history.json`` is written beside it.
    progress
        Told the epochs done, in fractions, and all epochs.
    validated
        Whether there is a validation loss.
    """

    def __init__(
        self, configuration: Configuration, batches: Batches, path: Path | None, progress: Progress, *, validated: bool
    ) -> None:
        super().__init__()
        self.configuration, self.batches, self.path, self.progress = configuration, batches, path, progress
        self.patience = configuration.patience if validated else None
        self.kept: Checkpoint | None = None
        self._epoch = 0
        self._set_aside: list[np.ndarray] = []

    @property
    def finished(self) -> bool:
        """Whether the last epoch is done, or early stopping has its reason."""
        if self.kept is None:
            return False
        stopped = self.patience is not None and self.kept.waited >= self.patience
        return stopped or self.kept.epoch >= self.configuration.epochs

    def go_on_from(self, model: keras.Model, checkpoint: Checkpoint) -> None:
        """Put a model and its optimizer where they were when a checkpoint was taken.

        Raises
        ------
        ModelError
            For a checkpoint of another network or another way of training.
        """
        for variables, values in (
            (model.variables, checkpoint.model),
            (model.optimizer.variables, checkpoint.optimizer),
        ):
            if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
                raise ModelError(
                    "The checkpoint belongs to another network or another way of training.",
                    "Go on with the configuration that it was made with, or remove it to begin anew.",
                )
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        self.kept = checkpoint
        self._write_history()  # whoever was killed after the last checkpoint may not have come to that

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Draw the epoch's order."""
        self._epoch = epoch
        self.batches.start(epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Tell how far the epoch is."""
        # Keras counts steps that it makes several at a time beyond the last one.
        self._tell(self._epoch + min(1.0, (batch + 1) / len(self.batches)))

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Give whoever waits a chance to end the training."""
        self.progress.check()

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Put the averages into the model."""
        if self.configuration.ema_momentum is not None:
            self._set_aside = _values(self.model.trainable_variables)
            _assign(self.model.trainable_variables, _values(self._averages()))

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Put the last weights back."""
        if self.configuration.ema_momentum is not None:
            _assign(self.model.trainable_variables, self._set_aside)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Take a checkpoint, and stop where there is nothing more to gain."""
        before = self.kept or Checkpoint(0, [], [], [])
        if not np.isfinite((logs or {})["loss"]):
            raise ModelError(
                f"The loss of epoch {epoch + 1} is not a number: the training has run away.",
                "Start a new run with a lower learning rate.",
            )
        history = {name: [*before.history.get(name, []), float(value)] for name, value in (logs or {}).items()}
        best_loss, waited, answering = before.best_loss, before.waited + 1, before.answering
        if self.patience is None or best_loss is None or history["val_loss"][-1] < best_loss:
            best_loss, waited, answering = history.get("val_loss", [None])[-1], 0, self._answering()
        model, optimizer = _values(self.model.variables), _values(self.model.optimizer.variables)
        self.kept = Checkpoint(epoch + 1, model, optimizer, answering, history, best_loss, waited)
        if self.path is not None:
            self.kept.save(self.path)
            self._write_history()
        self.progress.say(_line(epoch + 1, self.configuration.epochs, history))
        self._tell(epoch + 1)
        self.progress.flush()
        if self.finished:
            self.model.stop_training = True

    def _write_history(self) -> None:
        if self.path is not None and self.kept is not None:
            write_json(self.path.with_name("history.json"), self.kept.history)

    def _tell(self, done: float) -> None:
        self.progress.step(done, self.configuration.epochs, "training")

    def _answering(self) -> list[np.ndarray]:
        if self.configuration.ema_momentum is None:
            return _values(self.model.variables)
        averages = {
            id(variable): average
            for variable, average in zip(self.model.trainable_variables, self._averages(), strict=True)
        }
        return _values([averages.get(id(variable), variable) for variable in self.model.variables])

    def _averages(self) -> list[keras.Variable]:
        return self.model.optimizer._model_variables_moving_average


def _values(variables: list[keras.Variable]) -> list[np.ndarray]:
    return [np.array(ops.convert_to_numpy(variable)) for variable in variables]


def _assign(variables: list[keras.Variable], values: list[np.ndarray]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _line(epoch: int, epochs: int, history: dict[str, list[float]]) -> str:
    words = {"loss": "loss", "accuracy": "accuracy"}
    words |= {f"val_{name}": f"validation {word}" for name, word in words.items()}
    parts = [
        f"{word} {history[name][-1]:{'.2%' if 'accuracy' in name else '.4f'}}"
        for name, word in words.items()
        if name in history
    ]
    return f"epoch {epoch} of {epochs}: {', '.join(parts)}"
