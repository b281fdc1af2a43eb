"""People under a pseudonym: made, listed, renamed. How everything of one is deleted stands in `deletion`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import RecordsError
from engine.records import audit, database
from engine.records.access import checked_words, found, unchanged
from engine.records.tables import Person
from engine.records.tables import Session as PersonSession

LONGEST = 60
"""Characters of a pseudonym."""


@dataclass(frozen=True)
class PersonSummary:
    """A person in a list.

    Attributes
    ----------
    person
        The record.
    sessions
        How many there are.
    last_at
        When the latest was held; None where there is none.
    """

    person: Person
    sessions: int
    last_at: datetime | None


def create(owner: str, pseudonym: str) -> Person:
    """Make a record of a person.

    Parameters
    ----------
    owner
        Whose record it is.
    pseudonym
        What the person is called here: no name, at most `LONGEST` characters.

    Raises
    ------
    RecordsError
        For a pseudonym that is none, or that somebody has already.
    """
    called = checked_words(pseudonym, "The pseudonym", LONGEST)
    with database.writing() as db:
        _must_be_free(db, owner, called)
        person = Person(owner=owner, pseudonym=called, created_at=audit.time_of(db))
        db.add(person)
        db.flush()
        audit.add(db, owner, "person created", person.id)
        return person


def rename(owner: str, person_id: str, pseudonym: str, seen: int | None = None) -> Person:
    """Give a person another pseudonym; raises as `create`, `found` and `unchanged`."""
    called = checked_words(pseudonym, "The pseudonym", LONGEST)
    with database.writing() as db:
        person = found(db, Person, owner, person_id)
        unchanged(person.version, seen, "This person")
        if called != person.pseudonym:
            _must_be_free(db, owner, called)
            person.pseudonym = called
            audit.add(db, owner, "person renamed", person.id)
        return person


def get(owner: str, person_id: str) -> Person:
    """Return a person; raises as `engine.records.access.found`."""
    with database.reading() as db:
        return found(db, Person, owner, person_id)


def listed(owner: str) -> list[PersonSummary]:
    """Return all people of an owner by pseudonym; nobody where nothing was ever kept."""
    if not database.is_there():
        return []
    held = select(
        PersonSession.person_id, func.count().label("sessions"), func.max(PersonSession.held_at).label("last")
    )
    each = held.group_by(PersonSession.person_id).subquery()
    mine = select(Person, each.c.sessions, each.c.last).outerjoin(each, each.c.person_id == Person.id)
    with database.reading() as db:
        rows = db.execute(mine.where(Person.owner == owner).order_by(func.lower(Person.pseudonym), Person.pseudonym))
        return [PersonSummary(person, sessions or 0, last) for person, sessions, last in rows]


def _must_be_free(db: Session, owner: str, pseudonym: str) -> None:
    if db.scalars(select(Person.id).where(Person.owner == owner, Person.pseudonym == pseudonym)).first():
        raise RecordsError(
            f"There is a person “{pseudonym}” already.", "Choose another pseudonym, or open that person’s sessions."
        )
