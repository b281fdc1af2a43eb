"""People, consent, sessions, notes, and the audit log."""

from datetime import UTC, datetime, timedelta

import pytest
from kept_people import ME, later, person, recording, session
from sqlalchemy import text

from engine.errors import ChangedError, ConsentError, RecordsError
from engine.records import audit, consents, database, kept, people, sessions


@pytest.fixture
def clock(monkeypatch):
    """Set the clock: ``clock(days=3)`` puts it ahead, ``clock(days=-3)`` back."""

    def put(**by):
        now = datetime.now(UTC) + timedelta(**by)
        monkeypatch.setattr(audit, "now", lambda: now)
        return now

    return put


def test_a_person_has_a_pseudonym_of_its_own(either):
    made = person(" P-01 ")
    assert people.get(ME, made.id).pseudonym == "P-01"
    with pytest.raises(RecordsError, match="person “P-01” already"):
        people.create(ME, "P-01")
    people.create("another", "P-01")
    renamed = people.rename(ME, made.id, "P-02", seen=made.version)
    with pytest.raises(ChangedError, match="version 1, now it is 2"):
        people.rename(ME, made.id, "P-03", seen=made.version)
    assert people.get(ME, made.id).pseudonym == renamed.pseudonym == "P-02"


@pytest.mark.parametrize("called", ["", "   ", "x" * 61, "a\nb", "a\x00b", "\ud800"])
def test_a_pseudonym_that_is_none(called):
    with pytest.raises(RecordsError):
        people.create(ME, called)
    assert people.listed(ME) == []


def test_people_are_listed_by_name_with_their_sessions():
    for called in ("b", "A", "c"):
        made = person(called)
    session(made, "one")
    last = session(made, "two")
    assert [(each.person.pseudonym, each.sessions) for each in people.listed(ME)] == [("A", 0), ("b", 0), ("c", 2)]
    assert people.listed(ME)[-1].last_at == last.held_at


@pytest.mark.parametrize(
    ("purposes", "until"),
    [((), later()), (("everything",), later()), (("records",), later(-1)), (("records",), later(4000))],
)
def test_a_consent_that_is_none(purposes, until):
    made = people.create(ME, "P-01")
    with pytest.raises(ConsentError):
        consents.take(ME, made.id, "the person", purposes, until)
    assert not consents.listed(ME, made.id)


def test_without_consent_nothing_is_kept_or_shown():
    made = people.create(ME, "P-01")
    for ask in (sessions.create, sessions.listed, sessions.count):
        if ask is sessions.count:
            assert ask(ME, made.id) == 0
            continue
        with pytest.raises(ConsentError, match="“P-01” has not agreed to: keep what was measured"):
            ask(ME, made.id, *(["first"] if ask is sessions.create else []))


def touching(of):
    """Everything that is done with a session's contents, by name."""
    visit, kept_recording = session(of), None
    kept_recording = recording(visit)
    return {
        "session": lambda: sessions.create(ME, of.id, "next"),
        "sessions": lambda: sessions.listed(ME, of.id),
        "open": lambda: sessions.get(ME, visit.id),
        "words": lambda: sessions.write_words(ME, visit.id, "calm"),
        "note": lambda: sessions.add_note(ME, visit.id, "smiled"),
        "notes": lambda: sessions.notes(ME, visit.id),
        "keep": lambda: recording(visit),
        "recordings": lambda: kept.listed(ME, visit.id),
        "review": lambda: kept.review(ME, kept_recording.id),
        "correct": lambda: kept.correct(ME, kept_recording.id),
        "undo": lambda: kept.undo(ME, kept_recording.id, None),
        "history": lambda: kept.history(ME, kept_recording.id),
    }


@pytest.mark.parametrize("ending", ["withdrawn", "expired"])
def test_once_consent_has_ended_nothing_is_shown_and_nothing_lost(ending, clock):
    made = person()
    asked = touching(made)
    (consent,) = consents.listed(ME, made.id)
    if ending == "withdrawn":
        consents.withdraw(ME, consent.id)
        words = "took consent back on"
    else:
        clock(days=31)
        words = "consent of “P-01” ended on"
    for name, ask in asked.items():
        with pytest.raises(ConsentError, match=words):
            ask()
            pytest.fail(name)
    consents.take(ME, made.id, "the person", ["records"], audit.now() + timedelta(days=5))
    (visit,) = sessions.listed(ME, made.id)
    assert (visit.recordings, visit.events) == (1, 3)


def test_a_consent_allows_what_was_agreed_to_and_no_more():
    made = person(purposes=("records", "adaptation"))
    told = consents.allowed(ME, made.id)
    assert [isinstance(told[each], ConsentError) for each in consents.PURPOSES] == [False, True, False, True]
    with pytest.raises(ConsentError, match="has not agreed to: write reports"):
        consents.check(ME, made.id, "sharing")
    with pytest.raises(RecordsError, match="nothing that can be agreed to"):
        consents.check(ME, made.id, "selling")


def test_a_consent_taken_back_in_two_windows_is_taken_back_once():
    made = person()
    (consent,) = consents.listed(ME, made.id)
    first = consents.withdraw(ME, consent.id, consent.version).withdrawn_at
    assert consents.withdraw(ME, consent.id, consent.version).withdrawn_at == first


def test_a_clock_put_back_gives_no_ended_consent_back(clock):
    clock(days=0)
    made = person()
    session(made)
    clock(days=31)
    consents.take(ME, people.create(ME, "P-02").id, "the person", ["records"], audit.now() + timedelta(days=5))
    clock(days=1)
    with pytest.raises(ConsentError, match="ended on"):
        sessions.listed(ME, made.id)
    assert "The clock of this machine says" in audit.clock_warning()
    clock(days=31, minutes=1)
    assert audit.clock_warning() is None


def test_sessions_come_newest_first_a_part_at_a_time(either):
    made = person()
    held = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(5)]
    for day in (2, 0, 4, 1, 3):
        sessions.create(ME, made.id, f"day {day}", held[day])
    assert [each.session.title for each in sessions.listed(ME, made.id, most=2, skip=1)] == ["day 3", "day 2"]
    assert sessions.listed(ME, made.id)[0].session.held_at == held[4]
    assert sessions.count(ME, made.id) == 5


def test_a_session_cannot_be_held_in_the_future():
    with pytest.raises(RecordsError, match="cannot have been held on"):
        sessions.create(ME, person().id, "tomorrow", later(1))


def test_notes_stand_at_a_time_of_a_recording():
    visit = session()
    there = recording(visit)
    sessions.add_note(ME, visit.id, "before")
    sessions.add_note(ME, visit.id, "here\nand on", there.id, 2.5)
    assert [(note.text, note.at_s) for note in sessions.notes(ME, visit.id)] == [
        ("before", None),
        ("here\nand on", 2.5),
    ]
    for at_s in (-1.0, 6.5):
        with pytest.raises(RecordsError, match="There is no second"):
            sessions.add_note(ME, visit.id, "beyond", there.id, at_s)
    with pytest.raises(RecordsError, match="The note is empty"):
        sessions.add_note(ME, visit.id, " \n")
    sessions.delete_note(ME, sessions.notes(ME, visit.id)[0].id)
    assert len(sessions.notes(ME, visit.id)) == 1


def test_words_of_two_windows_do_not_overwrite_each_other(either):
    visit = session()
    sessions.write_words(ME, visit.id, "first", seen=visit.version)
    with pytest.raises(ChangedError, match="What is written of this session was changed in another window"):
        sessions.write_words(ME, visit.id, "second", seen=visit.version)
    assert sessions.get(ME, visit.id).words == "first"


def test_the_log_tells_what_was_done_and_of_whom_it_does_not(either):
    made = person("a very private pseudonym")
    visit = session(made)
    sessions.add_note(ME, visit.id, "a very private note")
    entries = audit.listed(ME)
    assert [each.action for each in reversed(entries)] == [
        "person created",
        "consent taken",
        "session created",
        "note written",
    ]
    said = repr([[getattr(each, column.name) for column in each.__table__.columns] for each in entries])
    assert "private" not in said
    assert made.id not in said
    assert audit.verified(ME) == (4, None)
    assert audit.listed("another") == []


@pytest.mark.parametrize(
    "tampering",
    ["UPDATE audit SET action = 'other' WHERE id = 2", "DELETE FROM audit WHERE id = 2"],
)
def test_a_log_that_somebody_got_at_is_found_out(tampering):
    session()
    with database.writing() as db:
        for name in ("audit_update", "audit_delete"):
            db.execute(text(f"DROP TRIGGER {name}"))
        db.execute(text(tampering))
    assert audit.verified(ME)[1] in (2, 3)
