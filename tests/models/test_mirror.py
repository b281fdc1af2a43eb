import numpy as np
import pytest
from lazily import Lazily

from engine.models import registry

keras = Lazily("keras")
mirror = Lazily("engine.models.mirror")


@pytest.fixture(scope="module")
def plain():
    keras.utils.set_random_seed(3)
    return registry.build("neuromer_cnn_lstm", 7)


@pytest.fixture(scope="module")
def gray():
    return np.random.default_rng(0).random((5, 48, 48, 1), dtype=np.float32)


def logits(model, gray):
    return np.log(model.predict(gray, verbose=0))


def test_a_mirrored_face_gets_the_same_answer(plain, gray):
    both = mirror.with_mirror(plain)
    np.testing.assert_allclose(both.predict(gray, verbose=0), both.predict(gray[:, :, ::-1], verbose=0), atol=1e-6)
    assert np.abs(plain.predict(gray, verbose=0) - plain.predict(gray[:, :, ::-1], verbose=0)).max() > 1e-4


def test_it_averages_the_logits_of_both_looks(plain, gray):
    mean = (logits(plain, gray) + logits(plain, gray[:, :, ::-1])) / 2
    expected = np.exp(mean) / np.exp(mean).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(mirror.with_mirror(plain).predict(gray, verbose=0), expected, atol=1e-5)


def test_its_weights_are_the_networks_in_the_same_order(plain):
    weights = mirror.with_mirror(plain).get_weights()
    assert len(weights) == len(plain.get_weights())
    for mine, theirs in zip(weights, plain.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_it_can_be_kept_in_a_file(plain, gray, tmp_path):
    both = mirror.with_mirror(plain)
    both.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    np.testing.assert_allclose(again.predict(gray, verbose=0), both.predict(gray, verbose=0), atol=1e-6)
