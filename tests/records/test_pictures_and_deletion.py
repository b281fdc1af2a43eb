"""Pictures: encrypted, until a date, by consent; and a person who is deleted leaves nothing behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import keyring
import numpy as np
import pytest
from kept_people import ME, later, person, recording, session
from keyring.backends.fail import Keyring
from recorded import analysis, track
from sqlalchemy import create_engine, text

from engine import settings
from engine.errors import ConsentError, RecordsError
from engine.records import audit, consents, database, deletion, kept, keys, people, pictures, sessions, sweeping
from engine.records.corrections import Name

FACE = b"\xff\xd8 a face that can be recognised " * 40


@pytest.fixture(autouse=True)
def key(monkeypatch):
    """A key from the environment; the system's key ring is out of reach."""
    monkeypatch.setattr(keyring, "get_keyring", Keyring)
    keyring.set_keyring(Keyring())
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())


def files():
    return sorted(path for path in settings.data_folder().rglob("*") if path.is_file())


def sealed():
    return sorted((settings.data_folder() / pictures.FOLDER).glob("*.sealed*"))


def keep(there, data=FACE, until=None, **more):
    said = {"mime": "image/jpeg", "moment": "apex", "event": "1-1"} | more
    return pictures.keep(ME, there.id, data, delete_on=until or later(10), **said)


def test_a_picture_is_read_again_and_lies_encrypted(either):
    there = recording()
    made = keep(there)
    assert pictures.read(ME, made.id) == FACE
    assert [each.id for each in pictures.listed(ME, there.id)] == [made.id]
    (file,) = sealed()
    assert file.stat().st_mode & 0o077 == 0
    for path in files():
        assert FACE[:20] not in path.read_bytes()


def test_it_is_sealed_with_aes_gcm_as_its_docstring_says():
    import base64
    import os

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    made = keep(recording())
    data = sealed()[0].read_bytes()
    secret = base64.urlsafe_b64decode(os.environ[keys.VARIABLE])
    assert AESGCM(secret).decrypt(data[:12], data[12:], made.id.encode()) == FACE


def test_the_same_picture_twice_lies_there_as_two_different_files():
    there = recording()
    keep(there), keep(there)
    assert len({path.read_bytes() for path in sealed()}) == 2


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (None, "There is no key to encrypt pictures with, so that none is kept"),
        ("short", "is no key of 32 bytes"),
        ("ä" * 44, "is no key of 32 bytes"),
        ("A" * 43, "is no key of 32 bytes"),
    ],
)
def test_without_a_key_nothing_is_kept_and_that_is_said(monkeypatch, named, told):
    there = recording()
    monkeypatch.delenv(keys.VARIABLE)
    if named is not None:
        monkeypatch.setenv(keys.VARIABLE, named)
    with pytest.raises(RecordsError, match=told) as error:
        keep(there)
    assert keys.why_none() == str(error.value)
    assert "python -m engine records key" in str(error.value)
    assert not sealed()
    assert not pictures.listed(ME, there.id)


def test_the_systems_key_ring_keeps_a_key(monkeypatch):
    known = {}
    monkeypatch.delenv(keys.VARIABLE)
    monkeypatch.setattr(keyring, "get_password", lambda *name: known.get(name))
    monkeypatch.setattr(keyring, "set_password", lambda *name: known.update({name[:2]: name[2]}))
    there = recording()
    assert keys.why_none() is not None  # none is made by asking
    assert pictures.read(ME, keep(there).id) == FACE
    assert len(known) == 1


@pytest.mark.parametrize("damage", ["key", "bytes", "cut", "empty", "swapped", "gone"])
def test_a_wrong_key_or_a_damaged_file_is_said(monkeypatch, damage):
    there = recording()
    one, two = keep(there), keep(there, b"another")
    file = pictures.file_of(one.id)
    data = file.read_bytes()
    match damage:
        case "key":
            monkeypatch.setenv(keys.VARIABLE, keys.new_key())
        case "bytes":
            file.write_bytes(data[:30] + bytes([data[30] ^ 1]) + data[31:])
        case "cut":
            file.write_bytes(data[:-1])
        case "empty":
            file.write_bytes(b"")
        case "swapped":
            file.write_bytes(pictures.file_of(two.id).read_bytes())
        case "gone":
            file.unlink()
    with pytest.raises(RecordsError, match="another key, or is damaged|file of this picture is gone"):
        pictures.read(ME, one.id)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"until": later(-1)}, "which has passed"),
        ({"data": b""}, "0 bytes cannot be kept"),
        ({"data": b"x" * (pictures.MOST_BYTES + 1)}, "cannot be kept"),
        ({"moment": "portrait"}, "portrait"),
    ],
)
def test_what_cannot_be_kept_leaves_no_file(change, told):
    there = recording()
    with pytest.raises(RecordsError, match=told):
        keep(there, **change)
    assert not sealed()


def test_a_full_disk_leaves_no_record_and_no_file(monkeypatch):
    there = recording()

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures, "replace_with", full)
    with pytest.raises(RecordsError, match="The disk is full: the picture was not kept"):
        keep(there)
    assert not sealed()
    assert not pictures.listed(ME, there.id)


def test_pictures_need_a_consent_of_their_own():
    there = recording(session(person(purposes=("records",))))
    with pytest.raises(ConsentError, match="has not agreed to: keep pictures"):
        keep(there)
    assert not sealed()


def test_no_picture_outlives_the_consent():
    made = keep(recording(), until=later(300))
    assert made.delete_on < later(31)


def test_they_go_when_their_day_has_come(monkeypatch):
    there = recording()
    soon, late = keep(there, until=later(2)), keep(there, until=later(20))
    assert pictures.sweep() == 0
    now = audit.now() + timedelta(days=3)
    monkeypatch.setattr(audit, "now", lambda: now)
    with pytest.raises(RecordsError, match="was to be deleted on"):
        pictures.read(ME, soon.id)
    assert pictures.sweep() == 1
    assert sealed() == [pictures.file_of(late.id)]
    assert [each.id for each in pictures.listed(ME, there.id)] == [late.id]
    assert audit.listed(ME)[0].action == "picture deleted by date"


def test_they_go_with_the_consent_that_allowed_them():
    made = person()
    keep(recording(session(made)))
    other = person("P-02")
    stays = keep(recording(session(other)))
    consents.withdraw(ME, consents.listed(ME, made.id)[0].id)
    assert pictures.sweep() == 1
    assert sealed() == [pictures.file_of(stays.id)]


def test_files_without_a_record_go_too():
    keep(recording())
    folder = settings.data_folder() / pictures.FOLDER
    for name in ("0" * 32 + ".sealed", "x.sealed.part"):
        (folder / name).write_bytes(b"left by a process that was killed")
    pictures.sweep()
    assert len(sealed()) == 1


def test_a_picture_a_recording_a_session_that_are_deleted_take_their_files_along():
    visit = session()
    there = recording(visit)
    one = keep(there)
    pictures.delete(ME, one.id)
    assert not sealed()
    keep(there)
    kept.delete(ME, there.id)
    pictures.sweep()
    assert not sealed()
    keep(recording(visit))
    sessions.delete(ME, visit.id)
    pictures.sweep()
    assert not sealed()


def everything_stored(kind):
    """Every byte that the records are kept in: the files of SQLite with its log, or a dump of the server's tables."""
    stored = b"".join(path.read_bytes() for path in files())
    if kind == "PostgreSQL":
        with database.opened().connect() as connection:
            for table in database.Table.metadata.sorted_tables:
                stored += repr(connection.execute(text(f'SELECT * FROM "{table.name}"')).all()).encode()
    return stored


def test_a_person_who_is_deleted_leaves_nothing_behind(either):
    gone, stays = person("Gone-Person"), person("Stays-Person")
    visit = session(gone, "Gone-Session")
    face = track()
    # Noise, that no two recordings share.
    face = replace(face, motion=np.random.default_rng(0).uniform(0, 5, face.motion.shape).astype(np.float32))
    there = recording(visit, analysis(face, file="Gone-Recording.mp4", warnings=("Gone-Warning",)))
    kept.correct(ME, there.id, Name("1-1", "Gone-Word"))
    sessions.add_note(ME, visit.id, "Gone-Note", there.id, 1.0)
    sessions.write_words(ME, visit.id, "Gone-Words")
    picture = keep(there)
    other = recording(session(stays, "Stays-Session"), analysis(file="Stays-Recording.mp4"))
    stays_too = keep(other)
    with database.reading() as db:
        curves = db.scalars(text("SELECT curves FROM tracks WHERE recording_id = :id").bindparams(id=there.id)).one()
    noise = bytes(curves)[len(curves) // 2 :][:60]
    ids = [each.encode() for each in (gone.id, visit.id, there.id, picture.id)]
    words = [b"Gone-", noise, *ids]
    before = everything_stored(either)
    if either == "SQLite":
        assert all(each in before for each in words)

    receipt = deletion.delete_person(ME, gone.id)

    assert receipt.went == {
        "person": 1,
        "consents": 1,
        "resting faces": 0,
        "faces to learn from": 0,
        "adaptations": 0,
        "sessions": 1,
        "notes": 1,
        "recordings": 1,
        "events": 3,
        "corrections": 1,
        "faces with their curves": 1,
        "pictures": 1,
        "files": 1,
    }
    assert receipt.wiped
    assert receipt.database == either
    assert "Gone" not in repr(receipt.as_json())
    after = everything_stored(either)
    for each in words:
        assert each not in after
    assert b"Stays-Person" in after
    assert pictures.read(ME, stays_too.id) == FACE
    assert [each.person.pseudonym for each in people.listed(ME)] == ["Stays-Person"]
    entry = audit.listed(ME)[0]
    assert (entry.action, entry.hash) == ("person deleted", receipt.entry)
    assert audit.verified(ME)[1] is None
    with pytest.raises(RecordsError, match="There is no person"):
        deletion.delete_person(ME, gone.id)


def test_where_somebody_reads_the_receipt_says_that_the_log_is_not_empty_yet(monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    made = person()
    session(made)
    with create_engine(database.url()).connect() as reader:
        reader.execute(text("BEGIN"))
        reader.execute(text("SELECT * FROM people")).all()
        assert not deletion.delete_person(ME, made.id).wiped
    assert database.wipe()


def test_nobody_deletes_what_is_somebody_elses():
    made = person(owner="another")
    with pytest.raises(RecordsError, match="There is no person"):
        deletion.delete_person(ME, made.id)
    assert len(people.listed("another")) == 1


@pytest.fixture
def hours(monkeypatch):
    """Let hours pass for a sweeper; the clock may say otherwise."""
    passed = [0.0]
    monkeypatch.setattr(sweeping, "_passed", lambda: 3600.0 * passed[0])

    def go(number):
        passed[0] += number

    return go


def test_a_clock_that_jumps_ahead_deletes_nothing_at_once(monkeypatch, hours):
    sweeper = sweeping.Sweeper()
    keep(recording(), until=later(2))
    ahead = datetime.now(UTC) + timedelta(days=5)
    monkeypatch.setattr(audit, "now", lambda: ahead)
    monkeypatch.setattr(sweeping, "_now", lambda: ahead)
    assert not sweeper.look()
    assert not sweeper.look()
    assert len(sealed()) == 1
    hours(1)
    assert sweeper.look()  # an hour later it still says so
    assert not sealed()


def test_it_is_looked_at_first_and_then_every_hour(hours):
    sweeper = sweeping.Sweeper()
    keep(recording())
    looked = []
    for _ in range(9):
        looked.append(sweeper.look())
        hours(0.25)
    assert looked == [True, False, False, False, True, False, False, False, True]


def test_what_a_round_meets_does_not_end_the_next(monkeypatch, caplog, hours):
    keep(recording())
    monkeypatch.setenv("NEUROMER_DATABASE_URL", "nonsense")
    sweeper = sweeping.Sweeper()
    assert not sweeper.look()
    assert "names no SQLite or PostgreSQL database" in caplog.text
    monkeypatch.delenv("NEUROMER_DATABASE_URL")
    hours(1)
    assert sweeper.look()


def test_where_nothing_is_kept_nothing_is_opened():
    assert not sweeping.Sweeper().look()
    assert not files()
