"""Keras' ``model.predict`` on one face crop: ``python -m engine.bench.peers.keras_predict MODEL.keras``."""

import sys
from collections.abc import Callable

from engine.bench.peers import serve


def prepare() -> tuple[Callable[[], object], str]:
    """Load the model and a crop."""
    import keras
    import numpy as np

    from engine.models import layers, mirror  # noqa: F401, the model file names what they register

    model = keras.saving.load_model(sys.argv[1], compile=False)
    crop = np.random.default_rng(0).random((1, *model.input_shape[1:]), np.float32)
    return lambda: model.predict(
        crop, verbose=0
    ), f"Keras {keras.__version__} model.predict on {keras.backend.backend()}"


if __name__ == "__main__":
    serve(prepare)
