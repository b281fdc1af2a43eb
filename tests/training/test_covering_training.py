"""Training what looks for coverings."""

import numpy as np
import onnxruntime
import pytest

from engine.models.covering import build_covering
from engine.training.covering import CoveringConfiguration, export, samples, train

BARE = np.random.default_rng(2).integers(0, 255, (6, 64, 64, 3), dtype=np.uint8)


def test_the_network_has_the_size_that_is_told():
    network = build_covering()
    assert network.count_params() == 78_624
    assert {name: output.shape[1:] for name, output in network.output.items()} == {"regions": (3,), "grid": (6, 6, 1)}


def test_samples_tell_what_they_hide():
    crops, truth = samples(BARE, 60, np.random.default_rng(1))
    assert crops.shape == (60, 48, 48, 3)
    assert truth["grid"].shape == (60, 6, 6, 1)
    for each in truth.values():
        assert each.min() >= 0
        assert each.max() <= 1 + 1e-5
    nothing = truth["grid"].sum(axis=(1, 2, 3)) == 0
    assert 0.2 < nothing.mean() < 0.6  # 40 % are bare
    assert (truth["regions"][nothing] == 0).all()
    assert ((truth["regions"] == 1).mean(axis=0) > 0.1).all()


def test_what_is_trained_is_what_is_opened(tmp_path):
    network = train(BARE, CoveringConfiguration(samples=24, epochs=3, batch_size=8))
    export(network, tmp_path / "covering" / "model.onnx")
    crops = samples(BARE, 4, np.random.default_rng(3))[0].astype(np.float32)
    session = onnxruntime.InferenceSession(tmp_path / "covering" / "model.onnx")
    (answers,) = session.run(["regions"], {"crop": crops})
    assert answers == pytest.approx(network.predict(crops, verbose=0), abs=5e-3)
