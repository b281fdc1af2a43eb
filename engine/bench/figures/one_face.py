"""One face, from a decoded crop to probabilities: each shipped model in ONNX Runtime beside Keras' own way."""

import numpy as np

from engine import settings
from engine.bench.measurement import Measurement
from engine.bench.peer import Peer, PeerUnavailableError
from engine.bench.timing import alternate, stopwatch
from engine.errors import ModelError
from engine.models import shipped
from engine.models.registry import CROP_SIZE

AT_MOST_MS = {"neuromer_cnn_lstm": 3.0, "paper_cnn_lstm": 0.35}
"""The targets, by architecture."""


def measure() -> list[Measurement]:
    """Time each shipped model.

    Raises
    ------
    ModelError
        If no model is shipped.
    """
    if not shipped.names():
        raise ModelError("No model is shipped.", "Train one first.")
    return [_measure_model(name) for name in shipped.names()]


def _measure_model(name: str) -> Measurement:
    model = shipped.load(name)
    crop = np.random.default_rng(0).integers(0, 256, (1, CROP_SIZE, CROP_SIZE), np.uint8)
    ours = stopwatch(lambda: model.probabilities(crop))
    try:
        with Peer("engine.bench.peers.keras_predict", [str(settings.WEIGHTS_FOLDER / name / "model.keras")]) as peer:
            times, alternative, note = alternate(ours, peer.times, rounds=10, each=(50, 10)), peer.description, ""
    except PeerUnavailableError as error:
        times, alternative = alternate(ours, None, rounds=10, each=(50, 0)), "Keras model.predict"
        note = f"alternative not available: {error}"
    our_time, their_time, repetitions = times
    return Measurement.compare(
        f"one face, {model.title}",
        "ms",
        our_time * 1e3,
        alternative,
        None if their_time is None else their_time * 1e3,
        repetitions=repetitions,
        at_most=AT_MOST_MS.get(model.card.get("architecture", {}).get("name")),
        note=note,
    )
