import numpy as np
import pytest
from lazily import Lazily

from engine.images import lowlight

keras = Lazily("keras")
llem = Lazily("engine.models.llem")


def bent(x, curves):
    gray, maps = np.reshape(x, (1, -1, 1, 1)), np.reshape(curves, (1, 1, 1, -1))
    maps = np.broadcast_to(maps, (1, gray.shape[1], 1, maps.shape[-1]))
    return np.asarray(llem.LightCurves()(gray.astype(np.float32), maps.astype(np.float32)))[0, :, 0, 0]


def test_the_curve_is_the_formula():
    # 0.2 + 0.5 · 0.2 · 0.8 = 0.28; then 0.28 - 1 · 0.28 · 0.72 = 0.0784.
    assert bent([0.2], [0.5]) == pytest.approx(0.28)
    assert bent([0.2], [0.5, -1]) == pytest.approx(0.0784)
    # With a = 1 each step squares the distance from 1: 1 - (1 - x)^(2^8).
    assert bent([0.01], [1] * 8) == pytest.approx(1 - 0.99**256, rel=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_curves_rise_and_stay_in_range(seed):
    x = np.linspace(0, 1, 257)
    y = bent(x, np.random.default_rng(seed).uniform(-1, 1, llem.ITERATIONS))
    assert y[0] == 0 and y[-1] == pytest.approx(1)
    assert (np.diff(y) >= -1e-6).all() and y.min() >= 0 and y.max() <= 1 + 1e-6


def test_without_curves_nothing_changes():
    x = np.linspace(0, 1, 257)
    np.testing.assert_allclose(bent(x, [0] * llem.ITERATIONS), x, atol=1e-7)
    model = llem.build_llem(8, 8)
    last = model.get_layer("curves")
    last.set_weights([np.zeros_like(array) for array in last.get_weights()])
    gray = np.random.default_rng(0).uniform(llem.FLOOR, 1, (2, 8, 8, 1)).astype(np.float32)
    np.testing.assert_allclose(np.asarray(model(gray)), gray, atol=1e-6)


def test_size_and_shape():
    model = llem.build_llem()
    assert model.count_params() == 69_896
    assert model.output_shape == (None, None, None, 1)
    assert model.get_layer("curves").output.shape == (None, None, None, llem.ITERATIONS)
    assert model(np.full((2, 5, 9, 1), 0.1, np.float32)).shape == (2, 5, 9, 1)


def test_the_shipped_files_agree():
    model = keras.saving.load_model(lowlight.llem_weights(), compile=False)
    import onnxruntime

    session = onnxruntime.InferenceSession(
        lowlight.llem_weights().with_name("model.onnx"), providers=["CPUExecutionProvider"]
    )
    random = np.random.default_rng(0)
    for shape in [(3, 48, 48, 1), (1, 20, 33, 1)]:
        gray = (random.random(shape) * random.uniform(0.05, 1, (shape[0], 1, 1, 1))).astype(np.float32)
        (answer,) = session.run(None, {session.get_inputs()[0].name: gray})
        np.testing.assert_allclose(answer, np.asarray(model(gray)), atol=1e-4)
