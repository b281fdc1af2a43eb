"""The last layer learnt anew: against scikit-learn, the rest left alone, rare expressions counted alike."""

import numpy as np
import pytest
from lazily import Lazily
from sklearn.linear_model import LogisticRegression

keras = Lazily("keras")
last_layer = Lazily("engine.training.last_layer")
fit = Lazily("engine.training.fit")


@pytest.fixture
def network():
    """A network whose embedding is a picture's four pixels."""
    keras.utils.set_random_seed(3)
    gray = keras.Input((2, 2, 1))
    embedding = keras.layers.Flatten(name="embedding")(gray)
    answer = keras.layers.Dense(3, activation="softmax", name="probabilities")(embedding)
    return keras.Model(gray, answer)


@pytest.fixture
def pictures():
    """Pictures of three kinds, 300, 60 and 20 of them, that overlap."""
    rng = np.random.default_rng(5)
    kinds = np.repeat([0, 1, 2], [300, 60, 20])
    centres = np.array([[90, 140, 90, 90], [140, 90, 140, 90], [120, 120, 120, 160]])
    crops = np.clip(centres[kinds] + rng.normal(0, 35, (len(kinds), 4)), 0, 255).astype(np.uint8)
    return crops.reshape(-1, 2, 2), np.eye(3, dtype=np.float32)[kinds]


def test_it_finds_what_scikit_learn_finds(network, pictures):
    crops, targets = pictures
    last_layer.learn_last_layer(network, crops, targets, fit.priors(targets, None))
    weight = (1 / targets.mean(axis=0))[targets.argmax(axis=1)]
    other = LogisticRegression(C=1 / (last_layer.PENALTY * weight.sum()), max_iter=2000, tol=1e-8)
    other.fit(crops.reshape(-1, 4) / 255, targets.argmax(axis=1), sample_weight=weight)
    answered = network.predict(crops[..., None] / 255, verbose=0)
    assert np.allclose(answered, other.predict_proba(crops.reshape(-1, 4) / 255), atol=2e-3)


def test_rare_expressions_weigh_alike(network, pictures):
    crops, targets = pictures
    last_layer.learn_last_layer(network, crops, targets, fit.priors(targets, None))
    answered = network.predict(crops[..., None] / 255, verbose=0)
    # The bias is not penalised, so that at the minimum every expression is answered as often as it weighs.
    weight = (targets / targets.mean(axis=0)).sum(axis=1)
    assert np.allclose((answered * weight[:, None]).sum(axis=0) / weight.sum(), 1 / 3, atol=2e-3)


def test_each_set_has_its_own_frequencies(network, pictures):
    crops, targets = pictures
    both = np.concatenate([targets, targets[::-1]])
    origin = np.repeat([0, 1], len(targets))
    prior = fit.priors(both, origin)
    last_layer.learn_last_layer(network, np.concatenate([crops, crops[::-1]]), both, prior)
    twice = network.get_weights()
    last_layer.learn_last_layer(network, crops, targets, fit.priors(targets, None))
    for value, other in zip(network.get_weights(), twice, strict=True):
        assert np.allclose(value, other, atol=5e-3)


def test_what_comes_before_stays(pictures):
    crops, targets = pictures
    gray = keras.Input((2, 2, 1))
    embedding = keras.layers.Dense(5, name="embedding")(keras.layers.Flatten()(gray))
    network = keras.Model(gray, keras.layers.Dense(3, activation="softmax", name="probabilities")(embedding))
    before = network.get_weights()
    last_layer.learn_last_layer(network, crops, targets, fit.priors(targets, None))
    assert [np.array_equal(new, old) for new, old in zip(network.get_weights(), before, strict=True)] == [
        True,
        True,
        False,
        False,
    ]


def test_soft_targets_end_between(network):
    crops = np.full((40, 2, 2), 128, np.uint8)
    targets = np.tile(np.array([[0.5, 0.3, 0.2]], np.float32), (40, 1))
    last_layer.learn_last_layer(network, crops, targets, np.full_like(targets, 1 / 3))
    assert np.allclose(network.predict(crops[:1, ..., None] / 255, verbose=0), [[0.5, 0.3, 0.2]], atol=2e-3)
