"""Keras' own way: ``python -m engine.bench.peers.keras_models predict MODEL.keras``, or ``fit ours`` or ``fit keras``.

``predict`` is ``model.predict`` on one face crop. ``fit`` is an epoch of the paper's network at batch 8: same start,
same pictures, same optimizer. ``ours`` makes as many steps a call as `engine.training.fit` does; ``keras`` is
``model.fit(x, y, batch_size=8)`` on arrays in memory.
"""

import sys
from collections.abc import Callable

from engine.bench.figures.training import BATCH, PICTURES
from engine.bench.peers import serve


def predict() -> tuple[Callable[[], object], str]:
    """Load the model and a crop."""
    import keras
    import numpy as np

    from engine.models import layers, mirror  # noqa: F401, the model file names what they register

    model = keras.saving.load_model(sys.argv[2], compile=False)
    crop = np.random.default_rng(0).random((1, *model.input_shape[1:]), np.float32)
    about = f"Keras {keras.__version__} model.predict on {keras.backend.backend()}"
    return lambda: model.predict(crop, verbose=0), about


def fit() -> tuple[Callable[[], object], str]:
    """Generate pictures, build the network and train for an epoch, so that all that is compiled is."""
    import keras
    import numpy as np

    from engine.models.cnn_lstm import paper_cnn_lstm
    from engine.settings import CROP_SIZE
    from engine.training.batches import Batches
    from engine.training.fit import steps_per_call

    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    crops = random.integers(0, 256, (PICTURES, CROP_SIZE, CROP_SIZE), np.uint8)
    targets = np.eye(6, dtype=np.float32)[random.integers(0, 6, PICTURES)]
    model = paper_cnn_lstm(6)
    steps = steps_per_call(BATCH) if sys.argv[2] == "ours" else 1
    model.compile(
        keras.optimizers.Adam(1e-3), "categorical_crossentropy", metrics=["accuracy"], steps_per_execution=steps
    )
    model.optimizer.build(model.trainable_variables)
    gray, batches = crops[..., None].astype(np.float32) / 255, Batches(crops, targets, BATCH, seed=0)
    once = {
        "ours": lambda: model.fit(batches, shuffle=False, verbose=0),
        "keras": lambda: model.fit(gray, targets, batch_size=BATCH, verbose=0),
    }[sys.argv[2]]
    once()
    return once, f"Keras {keras.__version__} fit on arrays, {keras.backend.backend()}"


if __name__ == "__main__":
    serve({"predict": predict, "fit": fit}[sys.argv[1]])
