import numpy as np
import pytest

from engine.errors import ModelError
from engine.models import registry


@pytest.fixture(scope="module")
def paper():
    return registry.build("paper_cnn_lstm", 6)


@pytest.fixture(scope="module")
def neuromer():
    return registry.build("neuromer_cnn_lstm", 7)


def test_the_papers_network_has_its_parameters(paper):
    assert paper.count_params() == 112_988
    assert paper.input_shape == (None, 48, 48, 1)
    assert paper.output_shape == (None, 6)


def test_the_papers_feature_map_is_six_steps_of_384(paper):
    assert (None, 6, 384) in {layer.output.shape for layer in paper.layers}


def test_neuromer_has_its_parameters(neuromer):
    assert neuromer.count_params() == 3_030_983
    assert neuromer.output_shape == (None, 7)


def test_both_are_built_for_crops_of_another_size():
    for architecture in ("paper_cnn_lstm", "neuromer_cnn_lstm"):
        model = registry.build(architecture, 3, crop_size=64)
        assert model.input_shape == (None, 64, 64, 1) and model.output_shape == (None, 3)
        assert (None, 8) in {layer.output.shape[:2] for layer in model.layers if layer.output.shape[2:]}


def test_both_give_probabilities(paper, neuromer):
    gray = np.random.default_rng(0).random((3, 48, 48, 1), dtype=np.float32)
    for model in (paper, neuromer):
        np.testing.assert_allclose(model.predict(gray, verbose=0).sum(axis=1), 1, atol=1e-5)


def test_the_papers_network_sees_local_patterns_only(paper):
    """Strictly monotone changes of the gray levels leave every code, and so the answer, as it was."""
    gray = np.random.default_rng(1).random((2, 48, 48, 1), dtype=np.float32)
    np.testing.assert_allclose(paper.predict(gray, verbose=0), paper.predict(gray**2 * 0.5, verbose=0), atol=1e-6)


def test_neuromer_answers_alike_in_other_light(neuromer):
    gray = np.random.default_rng(2).random((2, 48, 48, 1), dtype=np.float32)
    changed = neuromer.predict(0.2 + 0.7 * gray, verbose=0)
    np.testing.assert_allclose(neuromer.predict(gray, verbose=0), changed, atol=0.02)


def test_an_unknown_architecture_is_refused_with_the_known_ones():
    with pytest.raises(ModelError, match=r"'cnn'.*paper_cnn_lstm"):
        registry.build("cnn", 6)
