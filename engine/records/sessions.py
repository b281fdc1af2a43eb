"""Sessions with a person: made, listed a part at a time, with the words and notes of whoever holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from engine.errors import RecordsError
from engine.records import audit, consents, database
from engine.records.access import checked_words, found, unchanged
from engine.records.tables import KeptEvent, KeptRecording, Note, Person
from engine.records.tables import Session as PersonSession

LONGEST_TITLE = 80
LONGEST_TEXT = 4000


@dataclass(frozen=True)
class SessionSummary:
    """A session in a list.

    Attributes
    ----------
    session
        The record.
    recordings
        How many recordings, photos and Live runs are kept in it.
    events
        How many events stand; rejected ones do not.
    changed
        How many events a person moved, named, added or rejected.
    """

    session: PersonSession
    recordings: int
    events: int
    changed: int


def create(owner: str, person_id: str, title: str, held_at: datetime | None = None) -> PersonSession:
    """Make a session with a person.

    Parameters
    ----------
    owner, person_id
        With whom.
    title
        In a few words, without a name.
    held_at
        When it was held, with a zone; now for None.

    Raises
    ------
    RecordsError
        As `found`; for a title that is none, or a time in the future.
    ConsentError
        Where the person has not agreed, or no longer does.
    """
    called = checked_words(title, "The session’s title", LONGEST_TITLE)
    with database.writing() as db:
        person = found(db, Person, owner, person_id)
        consents.require(db, person)
        now = audit.time_of(db)
        if held_at is not None and held_at > now:
            raise RecordsError(
                f"A session cannot have been held on {held_at:%Y-%m-%d %H:%M}; it is {now:%Y-%m-%d %H:%M} UTC now.",
                "Choose an earlier time.",
            )
        session = PersonSession(
            owner=owner, person_id=person.id, title=called, held_at=held_at or now, created_at=now, words=""
        )
        db.add(session)
        db.flush()
        audit.add(db, owner, "session created", session.id)
        return session


def allowed_session(db: Session, owner: str, session_id: str, purpose: str = "records") -> PersonSession:
    """Return a session whose person agrees to what is to be done with it; raises as `found` and `require`."""
    session = found(db, PersonSession, owner, session_id)
    consents.require(db, found(db, Person, owner, session.person_id), purpose)
    return session


def get(owner: str, session_id: str) -> PersonSession:
    """Return a session; raises as `create`."""
    with database.reading() as db:
        return allowed_session(db, owner, session_id)


def count(owner: str, person_id: str) -> int:
    """Return how many sessions there are with a person; raises as `create`."""
    with database.reading() as db:
        person = found(db, Person, owner, person_id)
        mine = select(func.count()).select_from(PersonSession).where(PersonSession.person_id == person.id)
        return db.scalar(mine) or 0


def listed(owner: str, person_id: str, most: int = 50, skip: int = 0) -> list[SessionSummary]:
    """Return a part of a person's sessions, newest first; raises as `create`."""
    with database.reading() as db:
        person = found(db, Person, owner, person_id)
        consents.require(db, person)
        mine = select(PersonSession).where(PersonSession.person_id == person.id)
        newest = mine.order_by(PersonSession.held_at.desc(), PersonSession.id).offset(skip).limit(most)
        sessions = db.scalars(newest).all()
        names = [each.id for each in sessions]
        held = select(KeptRecording.session_id, func.count()).where(KeptRecording.session_id.in_(names))
        recordings = {name: number for name, number in db.execute(held.group_by(KeptRecording.session_id))}
        changed = func.sum(case((KeptEvent.rejected | (KeptEvent.origin != "spotted"), 1), else_=0))
        standing = func.sum(case((KeptEvent.rejected, 0), else_=1))
        counted = select(KeptEvent.session_id, standing, changed).where(KeptEvent.session_id.in_(names))
        events = {name: both for name, *both in db.execute(counted.group_by(KeptEvent.session_id))}
        return [
            SessionSummary(each, recordings.get(each.id, 0), *map(int, events.get(each.id, (0, 0))))
            for each in sessions
        ]


def delete(owner: str, session_id: str) -> None:
    """Delete a session with everything in it; its pictures' files go with the next sweep, which the page runs at once.

    No consent is asked for: less is kept afterwards. Raises as `found`.
    """
    with database.writing() as db:
        session = found(db, PersonSession, owner, session_id)
        db.delete(session)
        audit.add(db, owner, "session deleted", session.id)


def write_words(owner: str, session_id: str, words: str, seen: int | None = None) -> PersonSession:
    """Keep what its holder says of a session, for the report; empty takes it away.

    Raises
    ------
    RecordsError, ConsentError
        As `create`; for more than `LONGEST_TEXT` characters.
    ChangedError
        Where the words were changed since.
    """
    text = checked_words(words, "What you write", LONGEST_TEXT, several_lines=True) if words.strip() else ""
    with database.writing() as db:
        session = allowed_session(db, owner, session_id)
        unchanged(session.version, seen, "What is written of this session")
        session.words = text
        audit.add(db, owner, "words written", session.id)
        return session


def add_note(
    owner: str, session_id: str, text: str, recording_id: str | None = None, at_s: float | None = None
) -> Note:
    """Write a note of a session, or of a moment in one of its recordings.

    Parameters
    ----------
    owner, session_id
        Of what.
    text
        At most `LONGEST_TEXT` characters.
    recording_id, at_s
        In which recording, and at which second of it.

    Raises
    ------
    RecordsError, ConsentError
        As `create`; where the recording is of another session, or is over by then.
    """
    said = checked_words(text, "The note", LONGEST_TEXT, several_lines=True)
    with database.writing() as db:
        session = allowed_session(db, owner, session_id)
        if recording_id is not None:
            recording = found(db, KeptRecording, owner, recording_id)
            if recording.session_id != session.id or not 0 <= (at_s or 0.0) <= recording.duration_s + 1e-6:
                raise RecordsError(
                    f"There is no second {at_s:g} in that recording of this session."
                    if at_s is not None
                    else "That recording is of another session.",
                    f"Choose a time between 0 and {recording.duration_s:g} s.",
                )
        note = Note(
            owner=owner,
            session_id=session.id,
            recording_id=recording_id,
            at_s=at_s if recording_id is not None else None,
            text=said,
            written_by=owner,
            written_at=audit.time_of(db),
        )
        db.add(note)
        db.flush()
        audit.add(db, owner, "note written", note.id)
        return note


def notes(owner: str, session_id: str) -> Sequence[Note]:
    """Return a session's notes in the order in which they were written; raises as `create`."""
    with database.reading() as db:
        session = allowed_session(db, owner, session_id)
        return db.scalars(select(Note).where(Note.session_id == session.id).order_by(Note.written_at, Note.id)).all()


def delete_note(owner: str, note_id: str) -> None:
    """Delete a note; raises as `found`."""
    with database.writing() as db:
        note = found(db, Note, owner, note_id)
        db.delete(note)
        audit.add(db, owner, "note deleted", note.id)
