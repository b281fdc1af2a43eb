"""What the report of a session says: all that is kept in it, where the person agrees that it leaves this program."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from engine import images
from engine.errors import ConsentError, UserError
from engine.records import audit, consents, database, kept, people, pictures, sessions
from engine.records.report import EventPictures, Report, Reported
from engine.records.tables import KeptRecording, Note

_MOMENTS = ("onset", "apex", "photo")


def session_report(owner: str, session_id: str, *, with_pictures: bool = False) -> Report:
    """Gather a session for its report; that is written into the audit log.

    Parameters
    ----------
    owner, session_id
        Which.
    with_pictures
        Whether the pictures that are kept of its events are to be in it; they are where the person agrees to pictures.

    Raises
    ------
    ConsentError
        Where the person has not agreed to records and reports, or no longer does.
    RecordsError
        As `engine.records.access.found`.
    """
    session = sessions.get(owner, session_id)
    consent = consents.check(owner, session.person_id, "sharing")
    person = people.get(owner, session.person_id)
    recordings = kept.listed(owner, session.id)
    facts = (
        ("Person", person.pseudonym),
        ("Session", f"{session.title}, {session.held_at:%Y-%m-%d %H:%M} UTC"),
        ("Consent", f"given by {consent.given_by}, until {consent.until:%Y-%m-%d}"),
    )
    reported = tuple(_reported(owner, each, with_pictures) for each in recordings)
    notes = tuple((_when(note, recordings), note.text) for note in sessions.notes(owner, session.id))
    with database.writing() as db:
        audit.add(db, owner, "report written", session.id)
    return Report(f"{person.pseudonym}: {session.title}", reported, facts, notes, session.words)


def _reported(owner: str, recording: KeptRecording, with_pictures: bool) -> Reported:
    review = kept.review(owner, recording.id)
    shown = _pictures(owner, recording) if with_pictures else {}
    return Reported(review.analysis, review.corrections, shown, recording.versions)


def _pictures(owner: str, recording: KeptRecording) -> EventPictures:
    """Return what is kept of each event that can be opened; nothing where the person agrees to no pictures."""
    found: dict[str, list[tuple[str, np.ndarray]]] = {}
    with suppress(ConsentError):
        for each in pictures.listed(owner, recording.id):
            if each.moment in _MOMENTS:
                with suppress(UserError):  # of another key, or damaged: the page says so, the report goes on
                    picture = images.decode(pictures.read(owner, each.id))
                    found.setdefault(each.event or "", []).append((each.moment, picture))
    return found


def _when(note: Note, recordings: Sequence[KeptRecording]) -> str:
    if note.recording_id is None or note.at_s is None:
        return f"{note.written_at:%Y-%m-%d %H:%M} UTC"
    name = next((each.name for each in recordings if each.id == note.recording_id), "")
    return f"{name}, {note.at_s:.2f} s"
