from datetime import UTC, date, datetime

import pytest

from engine.practice import CHOICES, Round
from engine.practice.rounds import PRACTICE, PRE_TEST
from engine.practice.scores import Score
from engine.records import audit, database, practice


def played(kind, begun, answered):
    round_ = Round(kind, 1, begun=begun)
    while not round_.finished:
        round_.answer(answered, round_.trial.duration_s)
    return round_


MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.usefixtures("either")
def test_a_round_is_kept_once_and_only_for_its_owner():
    round_ = played(PRACTICE, MONDAY, "happy")
    practice.keep("me", round_)
    practice.keep("me", round_)
    (kept,) = practice.listed("me")
    assert kept.begun_at == MONDAY and sum(kept.shown.values()) == 40
    assert kept.right == {"happy": kept.shown["happy"]}
    assert kept.threshold_low_s <= kept.threshold_s <= kept.threshold_high_s
    assert practice.listed("somebody else") == []


@pytest.mark.usefixtures("either")
def test_forgetting_takes_ones_own_and_nobody_elses():
    for owner in ("me", "somebody else"):
        practice.keep(owner, played(PRE_TEST, MONDAY, "sad"))
    assert practice.forget("me") == 1 and practice.listed("me") == []
    assert len(practice.listed("somebody else")) == 1
    assert [entry.action for entry in audit.listed("me")] == ["practice deleted", "practice kept"]


def test_nothing_is_there_before_something_is_kept():
    assert practice.listed("me") == [] and not database.is_there()


def test_weeks_add_up_by_their_monday():
    rounds = [played(PRE_TEST, day, "sad") for day in (MONDAY, MONDAY.replace(day=8), MONDAY.replace(day=9))]
    for round_ in rounds:
        practice.keep("me", round_)
    kept = practice.listed("me")
    assert practice.by_week(kept) == {date(2026, 3, 2): Score(4, 28), date(2026, 3, 9): Score(2, 14)}
    assert practice.by_week(kept, "sad")[date(2026, 3, 2)] == Score(4, 4)
    assert practice.by_week(kept, "happy")[date(2026, 3, 9)] == Score(0, 2)
    assert set(kept[0].shown) == set(CHOICES)
