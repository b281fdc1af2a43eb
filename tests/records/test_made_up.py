"""The made-up person of an empty page: complete, of today, and deleted like anybody's."""

from datetime import timedelta

import pytest
from kept_people import ME

from engine.errors import RecordsError
from engine.records import (
    audit,
    comparison,
    consents,
    database,
    deletion,
    kept,
    keys,
    made_up,
    people,
    pictures,
    sessions,
)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())


def test_somebody_who_does_not_exist_comes_with_all_that_the_page_shows():
    came = made_up.bring(ME)
    assert "synthetic" in came.person.pseudonym and came.left_out == ()
    assert set(consents.check(ME, came.person.id, "records").purposes) == set(consents.PURPOSES)
    visits = sessions.listed(ME, came.person.id)
    assert len(visits) == came.sessions == 3
    assert timedelta(hours=1) < audit.now() - visits[0].session.held_at < timedelta(days=2)
    assert all(each.events for each in visits) and any(each.changed for each in visits)
    assert all(each.expressions for each in comparison.compare(ME, came.person.id)[1:])
    shown = [
        each for visit in visits for row in kept.listed(ME, visit.session.id) for each in pictures.listed(ME, row.id)
    ]
    assert came.pictures == len(shown) > 0
    assert pictures.read(ME, shown[0].id).startswith(b"\xff\xd8")


def test_it_comes_once_and_goes_whole():
    came = made_up.bring(ME)
    with pytest.raises(RecordsError, match="here already"):
        made_up.bring(ME)
    deletion.delete_person(ME, came.person.id)
    assert people.listed(ME) == []
    assert made_up.bring(ME).sessions == 3


def test_years_later_it_is_still_of_today(monkeypatch):
    now = audit.now() + timedelta(days=4000)
    monkeypatch.setattr(audit, "now", lambda: now)
    came = made_up.bring(ME)
    assert consents.check(ME, came.person.id, "records").until > now
    database.close()
