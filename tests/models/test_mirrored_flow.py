"""A face and its mirror image are answered as one, and maps of where a network looks are unmirrored."""

import numpy as np
import pytest
from lazily import Lazily

keras = Lazily("keras")
learnet = Lazily("engine.models.learnet")
mirror = Lazily("engine.models.mirror")
looks = Lazily("engine.models.saliency_outputs")


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(1)
    return learnet.learnet(3, (32, 32, 3))


@pytest.fixture(scope="module")
def flow():
    return np.random.default_rng(0).normal(size=(3, 32, 32, 3)).astype(np.float32)


def turned(flow):
    return flow[:, :, ::-1] * np.array([-1, 1, 1], np.float32)


def test_the_answer_is_the_mean_of_both_scaled_by_the_temperature(network, flow):
    mean = (np.asarray(network(flow)) + np.asarray(network(turned(flow)))) / 2
    sharp = mean ** (1 / 0.5)
    model = mirror.with_mirrored_flow(network, 0.5)
    np.testing.assert_allclose(np.asarray(model(flow)), sharp / sharp.sum(axis=1, keepdims=True), atol=1e-5)
    np.testing.assert_allclose(np.asarray(model(turned(flow))), np.asarray(model(flow)), atol=1e-6)
    assert np.abs(np.asarray(network(turned(flow))) - np.asarray(network(flow))).max() > 1e-3


def test_maps_are_means_of_the_faces_and_its_mirror_images_unmirrored(network, flow):
    model = mirror.with_mirrored_flow(network, 1.0)
    by_one = keras.Model(network.input, looks.saliency_outputs(network))
    found = keras.Model(model.input, looks.saliency_outputs(model))(flow)
    plain, other = by_one(flow), by_one(turned(flow))
    assert set(found) == set(plain) and len(found) == 5
    for name, array in found.items():
        expected = (np.asarray(plain[name]) + np.asarray(other[name])[..., ::-1]) / 2
        np.testing.assert_allclose(np.asarray(array), expected, atol=1e-5)


def test_the_network_within_is_found_again(network):
    assert mirror.one_way(network) is None
    model = mirror.with_mirrored_flow(network, 1.0)
    within = mirror.one_way(model)
    assert within.name == "learnet" and within.get_layer("stem") is network.get_layer("stem")
    again = keras.Model.from_config(model.get_config())
    assert mirror.one_way(again).name == "learnet"
    assert set(looks.saliency_outputs(again)) == set(looks.saliency_outputs(network))
