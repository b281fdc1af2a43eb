import numpy as np
import pytest

from engine.errors import DataError
from engine.models import shipped
from engine.models.enhanced import with_enhancement
from engine.recognition.plastic import has_plastic_head, plastic_head_of


def test_what_one_person_teaches_nobody_else_hears():
    model = shipped.load()
    mine, yours = plastic_head_of(model), plastic_head_of(model)
    crops = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)
    embeddings = model.embeddings(crops)
    before = yours.probabilities(embeddings)
    for _ in range(5):
        mine.correct(embeddings[0], model.labels[int(before[0].argmin())])
    assert (mine.probabilities(embeddings) != before).any()
    np.testing.assert_array_equal(yours.probabilities(embeddings), before)


def test_an_embedding_comes_with_its_answer_as_both_come_alone():
    model = shipped.load()
    crops = np.random.default_rng(1).integers(0, 256, (3, 48, 48)).astype(np.uint8)
    for answering in (model, with_enhancement(model, "gamma")):
        probabilities, embeddings = answering.with_embeddings(crops)
        np.testing.assert_array_equal(probabilities, answering.probabilities(crops))
        np.testing.assert_array_equal(embeddings, answering.embeddings(crops))


def test_a_model_without_a_head_is_named():
    assert has_plastic_head(shipped.load()) and not has_plastic_head(shipped.load("paper"))
    with pytest.raises(DataError, match="plastic head in .*paper"):
        plastic_head_of(shipped.load("paper"))
