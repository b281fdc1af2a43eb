import io

import numpy as np
import pytest

from engine.errors import DataError
from engine.spiking.encoding import OnOff
from engine.spiking.person_layers import PersonLayers

ENCODER = OnOff(np.zeros(12), np.ones(12))
SURE = np.eye(4) * 0.92 + 0.02


def faces(count, seed=0, shift=0.0):
    """Faces of four expressions, each a direction of its own in the embedding, and what is shown of each."""
    random = np.random.default_rng(seed)
    meant = random.permutation(np.resize(np.arange(4), count))
    embeddings = random.normal(0, 0.3, (count, 12))
    embeddings[np.arange(count), meant] += 2 + shift
    return embeddings, meant


def learnt(count=24, wrong=None):
    embeddings, meant = faces(count)
    named = SURE[meant if wrong is None else wrong(embeddings, meant)]
    return PersonLayers.fit(ENCODER, named, embeddings, meant)


def test_without_a_correction_the_answers_are_the_ones_given():
    embeddings, meant = faces(8)
    named = SURE[meant].astype(np.float32)
    assert PersonLayers(ENCODER, 4).answers(named, embeddings) is named


def test_two_swapped_expressions_are_learnt():
    layers = learnt(wrong=lambda _, meant: np.array([1, 0, 2, 3])[meant])
    embeddings, meant = faces(40, seed=1)
    answers = layers.answers(SURE[np.array([1, 0, 2, 3])[meant]], embeddings)
    assert (answers.argmax(axis=1) == meant).mean() > 0.9
    np.testing.assert_allclose(answers.sum(axis=1), 1)


def test_what_the_names_do_not_tell_is_learnt_from_the_embedding():
    """Everything is called the last expression: only the embedding tells the others from it."""
    layers = learnt(wrong=lambda _, meant: np.full(len(meant), 3))
    embeddings, meant = faces(40, seed=1)
    named = np.full((40, 4), 0.2) + np.eye(4)[3] * 0.2
    assert (named.argmax(axis=1) == meant).mean() == 0.25
    assert (layers.answers(named, embeddings).argmax(axis=1) == meant).mean() > 0.8
    assert (layers.names.answers(named).argmax(axis=1) == meant).mean() == 0.25


def test_the_same_corrections_give_the_same_layers_and_come_back_from_bytes():
    layers, again = learnt(), learnt()
    np.testing.assert_array_equal(layers.details.network.weights, again.details.network.weights)
    back = PersonLayers.from_bytes(layers.as_bytes(), ENCODER, "P-01")
    embeddings, meant = faces(12, seed=2)
    np.testing.assert_array_equal(back.answers(SURE[meant], embeddings), layers.answers(SURE[meant], embeddings))
    assert back.corrections == 24


def packed(**arrays):
    target = io.BytesIO()
    sound = {"names": np.eye(4), "details": np.zeros((24, 4)), "corrections": np.int64(3)}
    np.savez_compressed(target, **sound | arrays)
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04rubbish",
        packed(names=np.eye(3)),
        packed(names=-np.eye(4)),
        packed(names=np.eye(4, dtype=int)),
        packed(details=np.full((24, 4), np.nan)),
        packed(details=np.full((24, 4), 11.0)),
        packed(details=np.zeros((20, 4))),
        packed(corrections=np.int64(-1)),
        packed(more=np.zeros(1_000_000)),
    ],
)
def test_what_is_damaged_is_refused(data):
    assert PersonLayers.from_bytes(packed(), ENCODER, "P-01").corrections == 3
    with pytest.raises(DataError, match="What was learnt of P-01 cannot be read"):
        PersonLayers.from_bytes(data, ENCODER, "P-01")


def test_an_expression_that_is_none_is_refused():
    embeddings, _ = faces(4)
    with pytest.raises(DataError, match="Expression 4 is none"):
        PersonLayers.fit(ENCODER, SURE, embeddings, [0, 1, 2, 4])
