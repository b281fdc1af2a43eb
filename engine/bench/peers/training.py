"""An epoch of the paper's network at batch 8: ``python -m engine.bench.peers.training ours`` or ``... keras``.

Same start, same pictures, same optimizer. ``ours`` makes as many steps a call as `engine.training.fit` does; ``keras``
is ``model.fit(x, y, batch_size=8)`` on arrays in memory.
"""

import sys
from collections.abc import Callable

from engine.bench.figures.training import BATCH, PICTURES
from engine.bench.peers import serve


def prepare() -> tuple[Callable[[], object], str]:
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
    steps = steps_per_call(BATCH) if sys.argv[1] == "ours" else 1
    model.compile(
        keras.optimizers.Adam(1e-3), "categorical_crossentropy", metrics=["accuracy"], steps_per_execution=steps
    )
    model.optimizer.build(model.trainable_variables)
    gray, batches = crops[..., None].astype(np.float32) / 255, Batches(crops, targets, BATCH, seed=0)
    once = {
        "ours": lambda: model.fit(batches, shuffle=False, verbose=0),
        "keras": lambda: model.fit(gray, targets, batch_size=BATCH, verbose=0),
    }[sys.argv[1]]
    once()
    return once, f"Keras {keras.__version__} fit on arrays, {keras.backend.backend()}"


if __name__ == "__main__":
    serve(prepare)
