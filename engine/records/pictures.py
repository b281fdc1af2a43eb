"""Pictures and clips that are kept by choice: encrypted, under a consent, until a date; then they are deleted.

Each lies in a file of its own in the data folder, named by its record's random identifier: a nonce of 12 bytes, then
the bytes encrypted and sealed with AES-256-GCM (NIST SP 800-38D) together with that identifier, so that no file can
take another one's place. A file without a record, as a process that was killed leaves it, goes with the next sweep.
"""

import errno
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import settings
from engine.errors import RecordsError
from engine.files import replace_with
from engine.records import audit, consents, database, keys
from engine.records.access import found
from engine.records.lessons import forget_without_consent
from engine.records.sessions import allowed_session
from engine.records.tables import KeptRecording, Person, Picture
from engine.records.tables import Session as PersonSession

FOLDER = "pictures"
MOMENTS = ("onset", "apex", "photo", "clip")
MOST_BYTES = 32 * 2**20
_NONCE = 12


def keep(
    owner: str, recording_id: str, data: bytes, mime: str, moment: str, event: str | None, delete_on: datetime
) -> Picture:
    """Encrypt a picture or clip and keep it until a date.

    Parameters
    ----------
    owner, recording_id
        Of what.
    data, mime
        The file's bytes, at most `MOST_BYTES`, and their kind.
    moment, event
        One of `MOMENTS`, and the name of the event; None for the whole recording.
    delete_on
        When it is to be deleted, with a zone; never later than the consent ends.

    Raises
    ------
    ConsentError
        Where the person has not agreed to pictures, or no longer does.
    RecordsError
        Without a key, for a date that has passed, for too much, on a full disk.
    """
    if moment not in MOMENTS or not data or len(data) > MOST_BYTES:
        raise RecordsError(
            f"A {ascii(moment)[1:-1][:20]} of {len(data):,} bytes cannot be kept.",
            f"Keep {' or '.join(MOMENTS)} of 1 to {MOST_BYTES:,} bytes.",
        )
    secret = keys.key(make=True)
    with locked():
        written: Path | None = None
        try:
            with database.writing() as db:
                recording = found(db, KeptRecording, owner, recording_id)
                session = allowed_session(db, owner, recording.session_id)
                consent = consents.require(db, found(db, Person, owner, session.person_id), "pictures")
                now = audit.time_of(db)
                if delete_on <= now:
                    raise RecordsError(
                        f"A picture cannot be kept until {delete_on:%Y-%m-%d}, which has passed.", "Choose a later day."
                    )
                picture = Picture(
                    owner=owner,
                    recording_id=recording.id,
                    event=event,
                    moment=moment,
                    mime=mime,
                    size=len(data),
                    kept_at=now,
                    delete_on=min(delete_on, consent.until),
                )
                db.add(picture)
                db.flush()
                audit.add(db, owner, "picture kept", picture.id)
                nonce = os.urandom(_NONCE)
                written = _path(picture.id)
                _write(written, nonce + AESGCM(secret).encrypt(nonce, data, picture.id.encode()))
            return picture
        except BaseException:
            if written is not None:
                written.unlink(missing_ok=True)
            raise


def read(owner: str, picture_id: str) -> bytes:
    """Return a picture as it was kept.

    Raises
    ------
    ConsentError
        Where the person no longer agrees.
    RecordsError
        Without a key, with another one, past its date, or where its file is gone or damaged.
    """
    with database.reading() as db:
        picture = found(db, Picture, owner, picture_id)
        recording = found(db, KeptRecording, owner, picture.recording_id)
        allowed_session(db, owner, recording.session_id, "pictures")
        if picture.delete_on <= audit.time_of(db):
            raise RecordsError(f"This picture was to be deleted on {picture.delete_on:%Y-%m-%d}.", "It is gone.")
    secret = keys.key()
    try:
        sealed = _path(picture.id).read_bytes()
        return AESGCM(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], picture.id.encode())
    except (InvalidTag, ValueError) as error:
        raise RecordsError(
            "This picture cannot be opened: it was encrypted with another key, or is damaged.",
            f"Set {keys.VARIABLE} to the key that it was kept with.",
        ) from error
    except OSError as error:
        raise RecordsError(
            "The file of this picture is gone.", "Put a copy of the data folder back, or delete the picture."
        ) from error


def listed(owner: str, recording_id: str) -> Sequence[Picture]:
    """Return the pictures of a recording that have not passed their date; raises as `read`."""
    with database.reading() as db:
        recording = found(db, KeptRecording, owner, recording_id)
        allowed_session(db, owner, recording.session_id, "pictures")
        mine = select(Picture).where(Picture.recording_id == recording.id, Picture.delete_on > audit.time_of(db))
        return db.scalars(mine.order_by(Picture.event, Picture.moment.desc(), Picture.kept_at)).all()


def delete(owner: str, picture_id: str) -> None:
    """Delete a picture and its file; raises as `engine.records.access.found`."""
    with locked():
        with database.writing() as db:
            picture = found(db, Picture, owner, picture_id)
            db.delete(picture)
            audit.add(db, owner, "picture deleted", picture.id)
        _path(picture_id).unlink(missing_ok=True)


def sweep() -> int:
    """Delete what has passed its date or lost its consent, and files without a record; return how many pictures went.

    Numbers of faces, and what was learnt from them, go as well where a person no longer agrees to be learnt from.

    `engine.records.sweeping` does this at the start of a server and every hour.
    """
    if not database.is_there():
        return 0
    with locked():
        with database.writing() as db:
            gone = _ended(db)
            for picture in gone:
                db.delete(picture)
                audit.add(db, picture.owner, "picture deleted by date", picture.id)
            forgotten = forget_without_consent(db)
            known = set(db.scalars(select(Picture.id)))
        remove_files(set(_files()) - {_path(name) for name in known})
    if gone or forgotten or database.url().get_backend_name() == "sqlite":
        database.wipe()
    return len(gone)


def of_person(db: Session, person: Person) -> Sequence[Picture]:
    """Return every picture of a person."""
    mine = select(Picture).join(KeptRecording, Picture.recording_id == KeptRecording.id)
    mine = mine.join(PersonSession, KeptRecording.session_id == PersonSession.id)
    return db.scalars(mine.where(PersonSession.person_id == person.id)).all()


def remove_files(paths: "set[Path] | list[Path]") -> None:
    """Delete files of pictures."""
    for path in paths:
        path.unlink(missing_ok=True)


def file_of(picture_id: str) -> Path:
    """Return where a picture's file lies."""
    return _path(picture_id)


def _ended(db: Session) -> list[Picture]:
    now = audit.time_of(db)
    gone = list(db.scalars(select(Picture).where(Picture.delete_on <= now)))
    people = select(Person).join(PersonSession, PersonSession.person_id == Person.id)
    people = people.join(KeptRecording, KeptRecording.session_id == PersonSession.id)
    for person in db.scalars(people.join(Picture, Picture.recording_id == KeptRecording.id).distinct()):
        if consents.standing(consents.of_person(db, person), "pictures", now) is None:
            gone += [each for each in of_person(db, person) if each not in gone]
    return gone


def locked() -> FileLock:
    """Return the lock under which files are written and deleted together with their records."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    return FileLock(_folder() / "lock", timeout=12 * database.PATIENCE_S)


def _folder() -> Path:
    return settings.data_folder() / FOLDER


def _path(name: str) -> Path:
    return _folder() / f"{name}.sealed"


def _files() -> list[Path]:
    return [path for path in _folder().iterdir() if path.name != "lock"]


def _write(path: Path, data: bytes) -> None:
    try:
        with replace_with(path) as file:
            file.write(data)
        path.chmod(0o600)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RecordsError(
                "The disk is full: the picture was not kept, and nothing else is lost.",
                "Make room, then keep it again.",
            ) from error
        raise
