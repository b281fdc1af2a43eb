"""Deleting a person: every record and every file, with a receipt of what went."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from engine.records import audit, database, pictures
from engine.records.access import found
from engine.records.tables import (
    Adaptation,
    Consent,
    KeptCorrection,
    KeptEvent,
    KeptFace,
    KeptRecording,
    KeptRest,
    KeptTrack,
    Note,
    Person,
    Picture,
)
from engine.records.tables import Session as PersonSession

_IN_RECORDINGS: dict[str, type[KeptEvent | KeptCorrection | KeptTrack | Picture]] = {
    "events": KeptEvent,
    "corrections": KeptCorrection,
    "faces with their curves": KeptTrack,
    "pictures": Picture,
}
_OF_PERSON: dict[str, type[Consent | KeptRest | KeptFace | Adaptation]] = {
    "consents": Consent,
    "resting faces": KeptRest,
    "faces to learn from": KeptFace,
    "adaptations": Adaptation,
}


@dataclass(frozen=True)
class Receipt:
    """What went when a person was deleted; it names nobody.

    Attributes
    ----------
    at
        When.
    went
        How many records of each kind, and files.
    wiped
        Whether nothing of it is left in the database's files; otherwise somebody was reading, and the next sweep,
        within the hour, does it.
    entry
        Hash of the audit log's entry.
    database
        ``"SQLite"`` or ``"PostgreSQL"``.
    """

    at: datetime
    went: dict[str, int]
    wiped: bool
    entry: str
    database: str

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self) | {"at": self.at.isoformat(timespec="seconds")}


def delete_person(owner: str, person_id: str) -> Receipt:
    """Delete a person with all records and files; no consent is asked for.

    The audit log keeps that somebody was deleted, and nothing by which anybody could tell whom.

    Raises
    ------
    RecordsError
        As `engine.records.access.found`, or as `engine.records.database.writing`; everything is there still then.
    """
    with pictures.locked():
        return _delete(owner, person_id)


def _delete(owner: str, person_id: str) -> Receipt:
    with database.writing() as db:
        person = found(db, Person, owner, person_id)
        files = [pictures.file_of(each.id) for each in pictures.of_person(db, person)]
        went = _counted(db, person)
        # One statement: what is its goes by the database's own rule, at once or not at all.
        db.execute(delete(Person).where(Person.id == person.id))
        entry = audit.add(db, owner, "person deleted", person.id)
        kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.get_bind().dialect.name]
    went["files"] = sum(path.is_file() for path in files)
    pictures.remove_files(files)
    return Receipt(entry.at, went, database.wipe(), entry.hash, kind)


def _counted(db: Session, person: Person) -> dict[str, int]:
    sessions = select(PersonSession.id).where(PersonSession.person_id == person.id)
    recordings = select(KeptRecording.id).where(KeptRecording.session_id.in_(sessions))

    def number(condition: ColumnElement[bool]) -> int:
        return db.scalar(select(func.count()).where(condition)) or 0

    return {
        "person": 1,
        **{name: number(table.person_id == person.id) for name, table in _OF_PERSON.items()},
        "sessions": number(PersonSession.person_id == person.id),
        "notes": number(Note.session_id.in_(sessions)),
        "recordings": number(KeptRecording.session_id.in_(sessions)),
        **{name: number(table.recording_id.in_(recordings)) for name, table in _IN_RECORDINGS.items()},
    }
