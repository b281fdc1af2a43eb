"""Training the network of `engine.faces.covering` on bare faces before which coverings are drawn.

Bare faces come as (n, 64, 64, 3) RGB: the crop of `engine.faces.align`, 48 by 48, with 8 pixels more on each side, so
that it can be moved and turned as the mesh on a covered face errs. Among pictures from web search a few faces are
covered already, by hands above all. They would be learnt as bare: a first short training finds the faces that look most
covered, and they are left out of the second.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import keras
import numpy as np
import onnx

from engine.models.covering import build_covering
from engine.models.export import export_outputs
from engine.settings import CROP_SIZE
from engine.synthetic.coverings import REGIONS, cover

MARGIN = 8
"""Pixels of a bare face around the crop."""

# x, y, x, y in the crop: the person's right eye (on the left), left eye, mouth.
PLACES = np.array([(9, 15, 20, 22), (28, 15, 39, 22), (16, 33, 32, 41)])
HIDDEN_SHARE = 0.35
"""Of a place, from which on it counts as wholly hidden; below, in proportion."""

COVERED, GLASSES = 0.6, 0.1  # shares of the samples
CELLS = 6


@dataclass(frozen=True)
class CoveringConfiguration:
    """How it is trained.

    Attributes
    ----------
    samples, epochs
        Of the second training; the first has a third of both.
    batch_size, learning_rate, weight_decay, seed
        Of AdamW, with a cosine schedule down to 0.
    suspects
        Share of the bare faces that are left out of the second training.
    """

    samples: int = 40_000
    epochs: int = 13
    batch_size: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    seed: int = 1
    suspects: float = 0.04


def train(bare: np.ndarray, configuration: CoveringConfiguration) -> keras.Model:
    """Train on bare faces (n, 64, 64, 3) uint8 RGB; return the network with its output ``regions``."""
    random = np.random.default_rng(configuration.seed)
    keras.utils.set_random_seed(configuration.seed)
    first = _fit(bare, configuration, random, share=1 / 3)
    inner = slice(MARGIN, -MARGIN)
    looks = first.predict(bare[:, inner, inner], batch_size=512, verbose=0)["regions"].max(axis=1)
    sure = bare[looks <= np.quantile(looks, 1 - configuration.suspects)]
    network = _fit(sure, configuration, random, share=1.0)
    return keras.Model(network.input, network.get_layer("regions").output, name="covering")


def export(network: keras.Model, file: Path) -> None:
    """Write what `engine.faces.covering` opens."""
    file.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(export_outputs(network, ("regions",), file.parent), file)


def samples(bare: np.ndarray, count: int, random: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Draw faces with and without coverings.

    Parameters
    ----------
    bare
        (n, 64, 64, 3) uint8 RGB.
    count
        How many.
    random
        Draws everything.

    Returns
    -------
    tuple
        (count, 48, 48, 3) uint8; and ``regions``, (count, 3) float32, how far right eye, left eye and mouth are hidden,
        ``grid``, (count, 6, 6, 1), the hidden share of each cell, both 0 to 1.
    """
    crops = np.empty((count, CROP_SIZE, CROP_SIZE, 3), np.uint8)
    regions, grid = np.empty((count, len(PLACES)), np.float32), np.empty((count, CELLS, CELLS, 1), np.float32)
    for number in range(count):
        face = bare[random.integers(len(bare))]
        hidden = np.zeros(face.shape[:2], np.float32)
        kind = random.random()
        if kind < COVERED:
            face, hidden = _covered(face, random, bare)
        elif kind < COVERED + GLASSES:
            face = _with_glasses(face, random)
        if random.random() < 0.5:
            face, hidden = face[:, ::-1], hidden[:, ::-1]
        face, hidden = _moved(face, hidden, random)
        crops[number] = _as_filmed(face, random)
        shares = [hidden[top:bottom, left:right].mean() for left, top, right, bottom in PLACES]
        regions[number] = np.minimum(np.array(shares) / HIDDEN_SHARE, 1)
        grid[number, ..., 0] = cv2.resize(hidden, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    return crops, {"regions": regions, "grid": grid}


def _fit(
    bare: np.ndarray, configuration: CoveringConfiguration, random: np.random.Generator, share: float
) -> keras.Model:
    count, epochs = max(1, round(share * configuration.samples)), max(1, round(share * configuration.epochs))
    crops, truth = samples(bare, count, random)
    steps = epochs * -(-count // configuration.batch_size)
    rate = keras.optimizers.schedules.CosineDecay(configuration.learning_rate, steps)
    network = build_covering()
    loss = dict.fromkeys(truth, "binary_crossentropy")
    network.compile(keras.optimizers.AdamW(rate, weight_decay=configuration.weight_decay), loss=loss)
    network.fit(crops, truth, batch_size=configuration.batch_size, epochs=epochs, verbose=0)
    return network


def _covered(face: np.ndarray, random: np.random.Generator, bare: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cover the inner crop; what reaches its border goes on to that of the face."""
    inner = slice(MARGIN, -MARGIN)
    region = str(random.choice(REGIONS, p=(0.4, 0.4, 0.2)))
    crop, hidden = cover(face[inner, inner], region, "learning", random, bare)
    hidden = np.pad(hidden, MARGIN, mode="edge")
    wide = np.pad(crop, ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)), mode="edge")
    around = face + hidden[..., None] * (wide.astype(np.float32) - face)
    around[inner, inner] = crop
    return around.astype(np.uint8), hidden


def _with_glasses(face: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw the frame of clear glasses, which hide nothing."""
    drawn = np.ascontiguousarray(face)
    colour = np.clip(random.uniform(0, 90) + random.normal(0, 15, 3), 0, 255).tolist()
    thick, radius, y = int(random.integers(1, 3)), random.uniform(5.5, 8), MARGIN + 18.5 + random.normal()
    for x in (MARGIN + 14.7, MARGIN + 33.3):
        axes = (int(radius * 16), int(radius * random.uniform(0.7, 1) * 16))
        cv2.ellipse(drawn, (int(x * 16), int(y * 16)), axes, 0, 0, 360, colour, thick, cv2.LINE_AA, 4)
    row = int(y)
    for start, end in (((28, row), (36, row)), ((0, row - 1), (15, row)), ((49, row), (63, row - 1))):
        cv2.line(drawn, start, end, colour, thick)
    return drawn


def _moved(face: np.ndarray, hidden: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Cut the crop out as the mesh on a covered face would, a little beside, turned, too large or small."""
    middle = CROP_SIZE / 2 + MARGIN
    transform = cv2.getRotationMatrix2D((middle, middle), random.normal(0, 5), float(np.exp(random.normal(0, 0.07))))
    transform[:, 2] = transform[:, 2] + random.normal(0, 1.3, 2) - MARGIN
    size = (CROP_SIZE, CROP_SIZE)
    moved = cv2.warpAffine(np.ascontiguousarray(face), transform, size, borderMode=cv2.BORDER_REPLICATE)
    return moved, cv2.warpAffine(np.ascontiguousarray(hidden), transform, size)


def _as_filmed(face: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a face gray or in colour, blurred, in another light, half in the shade, noisy, compressed."""
    if random.random() < 0.45:
        face = cv2.cvtColor(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    light = face.astype(np.float32)
    if random.random() < 0.5:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), random.uniform(0.3, 1.3)), np.float32)
    light = (light - 128) * random.uniform(0.6, 1.25) + 128 + random.uniform(-40, 40)
    if random.random() < 0.3:
        angle = random.uniform(0, 2 * np.pi)
        y, x = np.mgrid[0:CROP_SIZE, 0:CROP_SIZE] - CROP_SIZE / 2
        beyond = x * np.cos(angle) + y * np.sin(angle) + random.normal(0, 8)
        light *= 1 - random.uniform(0.2, 0.7) / (1 + np.exp(-beyond / random.uniform(1, 10)))[..., None]
    channels = 3 if random.random() < 0.5 else 1
    light += random.normal(0, random.uniform(0, 8), (CROP_SIZE, CROP_SIZE, channels))
    seen = np.clip(light, 0, 255).astype(np.uint8)
    if random.random() < 0.3:
        quality = int(random.uniform(25, 90))
        file = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        seen = np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)
    return seen
