import numpy as np
import onnx
import onnxruntime
import pytest
from lazily import Lazily

from engine.models import registry

keras = Lazily("keras")
export = Lazily("engine.models.export")
mirror = Lazily("engine.models.mirror")


@pytest.fixture(scope="module", params=["paper_cnn_lstm", "neuromer_cnn_lstm"])
def exported(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    keras.utils.set_random_seed(1)
    model = registry.build(request.param, 7)
    before = [array.copy() for array in model.get_weights()]
    model = mirror.with_mirror(model) if request.param == "neuromer_cnn_lstm" else model
    export.export(model, folder)
    return folder, model, before


def test_both_files_answer_as_the_network(exported):
    folder, model, _ = exported
    gray = np.random.default_rng(0).random((9, 48, 48, 1), dtype=np.float32)
    expected = model.predict(gray, verbose=0)
    again = keras.saving.load_model(folder / "model.keras", compile=False)
    np.testing.assert_allclose(again.predict(gray, verbose=0), expected, atol=1e-6)
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    answer, embedding = session.run(None, {session.get_inputs()[0].name: gray})
    np.testing.assert_allclose(answer, expected, atol=1e-5)
    last = model.layers[-1]
    logits = embedding @ last.kernel.numpy() + last.bias.numpy()
    np.testing.assert_allclose(_centred(logits), _centred(np.log(answer)), atol=1e-3)


def _centred(logits):
    return logits - logits.mean(axis=1, keepdims=True)


def test_files_take_at_most_three_bytes_a_weight(exported):
    folder, model, _ = exported
    count = model.count_params()
    assert (folder / "model.onnx").stat().st_size < 3 * count + 100_000
    assert (folder / "model.keras").stat().st_size < 3 * count + 100_000
    assert not list(folder.glob("*.small"))
    onnx.checker.check_model(onnx.load(folder / "model.onnx"))


def test_rounding_moves_no_weight_by_more_than_half_precision(exported):
    _, model, before = exported
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_allclose(now, then, rtol=2**-11, atol=2**-25)
        if then.size < 1024:
            np.testing.assert_array_equal(now, then)
