"""Train a network for clips: a few hundred of them, so that everything is small and much is varied."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.models.registry import CLIP_ARCHITECTURES, build_clip
from engine.training.clip_forms import FLOW_MAPS, Form, varied

if TYPE_CHECKING:
    import keras

AfterEpoch = Callable[[int, "keras.Model"], None]


@dataclass(frozen=True)
class ClipTraining:
    """How a network for clips is trained.

    Attributes
    ----------
    learning_rate, weight_decay, batch_size
        Of AdamW; the rate is the highest: it rises over the first epoch and falls to 0 along a cosine.
    mixup
        Both shapes of the beta distribution that draws the share of a second clip (Zhang et al. 2018, arXiv
        1710.09412); 0 for none.
    shift_px
        Largest shift of an input.
    gain
        Standard deviation of the logarithm of a factor on all motion.
    """

    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    batch_size: int = 32
    mixup: float = 0.4
    shift_px: int = 2
    gain: float = 0.3


def train(
    architecture: str,
    clips: NDArray,
    y: NDArray[np.int64],
    classes: int,
    epochs: int,
    seed: int,
    how: ClipTraining | None = None,
    after_epoch: AfterEpoch | None = None,
    options: tuple[tuple[str, object], ...] = (),
    form: Form | None = None,
) -> "keras.Model":
    """Train a network from random weights; every class weighs alike in sum.

    Parameters
    ----------
    architecture
        A name in `engine.models.registry.CLIP_ARCHITECTURES`.
    clips, y
        (n, 28, 28, 3) uint8 flow maps, or what ``form`` says, and (n,) class numbers.
    classes
        How many there are.
    epochs
        How often all clips are shown.
    seed
        Of the first weights and of every random number.
    how
        The rest; the usual choices for None.
    after_epoch
        Is given the number of epochs done, and the network.
    options
        Further arguments of the function that builds the network, as pairs.
    form
        What the clips are given as; flow maps for None.

    Returns
    -------
    keras.Model
        The network itself, which the next call with the same architecture in this process trains anew: compiling it
        takes longer than many a training. Save or ask it before.
    """
    how = how or ClipTraining()
    random = np.random.default_rng(seed)
    model = _blank(architecture, classes, how, options, seed)
    form = form or FLOW_MAPS[CLIP_ARCHITECTURES[architecture].takes]
    wanted = np.eye(classes, dtype=np.float32)[y]
    weight = (len(y) / np.maximum(np.bincount(y, minlength=classes), 1) / np.count_nonzero(np.bincount(y))).astype("f4")
    steps, step = -(-len(y) // how.batch_size), 0
    for epoch in range(epochs):
        inputs = form.prepared(varied(clips, how.shift_px, random, form.mirrored))
        inputs *= np.exp(random.normal(0, how.gain, (len(y),) + (1,) * (inputs.ndim - 1))).astype(np.float32)
        order = random.permutation(len(y))
        for rows in np.array_split(order, steps):
            share = random.beta(how.mixup, how.mixup) if how.mixup else 1.0
            other = rows[random.permutation(len(rows))]
            x, target, counts = (
                np.float32(share) * each[rows] + np.float32(1 - share) * each[other]
                for each in (inputs, wanted, weight[y])
            )
            rate = min(1.0, (step + 1) / steps) * (1 + np.cos(np.pi * step / (steps * epochs))) / 2
            model.optimizer.learning_rate = how.learning_rate * rate
            model.train_on_batch(x, target, sample_weight=counts)
            step += 1
        if after_epoch is not None:
            after_epoch(epoch + 1, model)
    return model


def answers(model: "keras.Model", architecture: str, clips: NDArray, form: Form | None = None) -> NDArray[np.float32]:
    """Return a network's probabilities for clips as `train` takes them and their mirror images: (n, classes)."""
    form = form or FLOW_MAPS[CLIP_ARCHITECTURES[architecture].takes]
    both = form.prepared(np.concatenate([clips, form.mirrored(clips)]))
    return np.mean(np.split(np.asarray(model.predict_on_batch(both), np.float32), 2), axis=0)


def _blank(
    architecture: str, classes: int, how: ClipTraining, options: tuple[tuple[str, object], ...], seed: int
) -> "keras.Model":
    """Return a compiled network with new random weights and an optimizer that remembers nothing."""
    import keras

    model, at_first = _compiled(architecture, classes, how, options)
    # All variables, not the weights alone: dropout keeps what it draws next as one, too.
    keras.utils.set_random_seed(seed)
    fresh = _build(architecture, classes, options)
    for variable, value in zip(model.variables, fresh.variables, strict=True):
        variable.assign(value)
    for variable, value in zip(model.optimizer.variables, at_first, strict=True):
        variable.assign(value)
    return model


@lru_cache(maxsize=4)
def _compiled(
    architecture: str, classes: int, how: ClipTraining, options: tuple[tuple[str, object], ...]
) -> tuple["keras.Model", list[NDArray]]:
    import keras

    model = _build(architecture, classes, options)
    optimizer = keras.optimizers.AdamW(how.learning_rate, weight_decay=how.weight_decay)
    model.compile(optimizer, "categorical_crossentropy", jit_compile=False)
    optimizer.build(model.trainable_variables)
    return model, [keras.ops.convert_to_numpy(variable).copy() for variable in optimizer.variables]


def _build(architecture: str, classes: int, options: tuple[tuple[str, object], ...]) -> "keras.Model":
    entry = CLIP_ARCHITECTURES[architecture]
    told = dict(options)
    if entry.takes == "frames":
        # Unless something else is asked for, maps as they are and not the faces: nothing to brighten.
        told = {"shape": (8, 28, 28, 3), **told}
        if architecture == "agmenet":
            told = {"llem": False, **told}
    return build_clip(architecture, classes, **told)
