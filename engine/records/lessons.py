"""Numbers of faces that somebody may name: kept with an event, or taught in front of a camera, to be learnt from."""

from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.errors import RecordsError
from engine.recognition.analysis import Analysis
from engine.recognition.face_answers import FaceAnswers, Lesson
from engine.records import audit, consents, database
from engine.records.access import found
from engine.records.plain_row import as_plain, from_plain
from engine.records.review import ReviewedEvent
from engine.records.sessions import allowed_session
from engine.records.tables import Adaptation, KeptFace, KeptRecording, KeptRest, Person
from engine.records.tables import Session as PersonSession
from engine.records.track_file import rest_as_plain

PURPOSE = "adaptation"
"""What a person must have agreed to: see `engine.records.consents.PURPOSES`."""
KINDS = ("macro", "open", "photo")
"""Events that are learnt from. Micro-expressions are named by motion, not by how the face looks at one moment."""
NUMBERS = np.dtype("<f2")
"""How answers and embeddings are kept."""
_FACE, _LEARNT = ("probabilities", "embedding"), ("layers",)


def hold_faces(
    db: Session, session: PersonSession, recording: KeptRecording, analysis: Analysis, events: Sequence[ReviewedEvent]
) -> None:
    """Keep the numbers of the faces at the apexes of events, where the person agrees; in the transaction of `keep`."""
    person = found(db, Person, session.owner, session.person_id)
    if consents.standing(consents.of_person(db, person), PURPOSE, audit.time_of(db)) is None:
        return
    for track in analysis.tracks:
        rested = any(event.plain for event in track.events)
        for each in events:
            at = None if track.asked is None else track.asked.near(each.event.apex_s)
            if each.person != track.person or each.event.kind not in KINDS or track.asked is None or at is None:
                continue
            db.add(
                KeptFace(
                    owner=session.owner,
                    person_id=session.person_id,
                    session_id=session.id,
                    recording_id=recording.id,
                    event=each.id,
                    rested=rested,
                    kept_at=recording.kept_at,
                    **_numbers(track.asked, at),
                )
            )


def teach(owner: str, session_id: str, lessons: Collection[Lesson]) -> int:
    """Keep what was taught in front of a camera in a session; return how many lessons.

    Raises
    ------
    ConsentError
        Where the person has not agreed to be kept, or learnt from.
    RecordsError
        As `engine.records.access.found`; for an expression that the model does not name.
    """
    with database.writing() as db:
        session = allowed_session(db, owner, session_id)
        person = found(db, Person, owner, session.person_id)
        consents.require(db, person, PURPOSE)
        now = audit.time_of(db)
        own = {"owner": owner, "person_id": person.id, "session_id": session.id}
        for each in lessons:
            if each.expression not in each.face.labels or len(each.face.time_s) != 1:
                raise RecordsError(
                    f"{ascii(each.expression)[:40]} is nothing that {each.face.model} names.", "Teach what it names."
                )
            numbers = _numbers(each.face, 0)
            db.add(KeptFace(**own, taught=each.expression, rested=each.rest is not None, kept_at=now, **numbers))
        rests = [each.rest for each in lessons if each.rest is not None]
        if rests:
            db.add(KeptRest(owner=owner, person_id=person.id, seen_at=now, **rest_as_plain(rests[-1])))
        db.flush()
        audit.add(db, owner, "lessons kept", session.id)
        return len(lessons)


def forget_without_consent(db: Session) -> int:
    """Delete the faces and adaptations of everybody who no longer agrees to be learnt from; return how many records."""
    now, gone = audit.time_of(db), 0
    concerned = select(KeptFace.person_id).union(select(Adaptation.person_id))
    for person in db.scalars(select(Person).where(Person.id.in_(concerned))).all():
        if consents.standing(consents.of_person(db, person), PURPOSE, now) is None:
            for table in (KeptFace, Adaptation):
                gone += len(db.execute(delete(table).where(table.person_id == person.id).returning(table.id)).all())
            audit.add(db, person.owner, "adaptation ended with consent", person.id)
    return gone


def face_as_plain(face: KeptFace) -> dict[str, Any]:
    """Return a face's record as JSON can hold it."""
    return as_plain(face) | {name: b64encode(getattr(face, name)).decode() for name in _FACE}


def face_from_plain(plain: Any, *other: str, **own: Any) -> KeptFace:
    """Return the record that `face_as_plain` was given; parameters and errors as of `plain_row.from_plain`."""
    face = from_plain(KeptFace, plain, *_FACE, *other, **own, **_bytes(plain, _FACE, 1 << 16))
    sides = [np.frombuffer(numbers, NUMBERS) for numbers in (face.probabilities, face.embedding)]
    if len(sides[0]) != len(face.labels) or not all(np.isfinite(side).all() for side in sides):
        raise ValueError("a face that is none")
    return face


def adaptation_as_plain(adaptation: Adaptation) -> dict[str, Any]:
    """Return what was learnt as JSON can hold it."""
    return as_plain(adaptation) | {name: b64encode(getattr(adaptation, name)).decode() for name in _LEARNT}


def adaptation_from_plain(plain: Any, **own: Any) -> Adaptation:
    """Return the record that `adaptation_as_plain` was given; errors as of `plain_row.from_plain`."""
    return from_plain(Adaptation, plain, *_LEARNT, **own, **_bytes(plain, _LEARNT, 1 << 20))


def _bytes(plain: Any, names: Sequence[str], most: int) -> dict[str, bytes]:
    found = {name: b64decode(plain[name], validate=True) for name in names}
    if any(len(each) > most for each in found.values()):
        raise ValueError(f"more than {most:,} bytes")
    return found


def _numbers(asked: FaceAnswers, at: int) -> dict[str, Any]:
    return {
        "at_s": float(asked.time_s[at]),
        "model": asked.model,
        "model_version": asked.version,
        "labels": list(asked.labels),
        "probabilities": asked.probabilities[at].astype(NUMBERS).tobytes(),
        "embedding": asked.embeddings[at].astype(NUMBERS).tobytes(),
    }
