"""Training LLEM without paired pictures: no better lit picture of the same face is ever shown to it.

A face is taken into less light twice, each time with noise of its own. The network sees the first exposure; what it
makes of it is held against the second, equally dark one, multiplied to the wanted brightness. The noise of the two
has nothing in common, so the best answer is the face without noise (Lehtinen et al. 2018, Noise2Noise, arXiv
1803.04189), and neither a clean nor a bright picture is needed. Beside it stand the terms of Zero-DCE (Guo et al. 2020,
doi 10.1109/CVPR42600.2020.00185): exposure, spatial consistency, illumination smoothness; and, where the faces have
labels, how well a finished, frozen recogniser names the expression in the result. The weights, the ranges and the
wanted brightness are our choice.
"""

from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from engine import emotions
from engine.datasets.crops import face_crops
from engine.datasets.face_set import FaceSet, fingerprint
from engine.models import card as cards
from engine.models import layers, mirror, registry, shipped  # noqa: F401 - the first two are in saved models
from engine.models.export import export_picture_model
from engine.models.llem import build_llem
from engine.tasks import SILENT, Progress
from engine.training.precision import computing_in, usable

GAMMA = 2.2
WANTED, DARK, LIT = 0.45, 0.25, 0.35
"""Mean gray, 0..1: what pictures below the second are brought to; above the third they keep theirs."""


@dataclass(frozen=True)
class LowLightConfiguration:
    """How LLEM is trained.

    Attributes
    ----------
    steps, batch_size, learning_rate, seed
        Of Adam, with a cosine schedule down to 0.
    precision
        Keras' policy while it trains; what it leaves is float32.
    untouched, strictness
        Share of pictures that are left as they are, without noise, and how much more they count: where the light is
        good they must come out as they went in.
    least_light, least_gray
        The darkest that pictures get: as a share of the light on a sensor, and as a factor of gray values.
    exposure, consistency, smoothness
        Weights of Zero-DCE's three terms beside the comparison with the second exposure.
    recogniser, recognition
        The shipped model that looks at the result, and the weight of its cross-entropy; None: nobody looks.
    """

    steps: int = 4000
    batch_size: int = 32
    learning_rate: float = 2e-3
    seed: int = 1
    precision: str = "mixed_bfloat16"
    untouched: float = 0.25
    strictness: float = 8.0
    least_light: float = 0.03
    least_gray: float = 0.04
    exposure: float = 0.5
    consistency: float = 0.5
    smoothness: float = 0.01
    recogniser: str | None = "neuromer"
    recognition: float = 0.1


def exposures(
    crops: np.ndarray, configuration: LowLightConfiguration, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Take each picture twice in the same poor light.

    A third of the darkened pictures have their gray values multiplied and normal noise added; the rest lose light on
    a sensor that counts electrons (Healey and Kondepudy 1994, doi 10.1109/34.276126) of a well and a noise drawn anew.

    Parameters
    ----------
    crops
        (n, height, width) uint8.
    configuration
        How dark they may get.
    random
        Source of every draw.

    Returns
    -------
    tuple
        The first exposures, (n, height, width, 1) float32 in whole gray levels of 0..1, and what the result is held
        against, (n, height, width, 3) float32: the second exposure times the factor that brings the first to its wanted
        brightness, neither rounded nor clipped; and the exponent that the result needs to be in the same space, 1 for
        gray values and `GAMMA` for light; and how much the picture counts.
    """
    count = len(crops)
    shape = (count, 1, 1)
    gray = crops.astype(np.float32) / 255
    on_sensor = (random.random(shape) < 2 / 3).astype(np.float32)
    untouched = random.random(shape) < configuration.untouched
    gain = np.exp(random.uniform(np.log(configuration.least_light), 0, shape))
    well, read = np.exp(random.uniform(np.log(700), np.log(4000), shape)), random.uniform(2, 5, shape)
    dim, noise = np.exp(random.uniform(np.log(configuration.least_gray), 0, shape)), random.uniform(0, 2.5, shape) / 255

    def once() -> tuple[np.ndarray, np.ndarray]:
        light = (random.poisson(well * gain * gray**GAMMA) + random.normal(0, 1, gray.shape) * read) / well
        values = gray * dim + random.normal(0, 1, gray.shape) * noise
        return light, values

    (light, values), (light_again, values_again) = once(), once()
    first = np.where(on_sensor, np.clip(light, 0, 1) ** (1 / GAMMA), np.clip(values, 0, 1))
    first = np.where(untouched, gray, np.rint(255 * first) / 255)
    exponent = np.where(untouched, 1, np.where(on_sensor, GAMMA, 1))
    second = np.where(untouched, gray, np.where(on_sensor, light_again, values_again))
    mean = np.maximum(first.mean(axis=(1, 2), keepdims=True), 1 / 255)
    factor = np.interp(mean, (DARK, LIT), (WANTED, LIT)) / mean
    factor = np.where(mean < LIT, factor, 1)
    # Without noise nothing is random, and a small change is already one too many.
    strictness = np.where(untouched, configuration.strictness, 1.0)
    told = [second * factor**exponent, *(np.broadcast_to(each, gray.shape) for each in (exponent, strictness))]
    held_against = np.stack(told, axis=-1)
    return first[..., None].astype(np.float32), held_against.astype(np.float32)


class DarkPairs(keras.utils.PyDataset):
    """Batches of `exposures`, mirrored at random; each batch comes from the seed and its number alone."""

    def __init__(
        self, crops: np.ndarray, configuration: LowLightConfiguration, targets: np.ndarray | None = None
    ) -> None:
        super().__init__()
        self.crops, self.configuration, self.targets = crops, configuration, targets

    def __len__(self) -> int:
        return self.configuration.steps

    def __getitem__(self, index: int) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """Return batch ``index``: the first exposures, and for each output what it is held against."""
        random = np.random.default_rng((self.configuration.seed, index))
        rows = random.integers(0, len(self.crops), self.configuration.batch_size)
        crops = self.crops[rows]
        mirrored = np.where(random.random((len(crops), 1, 1)) < 0.5, crops, crops[:, :, ::-1])
        first, held_against = exposures(mirrored, self.configuration, random)
        held = (held_against, np.zeros((len(crops), 1), np.float32))
        return first, held if self.targets is None else (*held, self.targets[rows])


def train(
    crops: np.ndarray,
    configuration: LowLightConfiguration | None = None,
    targets: np.ndarray | None = None,
    progress: Progress = SILENT,
) -> tuple[keras.Model, dict]:
    """Train LLEM.

    Parameters
    ----------
    crops
        (n, 48, 48) uint8 faces; no pairs.
    configuration
        How; its defaults for None.
    targets
        (n, classes) float32, the expressions shown, for the recogniser that looks at the result; a row of zeros says
        nothing. None: nobody looks.
    progress
        Is told the steps done, all steps, and the loss.

    Returns
    -------
    tuple
        The trained network, float32, and what its card says of the training: the configuration, what was computed in,
        and the loss after each hundred steps.
    """
    configuration = configuration or LowLightConfiguration()
    keras.utils.set_random_seed(configuration.seed)
    with computing_in(configuration.precision):
        model = build_llem(*crops.shape[1:])
    outputs = [model.output, model.get_layer("curves").output]
    losses: list[Any] = [lambda held, made: _picture_loss(held, made, configuration), _roughness]
    weights = [1.0, configuration.smoothness]
    if targets is not None and configuration.recogniser is not None:
        outputs.append(_frozen(configuration.recogniser, configuration.precision)(model.output))
        losses.append("categorical_crossentropy")
        weights.append(configuration.recognition)
    both = keras.Model(model.input, outputs)
    schedule = keras.optimizers.schedules.CosineDecay(
        configuration.learning_rate,
        configuration.steps,
        warmup_target=configuration.learning_rate,
        warmup_steps=min(50, configuration.steps // 4),
    )
    optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
    both.compile(optimizer, loss=losses, loss_weights=weights, jit_compile=False)
    history: list[float] = []

    def tell(batch: int, logs: dict[str, float]) -> None:
        words = "Training LLEM"
        if (batch + 1) % 100 == 0:
            history.append(round(float(logs["loss"]), 6))
            words += f", loss {logs['loss']:.4f}"
        progress.step(batch + 1, configuration.steps, words)

    both.fit(
        DarkPairs(crops, configuration, targets if len(outputs) == 3 else None),
        shuffle=False,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=tell)],
    )
    anywhere = build_llem()
    anywhere.set_weights(model.get_weights())
    told = {"configuration": asdict(configuration), "computed_in": usable(configuration.precision)}
    return anywhere, told | {"history": {"loss": history}}


def train_and_ship(
    faces: FaceSet, split: str | None, folder: Path, configuration: LowLightConfiguration, progress: Progress = SILENT
) -> dict[str, Any]:
    """Train LLEM on a split of a face set and write ``model.keras``, ``model.onnx`` and ``card.json``.

    Parameters
    ----------
    faces
        Faces. Their FERPlus votes or labels are what the recogniser's answers are held against.
    split
        Of the set, all pictures for None.
    folder
        Created where it does not exist.
    configuration
        How.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        The card. Its ``kind`` is ``"enhancement"``: it answers no expression and is not listed among those that do.
    """
    crops, rows, _ = face_crops(faces.pictures, faces.rows_of(split), "auto")
    model, told = train(crops, configuration, _targets(faces, rows, configuration), progress)
    export_picture_model(model, folder)
    card = {
        "kind": cards.ENHANCEMENT,
        "name": "llem",
        "title": "LLEM, low-light enhancement",
        "architecture": {
            "name": "build_llem",
            "title": "Curves for each pixel, after Zero-DCE",
            "source": "doi 10.1109/CVPR42600.2020.00185",
        },
        "parameters": model.count_params(),
        "input": "gray face of any size, divided by 255",
        "output": "the same face, brighter where it was dark, in 0..1",
        "data": {
            "name": faces.name,
            "fingerprint": fingerprint(faces),
            "division": split or "all pictures",
            "training_pictures": len(rows),
        },
        "training": {
            "command": f"python -m engine lowlight train --data {faces.name} --split {split} --output FOLDER",
            "versions": {name: version(name) for name in ("keras", "tensorflow", "numpy")},
            **told,
        },
        "limits": [
            "Trained on web-search faces of 48×48 pixels, darkened with simulated noise, not on real night pictures.",
            "It smooths noise and thereby fine detail; it cannot bring back what the light did not carry.",
        ],
    }
    cards.write(folder, card)
    return card


def _targets(faces: FaceSet, rows: np.ndarray, configuration: LowLightConfiguration) -> np.ndarray | None:
    if configuration.recogniser is None:
        return None
    labels = tuple(cards.read(shipped.folder(configuration.recogniser))["labels"])
    if faces.votes is not None:
        return emotions.votes_to_targets(faces.votes[rows], labels)
    return (faces.labels[rows, None] == np.array(labels)).astype(np.float32)


def _frozen(name: str, precision: str) -> keras.Model:
    """Return the recogniser without its look at the mirror image, which would double the work."""
    whole = keras.saving.load_model(shipped.folder(name) / "model.keras", compile=False)
    told = cards.read(shipped.folder(name))
    with computing_in(precision):
        recogniser = registry.build(told["architecture"]["name"], len(told["labels"]))
    recogniser.set_weights(whole.get_weights())
    recogniser.trainable = False
    return recogniser


def _picture_loss(
    held: keras.KerasTensor, made: keras.KerasTensor, configuration: LowLightConfiguration
) -> keras.KerasTensor:
    """Compare the result with the second exposure, pixel by pixel, in means of 4×4 pixels, and in the whole mean."""
    wanted, exponent = held[..., :1], held[..., 1:2]
    in_space = ops.power(ops.maximum(made, 1e-4), exponent)
    # A difference of light weighs as much as the difference of gray values that it makes: d light = γ gray^(γ-1) d gray
    # (the gray value held fixed, and not too near black, where the weight would grow without bound).
    weight = ops.power(ops.stop_gradient(made) + 0.15, 1 - exponent) / exponent
    away = (in_space - wanted) * weight
    local = ops.average_pool(away, 4, data_format="channels_last")
    return held[:, 0, 0, 2] * (
        ops.mean(ops.square(away), axis=(1, 2, 3))
        + configuration.consistency * 4 * ops.mean(ops.square(local), axis=(1, 2, 3))
        + configuration.exposure * ops.square(ops.mean(away, axis=(1, 2, 3)))
    )


def _roughness(_: keras.KerasTensor, curves: keras.KerasTensor) -> keras.KerasTensor:
    """How much the curves of neighbouring blocks of 4×4 pixels differ: light changes slowly over a face."""
    blocks = ops.average_pool(curves, 4, data_format="channels_last")
    down, right = blocks[:, 1:] - blocks[:, :-1], blocks[:, :, 1:] - blocks[:, :, :-1]
    return ops.mean(ops.square(down), axis=(1, 2, 3)) + ops.mean(ops.square(right), axis=(1, 2, 3))
