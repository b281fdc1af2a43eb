import numpy as np
import pytest

from engine import emotions


def votes(**counts):
    row = np.zeros(10, np.int8)
    for name, count in counts.items():
        row[emotions.FERPLUS_COLUMNS.index(name.replace("_", " "))] = count
    return row


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Anger", "angry"),
        (" HAPPINESS ", "happy"),
        ("sadness", "sad"),
        ("neutral", "neutral"),
        ("Helplessness", "helplessness"),
    ],
)
def test_class_names_become_one_word(name, word):
    assert emotions.canonical(name) == word


def test_known_tells_expressions_from_other_words():
    assert emotions.known("Contempt") and emotions.known("disgusted")
    assert not emotions.known("train")


def test_votes_become_soft_targets_without_single_votes():
    target = emotions.votes_to_targets(np.stack([votes(happy=6, surprise=3, fear=1)]))
    expected = np.zeros(7)
    expected[emotions.SEVEN.index("happy")] = 6 / 9
    expected[emotions.SEVEN.index("surprise")] = 3 / 9
    np.testing.assert_allclose(target[0], expected, atol=1e-7)


@pytest.mark.parametrize(
    "row", [votes(no_face=6, happy=4), votes(unknown=5, sad=5), votes(contempt=9, sad=1), np.full(10, -1, np.int8)]
)
def test_votes_without_a_usable_expression_give_no_target(row):
    assert emotions.votes_to_targets(row[None]).sum() == 0


def test_majority_is_the_most_chosen_column_and_ties_have_none():
    rows = np.stack(
        [votes(sad=4, angry=3, unknown=3), votes(sad=5, angry=5), votes(no_face=8), np.full(10, -1, np.int8)]
    )
    assert emotions.votes_to_majority(rows).tolist() == ["sad", "", "no face", ""]


def test_the_rule_of_ferplus_authors():
    #                 neutral, happy, surprise, sad, angry, disgust, fear, contempt, unknown, no face
    votes = np.array(
        [
            [6, 4, 0, 0, 0, 0, 0, 0, 0, 0],  # more than half
            [5, 5, 0, 0, 0, 0, 0, 0, 0, 0],  # half is not enough
            [5, 1, 1, 1, 1, 1, 0, 0, 0, 0],  # single votes do not count
            [4, 3, 3, 0, 0, 0, 0, 0, 0, 0],  # most, but not half
            [0, 0, 0, 1, 1, 0, 0, 8, 0, 0],  # contempt is one of eight
            [2, 0, 0, 0, 0, 0, 0, 0, 8, 0],  # nobody could tell
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],
            [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # nothing is left
            [-1] * 10,
        ]
    )
    found = emotions.votes_by_ferplus_rule(votes)
    assert found.tolist() == ["neutral", "", "neutral", "", "contempt", "", "", "", ""]
