"""What the page Sessions says where something is wrong: a clear sentence, nothing lost, nothing of anybody told."""

import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from test_sessions_page import opened, press, tab, told, write

from engine import settings
from engine.records import archive, audit, consents, database, kept, keys, people, pictures, sessions
from engine.records.corrections import Name
from tests.records.kept_people import ME, later, person, recording, session

PRIVATE = ("Private-Title", "Private-Note", "interview.mp4")


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())
    yield
    database.close()


@pytest.fixture
def somebody():
    """A person with a session, a recording with a picture, and a note."""
    made = person()
    visit = session(made, "Private-Title")
    there = recording(visit)
    sessions.add_note(ME, visit.id, "Private-Note")
    pictures.keep(ME, there.id, b"\xff\xd8 a face", "image/jpeg", "apex", "1-1", later(20))
    return made, visit, there


def everything():
    """All rows but those of the audit log, which grows whatever is done."""
    with database.reading() as db:
        return {
            table.name: sorted(map(str, db.execute(text(f'SELECT * FROM "{table.name}"')).all()))
            for table in database.Table.metadata.sorted_tables
            if table.name != "audit"
        }


@contextmanager
def clock(monkeypatch, **by):
    with monkeypatch.context() as patch:
        now = audit.now() + timedelta(**by)
        patch.setattr(audit, "now", lambda: now)
        yield


@contextmanager
def consent_expired(monkeypatch, made, visit, there):
    with clock(monkeypatch, days=40):
        yield


@contextmanager
def consent_withdrawn(monkeypatch, made, visit, there):
    consents.withdraw(ME, consents.listed(ME, made.id)[0].id)
    yield


@contextmanager
def wrong_key(monkeypatch, made, visit, there):
    with monkeypatch.context() as patch:
        patch.setenv(keys.VARIABLE, keys.new_key())
        yield


@contextmanager
def no_key(monkeypatch, made, visit, there):
    with monkeypatch.context() as patch:
        patch.setenv(keys.VARIABLE, "a word")
        yield


@contextmanager
def full_disk(monkeypatch, made, visit, there):
    with database.writing() as db:
        most = db.execute(text("PRAGMA max_page_count")).scalar()
        pages = db.execute(text("PRAGMA page_count")).scalar()
        db.execute(text(f"PRAGMA max_page_count = {pages}"))
    yield
    with database.writing() as db:
        db.execute(text(f"PRAGMA max_page_count = {most}"))


@contextmanager
def other_version(monkeypatch, made, visit, there):
    with database.writing() as db:
        known = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    yield
    other = sqlite3.connect(settings.data_folder() / database.FILE)
    with other:
        other.execute("UPDATE alembic_version SET version_num = ?", (known,))
    other.close()


@contextmanager
def locked(monkeypatch, made, visit, there):
    with monkeypatch.context() as patch:
        patch.setattr(database, "PATIENCE_S", 0.1)
        database.close()
        people.listed(ME)
        other = sqlite3.connect(settings.data_folder() / database.FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def clock_behind(monkeypatch, made, visit, there):
    with clock(monkeypatch, days=-3):
        yield


def look_at_session(made, visit):
    return opened(session=visit.id)


def look_at_person(made, visit):
    return opened(person=made.id)


def correct(made, visit):
    return press(opened(session=visit.id), "sad")


def note(made, visit):
    app = opened(session=visit.id)
    return press(write(app, "sessions note text", "more " * 790), "Write it down")


WRONG = {
    "expired consent, session": (consent_expired, look_at_session, "consent of “P-01” ended on", PRIVATE),
    "expired consent, person": (consent_expired, look_at_person, "consent of “P-01” ended on", PRIVATE),
    "withdrawn consent, session": (consent_withdrawn, look_at_session, "“P-01” took consent back on", PRIVATE),
    "withdrawn consent, person": (consent_withdrawn, look_at_person, "“P-01” took consent back on", PRIVATE),
    "wrong key": (wrong_key, look_at_session, "encrypted with another key, or is damaged", ()),
    "no key": (no_key, look_at_session, "no key of 32 bytes", ()),
    "full disk": (full_disk, note, "disk is full: this was not kept, and nothing else is lost", ()),
    "another version": (other_version, look_at_person, "which this NeuroMER does not know", ("P-01", *PRIVATE)),
    "locked": (locked, correct, "records are locked: somebody else has been writing", ()),
    "clock behind": (clock_behind, look_at_person, "The clock of this machine says", ()),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_it_is_said_in_a_sentence_and_nothing_is_lost_or_told(monkeypatch, somebody, wrong):
    made, visit, _ = somebody
    go_wrong, do, words, hidden = WRONG[wrong]
    before = everything()
    with go_wrong(monkeypatch, *somebody):
        app = do(made, visit)
        said = told(app)
        assert words in said
        assert "Traceback" not in said and "Something went wrong inside" not in said
        for each in hidden:
            assert each not in said + "".join(str(each.value) for each in app.dataframe)
    after = everything()
    if "withdrawn" in wrong:
        before.pop("consents"), after.pop("consents")
    assert after == before


def test_two_tabs_that_edit_one_event(somebody):
    _, visit, there = somebody
    first, second = opened(session=visit.id), opened(session=visit.id)
    press(first, "sad")
    press(second, "fear")
    assert "Event 1-1 was changed in another window" in told(second)
    assert kept.review(ME, there.id).corrections.log == (Name("1-1", "sad"),)
    press(second, "fear")
    assert kept.review(ME, there.id).corrections.log == (Name("1-1", "sad"), Name("1-1", "fear"))


FILES = {
    "damaged": (lambda data: data[: len(data) // 2], "no archive of a person, or damaged"),
    "no archive": (lambda data: b"PK\x05\x06" + bytes(18), "no archive of a person, or damaged"),
    "a person who is here already": (lambda data: data, "This person is here already, as “P-01”"),
}


@pytest.mark.parametrize("wrong", FILES)
def test_an_import_of_what_is_none(somebody, wrong):
    change, words = FILES[wrong]
    data = change(archive.write(ME, somebody[0].id))
    before = everything()
    app = opened()
    app.file_uploader[0].upload("person.zip", data, "application/zip")
    app.run()
    press(app, "Import")
    assert words in told(app)
    assert everything() == before


def test_somebody_elses_export_is_ones_own_once_imported(somebody):
    data = archive.write(ME, somebody[0].id)
    consents.withdraw(ME, consents.listed(ME, somebody[0].id)[0].id)
    came = archive.read("another", data)
    assert [each.person.id for each in people.listed("another")] == [came.person.id]
    assert len(people.listed(ME)) == 1
    app = opened(person=came.person.id)
    assert "There is no person" in told(app)


def test_a_consent_and_its_taking_back_are_on_the_page(somebody):
    app = tab(opened(person=somebody[0].id), "Consent")
    press(app, "Taken back by the person")
    assert "took consent back on" in told(app)
    assert not app.dataframe
