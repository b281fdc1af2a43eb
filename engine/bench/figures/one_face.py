"""One face, from a decoded crop to probabilities: each shipped model in ONNX Runtime beside Keras' own way."""

import numpy as np

from engine import settings
from engine.bench.measurement import Measurement
from engine.bench.peer import Alternative, compare
from engine.bench.timing import stopwatch
from engine.models import shipped
from engine.settings import CROP_SIZE

ALTERNATIVE = Alternative("Keras model.predict", "engine.bench.peers.keras_models")
AT_MOST_MS = {"neuromer_cnn_lstm": 3.0, "paper_cnn_lstm": 0.35}
"""The targets, by architecture."""


def measure() -> list[Measurement]:
    """Time each shipped model."""
    return [_measure_model(name) for name in shipped.names()]


def _measure_model(name: str) -> Measurement:
    model = shipped.load(name)
    crop = np.random.default_rng(0).integers(0, 256, (1, CROP_SIZE, CROP_SIZE), np.uint8)
    ours = stopwatch(lambda: model.probabilities(crop))
    network = settings.WEIGHTS_FOLDER / name / "model.keras"
    timed = compare(ours, ALTERNATIVE, ["predict", str(network)], rounds=10, each=(50, 10))
    at_most = AT_MOST_MS.get(model.card.get("architecture", {}).get("name"))
    return timed.measurement(f"one face, {model.title}", "ms", 1e3, at_most=at_most)
