from collections import Counter

import pytest

from engine.practice import CHOICES, Round, Trial, scores
from engine.practice.rounds import POST_TEST, PRACTICE, PRE_TEST, TEST_S
from engine.practice.scores import Score, whole


def played(kind, seed=3, answered=lambda trial: trial.expression):
    """Return a round whose every trial has been answered."""
    round_ = Round(kind, seed)
    while not round_.finished:
        round_.answer(answered(round_.trial), round_.trial.duration_s)
    return round_


@pytest.mark.parametrize("kind", [PRE_TEST, POST_TEST])
def test_a_test_shows_each_expression_as_often_as_any_other(kind):
    answers = played(kind).answers
    assert Counter(answer.trial.expression for answer in answers) == dict.fromkeys(CHOICES, 2)
    assert {answer.trial.duration_s for answer in answers} == {TEST_S}


def test_pre_and_post_test_show_different_people():
    seen = {kind: {a.trial.person for s in range(5) for a in played(kind, s).answers} for kind in (PRE_TEST, POST_TEST)}
    assert not seen[PRE_TEST] & seen[POST_TEST] and min(map(len, seen.values())) >= 4


def test_another_seed_is_another_order_and_the_same_seed_the_same():
    orders = [[answer.trial for answer in played(PRE_TEST, seed).answers] for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_practice_gets_shorter_for_who_is_right_and_longer_for_who_is_not():
    right = played(PRACTICE)
    wrong = played(PRACTICE, answered=lambda trial: "fear" if trial.expression != "fear" else "sad")
    assert len(right.answers) == 40
    assert right.answers[-1].trial.duration_s < 0.1 < 0.4 < wrong.answers[-1].trial.duration_s


def test_a_face_at_rest_says_nothing_of_the_limit():
    round_ = played(PRACTICE)
    assert round_.staircase.count == sum(answer.trial.expression != "neutral" for answer in round_.answers) < 40


def test_a_trial_stays_the_same_until_it_is_answered_or_skipped():
    round_ = Round(PRE_TEST, 4)
    assert round_.trial is round_.trial
    skipped = round_.trial
    round_.skip()
    assert round_.trial is not skipped and not round_.answers
    while not round_.finished:
        round_.answer("happy", TEST_S)
    # What was skipped was not lost: it came again.
    assert Counter(answer.trial.expression for answer in round_.answers)[skipped.expression] == 2


@pytest.mark.parametrize(("shown_s", "well"), [(0.1, True), (0.117, True), (0.2, False), (0.0, False), (5.0, False)])
def test_a_face_that_stood_too_long_does_not_count(shown_s, well):
    assert Trial(0, "happy", 0.1).shown_well(shown_s) is well


@pytest.mark.parametrize(("answered", "shown_s"), [("contempt", TEST_S), ("happy", 3.0)])
def test_what_is_no_answer_is_refused(answered, shown_s):
    round_ = Round(PRE_TEST, 1)
    with pytest.raises(ValueError, match="Expected one of angry"):
        round_.answer(answered, shown_s)
    assert not round_.answers


def test_a_round_that_is_over_takes_no_answer_more():
    with pytest.raises(ValueError, match="of this round"):
        played(PRE_TEST).answer("happy", TEST_S)
    with pytest.raises(ValueError, match="pre-test"):
        Round("test", 1)


def test_scores_count_what_was_right():
    found = scores(played(PRE_TEST, answered=lambda trial: "happy").answers)
    assert list(found) == list(CHOICES)
    assert found["happy"] == Score(2, 2) and found["sad"] == Score(0, 2) and whole(found) == Score(2, 14)


def test_the_interval_is_wilsons():
    low, high = Score(8, 10).interval
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert Score(0, 3).interval[0] == 0 and Score(3, 3).interval[1] == pytest.approx(1)
