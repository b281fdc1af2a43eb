import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.spiking.person_adapter import PersonAdapter

CERTAIN = np.eye(4) * 0.94 + 0.015


def swapped(corrections=5):
    """Let somebody swap the first two of four expressions."""
    personal = PersonAdapter(4)
    for _ in range(corrections):
        for named, meant in ((0, 1), (1, 0), (2, 2), (3, 3)):
            personal.correct(CERTAIN[named], meant)
    return personal


def test_without_a_correction_the_answers_are_the_ones_given():
    named = np.random.default_rng(0).dirichlet(np.ones(7), 20).astype(np.float32)
    assert PersonAdapter(7).answers(named) is named


def test_two_swapped_expressions_are_learnt_and_others_stay():
    personal = swapped()
    assert personal.answers(CERTAIN).argmax(axis=1).tolist() == [1, 0, 2, 3]
    np.testing.assert_allclose(personal.answers(CERTAIN).sum(axis=1), 1)
    np.testing.assert_allclose(personal.weights[2:, 2:], np.eye(2), atol=0.1)
    assert personal.weights[0, 1] > 0.8 and personal.weights[0, 0] < 0.2


def test_reset_gives_the_answers_of_before():
    personal = swapped()
    personal.reset()
    assert personal.corrections == 0 and personal.answers(CERTAIN) is CERTAIN
    np.testing.assert_array_equal(personal.weights, np.eye(4))


def test_what_is_right_already_changes_little():
    personal = PersonAdapter(4)
    for _ in range(20):
        personal.correct(CERTAIN[0], 0)
    np.testing.assert_allclose(personal.weights, np.eye(4), atol=0.1)


@given(
    st.lists(st.tuples(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(0, 2)), min_size=1, max_size=12)
)
def test_weights_stay_within_bounds_and_answers_are_probabilities(told):
    personal = PersonAdapter(3)
    for named, meant in told:
        named = (np.array(named) + 1e-6) / (np.sum(named) + 3e-6)
        personal.correct(named, meant)
        answer = personal.answers(named[None])
        assert answer.min() >= 0 and answer.sum() == pytest.approx(1)
        assert personal.weights.min() >= 0 and personal.weights.max() <= 1
    assert personal.corrections == len(told)


def test_it_goes_on_after_it_was_put_away():
    personal = swapped(2)
    again = PersonAdapter.from_bytes(personal.as_bytes(), "someone.npz")
    assert again.corrections == 8
    np.testing.assert_array_equal(again.answers(CERTAIN), personal.answers(CERTAIN))
    again.correct(CERTAIN[0], 1), personal.correct(CERTAIN[0], 1)
    np.testing.assert_array_equal(again.weights, personal.weights)


@pytest.mark.parametrize(
    ("named", "meant", "said"),
    [
        ([0.5, 0.5], 0, r"\[0.5, 0.5\] is none"),
        ([0.5, np.nan, 0.5], 0, "is none"),
        ([1.5, -0.5, 0], 0, "is none"),
        ([0.5, 0.5, 0], 3, "Expression 3 is none. There are 0 to 2"),
        ([0.5, 0.5, 0], -1, "Expression -1 is none"),
    ],
)
def test_what_is_no_correction_is_refused_and_changes_nothing(named, meant, said):
    personal = PersonAdapter(3)
    with pytest.raises(DataError, match=said):
        personal.correct(np.array(named), meant)
    assert personal.corrections == 0


def test_a_damaged_file_is_refused():
    for name, content in (("damaged", b"PK\x03\x04rubbish"), ("empty", b"")):
        with pytest.raises(DataError, match=f"corrections in {name} cannot be read"):
            PersonAdapter.from_bytes(content, name)
    target = io.BytesIO()
    np.savez(target, weights=np.zeros((2, 3)), corrections=1)
    with pytest.raises(DataError, match=r"\(2, 3\)"):
        PersonAdapter.from_bytes(target.getvalue(), "odd")


def test_a_file_that_would_unpack_to_very_much_is_refused():
    target = io.BytesIO()
    np.savez_compressed(target, weights=np.zeros((2000, 2000)), corrections=1)
    assert len(target.getvalue()) < 100_000
    with pytest.raises(DataError, match="corrections in bomb cannot be read .*1,048,576 bytes"):
        PersonAdapter.from_bytes(target.getvalue(), "bomb")


@pytest.mark.parametrize("weights", [np.full((2, 2), np.nan), -np.eye(2), np.eye(2, dtype=int), np.array("x")])
def test_what_are_no_synapses_is_refused(weights):
    target = io.BytesIO()
    np.savez(target, weights=weights, corrections=1)
    with pytest.raises(DataError, match="no synapses"):
        PersonAdapter.from_bytes(target.getvalue(), "odd")
