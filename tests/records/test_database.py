"""Where people's records lie, how the tables come to be, and what a person is told when something is wrong."""

import sqlite3
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from kept_people import ME, person
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine import settings
from engine.errors import RecordsError
from engine.records import database, people
from engine.records.tables import Table


def file():
    return settings.data_folder() / database.FILE


def test_nothing_is_created_before_something_is_kept():
    assert people.listed(ME) == []
    assert not list(settings.data_folder().iterdir())
    person()
    assert file().stat().st_mode & 0o077 == 0
    assert [each.person.pseudonym for each in people.listed(ME)] == ["P-01"]


def test_migrations_end_in_the_tables_that_the_program_knows(either):
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [database.HEAD]
    with database.opened().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_what_is_written_is_there_after_a_restart(either):
    person()
    database.close()
    assert [each.person.pseudonym for each in people.listed(ME)] == ["P-01"]


def test_it_is_brought_up_to_date_once_however_many_come_first(either):
    failed = []

    def work(number):
        try:
            people.create(ME, f"P-{number}")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert not failed
    assert len(people.listed(ME)) == 6


def test_a_database_of_another_version_is_refused_and_left_as_it_is(either):
    person()
    with database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(RecordsError, match=r"form 9999, which this NeuroMER does not know\. Start the newer version"):
        people.listed(ME)
    database.close()


def test_an_audit_entry_can_be_neither_changed_nor_deleted(either):
    person()
    for said in ("UPDATE audit SET action = 'nothing'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="never changed"), database.writing() as db:
            db.execute(text(said))


@pytest.mark.parametrize(
    "damage",
    [lambda path: path.write_bytes(b"no database at all" * 400), lambda path: path.write_bytes(b"PNG")],
)
def test_a_damaged_file_is_said(damage):
    file().parent.mkdir(parents=True, exist_ok=True)
    damage(file())
    with pytest.raises(RecordsError, match="no database, or damaged"):
        people.listed(ME)


def test_a_locked_database_is_said_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    person()
    other = sqlite3.connect(file(), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="locked: somebody else has been writing"):
        people.create(ME, "P-02")
    other.execute("ROLLBACK")
    other.close()
    people.create(ME, "P-02")
    assert len(people.listed(ME)) == 2


def test_a_full_disk_is_said_and_nothing_is_lost():
    person()
    with database.writing() as db:
        pages = db.execute(text("PRAGMA page_count")).scalar()
        db.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(RecordsError, match="disk is full"):
        for number in range(2, 500):
            people.create(ME, f"P-{number}")
    kept = len(people.listed(ME))
    with database.writing() as db:
        db.execute(text("PRAGMA max_page_count = 1000000"))
    people.create(ME, "another")
    assert len(people.listed(ME)) == kept + 1


@pytest.mark.parametrize(
    "named",
    ["mysql://a@b/c", "nonsense", "postgresql://secret@host", "://", "sqlite://"],
)
def test_a_setting_that_names_no_database_is_said_without_its_words(monkeypatch, named):
    monkeypatch.setenv("NEUROMER_DATABASE_URL", named)
    with pytest.raises(RecordsError) as told:
        person()
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("host", ["127.0.0.1:9", "no-such-host.invalid"])
def test_a_server_that_is_not_there_is_said_without_its_password(monkeypatch, host):
    monkeypatch.setenv("NEUROMER_DATABASE_URL", f"postgresql+psycopg://me:secret@{host}/records")
    with pytest.raises(RecordsError, match="cannot be reached") as told:
        person()
    assert "secret" not in str(told.value)


def test_a_folder_that_cannot_be_written_to_is_said(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path / "file"))
    with pytest.raises(RecordsError, match="cannot be written to"):
        person()
