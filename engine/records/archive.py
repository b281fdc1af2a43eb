"""A whole person as one file that another installation imports: everything that is kept, checked and bounded.

A zip with ``person.json``, the curves of each face, and, where that was chosen, the pictures as they were before they
were encrypted. Whoever has the file can read it. Identifiers and owners stay behind: who imports it owns what comes in.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine.errors import ConsentError, RecordsError, UserError
from engine.files import unpacked
from engine.records import audit, consents, database, kept, keys, people, pictures
from engine.records.access import found
from engine.records.lessons import adaptation_as_plain, adaptation_from_plain, face_as_plain, face_from_plain
from engine.records.plain_row import as_plain, from_plain
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
from engine.records.track_file import rest_from_plain

FORM = 1
MOST_BYTES = 480 * 2**20
"""Of an archive, and of what it unpacks to."""
MOST_JSON_BYTES = 128 * 2**20
MOST_FILES = 50_000
MIME = "application/zip"
_INDEX = "person.json"
_REMEDY = "Choose an archive of a person that NeuroMER wrote and nobody has changed."


@dataclass(frozen=True)
class Imported:
    """What came in.

    Attributes
    ----------
    person
        The new record.
    sessions, recordings, pictures
        How many.
    left_out
        Sentences on what did not come along.
    """

    person: Person
    sessions: int
    recordings: int
    pictures: int
    left_out: tuple[str, ...] = ()


def write(owner: str, person_id: str, *, with_pictures: bool = False) -> bytes:
    """Return a person as an archive.

    Parameters
    ----------
    owner, person_id
        Who.
    with_pictures
        Whether the pictures that are kept are in it, readable by whoever has the file.

    Raises
    ------
    ConsentError
        Where the person has not agreed that files leave this program.
    RecordsError
        As `found`; where a picture cannot be opened.
    """
    files: dict[str, bytes] = {}
    with database.writing() as db:
        person = found(db, Person, owner, person_id)
        consents.require(db, person)
        consents.require(db, person, "sharing")
        shown = []
        if with_pictures:
            consents.require(db, person, "pictures")
            now = audit.time_of(db)
            shown = [each.id for each in pictures.of_person(db, person) if each.delete_on > now]
        told = _told(db, person, files, set(shown))
        audit.add(db, owner, "archive written", person.id)
    for name in shown:
        files[f"pictures/{name}"] = pictures.read(owner, name)
    return pack(told, files)


def read(owner: str, data: bytes) -> Imported:
    """Import an archive, all of it or nothing; only pictures may stay out, and that is told.

    Parameters
    ----------
    owner
        Whose the records are to be.
    data
        The file's bytes.

    Raises
    ------
    RecordsError
        For a file that is none, damaged, changed or too large; where the person is here already.
    ConsentError
        Where the consent in it has ended or was taken back.
    """
    return take_in(owner, *unpack(data))


def take_in(owner: str, told: dict[str, Any], files: dict[str, bytes]) -> Imported:
    """Import what `unpack` returned; raises as `read`."""
    try:
        imported, waiting = _import(owner, told, files)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordsError(f"The archive is not one of a person ({str(error)[:80]}).", _REMEDY) from error
    left_out, brought = [], 0
    if waiting and (why := keys.why_none(make=True)):
        left_out.append(f"{len(waiting)} pictures were left out. {why}")
        waiting = []
    for picture, recording_id, content in waiting:
        try:
            pictures.keep(owner, recording_id, content, picture.mime, picture.moment, picture.event, picture.delete_on)
            brought += 1
        except UserError as error:
            left_out.append(f"A picture was left out. {error}")
    return Imported(imported[0], imported[1], imported[2], brought, tuple(dict.fromkeys(left_out)))


def _told(db: Session, person: Person, files: dict[str, bytes], shown: set[str]) -> dict[str, Any]:
    """Return all records of a person as plain values, and put curves among the files."""
    sessions = db.scalars(select(PersonSession).where(PersonSession.person_id == person.id)).all()
    numbers: dict[str, int] = {}
    return {
        "form": FORM,
        "program": "NeuroMER",
        "written_at": audit.now().isoformat(),
        "person": as_plain(person) | {"origin": person.origin or person.id},
        "consents": [as_plain(each) for each in consents.of_person(db, person)],
        "sessions": [
            as_plain(each)
            | {
                "recordings": [_recording(db, row, files, shown, numbers) for row in _of(db, KeptRecording, each)],
                "notes": [
                    as_plain(note) | {"recording": None if note.recording_id is None else numbers[note.recording_id]}
                    for note in _of(db, Note, each)
                ],
                "faces": [
                    face_as_plain(face)
                    | {"recording": None if face.recording_id is None else numbers[face.recording_id]}
                    for face in _of(db, KeptFace, each)
                ],
            }
            for each in sessions
        ],
        "resting_faces": [
            as_plain(each) | {"recording": None if each.recording_id is None else numbers.get(each.recording_id)}
            for each in db.scalars(select(KeptRest).where(KeptRest.person_id == person.id))
        ],
        "adaptations": [
            adaptation_as_plain(each)
            for each in db.scalars(select(Adaptation).where(Adaptation.person_id == person.id))
        ],
    }


def _of(db: Session, table: type[KeptRecording | Note | KeptFace], session: PersonSession) -> Iterator[Any]:
    return iter(db.scalars(select(table).where(table.session_id == session.id).order_by(table.id)))


def _recording(
    db: Session, row: KeptRecording, files: dict[str, bytes], shown: set[str], numbers: dict[str, int]
) -> dict[str, Any]:
    number = numbers[row.id] = len(numbers)
    tracks = []
    asked = select(KeptTrack).where(KeptTrack.recording_id == row.id).options(undefer(KeptTrack.curves))
    for track in db.scalars(asked.order_by(KeptTrack.face)):
        name = None
        if track.curves is not None:
            name = f"curves/{number}-{track.face}.npz"
            files[name] = track.curves
        tracks.append(as_plain(track) | {"curves": name})
    kept_events = select(KeptEvent).where(KeptEvent.recording_id == row.id, KeptEvent.spotted.is_not(None))
    changes = select(KeptCorrection).where(KeptCorrection.recording_id == row.id).order_by(KeptCorrection.id)
    seen = select(Picture).where(Picture.recording_id == row.id)
    return as_plain(row) | {
        "number": number,
        "tracks": tracks,
        "events": [{"face": each.face, "name": each.name, "spotted": each.spotted} for each in db.scalars(kept_events)],
        "corrections": [as_plain(each) for each in db.scalars(changes)],
        "pictures": [as_plain(each) | {"file": f"pictures/{each.id}"} for each in db.scalars(seen) if each.id in shown],
    }


def pack(told: dict[str, Any], files: dict[str, bytes]) -> bytes:
    """Return an archive of what `unpack` returned."""
    told = told | {"files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_INDEX, json.dumps(told, allow_nan=False))
        for name, data in files.items():
            packed.writestr(name, data)
    return target.getvalue()


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what an archive tells, and its files, whole and unchanged; raises RecordsError as `read`."""
    if len(data) > MOST_BYTES:
        raise RecordsError(f"The archive has {len(data):,} bytes, more than {MOST_BYTES:,}.", _REMEDY)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_FILES or size > MOST_BYTES or len({part.filename for part in parts}) < len(parts):
                raise ValueError(f"{len(parts):,} files that unpack to {size:,} bytes")
            if packed.getinfo(_INDEX).file_size > MOST_JSON_BYTES:
                raise ValueError(f"{_INDEX} is too large")
            told = json.loads(unpacked(packed, packed.getinfo(_INDEX)), parse_constant=_no_number)
            if not isinstance(told, dict) or not isinstance(told.get("files"), dict):
                raise ValueError(f"{_INDEX} is of another form")
            if told.get("form") != FORM:
                raise RecordsError(
                    f"The archive has the form {ascii(told.get('form'))[:20]}; this version of NeuroMER knows form "
                    f"{FORM}.",
                    "Import it with the version that wrote it, or a newer one.",
                )
            if {part.filename for part in parts} != {_INDEX, *told["files"]}:
                raise ValueError("files are missing, or there are some more")
            files = {name: unpacked(packed, packed.getinfo(name)) for name in told["files"]}
    except RecordsError:
        raise
    except Exception as error:  # hostile bytes end in a dozen kinds of error
        raise RecordsError(f"The file is no archive of a person, or damaged ({str(error)[:80]}).", _REMEDY) from error
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != told["files"][name]:
            raise RecordsError(f"{ascii(name)[:60]} in the archive was changed or is damaged.", _REMEDY)
    return told, files


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


Waiting = list[tuple[Picture, str, bytes]]


def _import(owner: str, told: dict[str, Any], files: dict[str, bytes]) -> tuple[tuple[Person, int, int], Waiting]:
    waiting: Waiting = []
    recordings: dict[int, str] = {}
    with database.writing() as db:
        now = audit.time_of(db)
        person = from_plain(Person, told["person"], owner=owner)
        _must_be_new(db, owner, person)
        person.pseudonym = _free(db, owner, person.pseudonym)
        db.add(person)
        db.flush()
        agreed = [from_plain(Consent, each, owner=owner, person_id=person.id) for each in told["consents"]]
        if consents.standing(agreed, "records", now) is None:
            raise ConsentError(
                "The consent in this archive has ended or was taken back: nothing was imported.",
                "Take consent where the archive was written, and write it anew.",
            )
        if any(set(each.purposes) - set(consents.PURPOSES) for each in agreed):
            raise ValueError("a consent to something unknown")
        db.add_all(agreed)
        for each in told["sessions"]:
            session = from_plain(PersonSession, each, "recordings", "notes", "faces", owner=owner, person_id=person.id)
            db.add(session)
            db.flush()
            for row in each["recordings"]:
                recording = kept.bring(db, session, row, files)
                if row["number"] in recordings:
                    raise ValueError("two recordings of one number")
                recordings[row["number"]] = recording.id
                for shown in row["pictures"]:
                    picture = from_plain(Picture, shown, "file", owner=owner, recording_id=recording.id)
                    waiting.append((picture, recording.id, files[shown["file"]]))
            for note in each["notes"]:
                place = None if note["recording"] is None else recordings[note["recording"]]
                db.add(from_plain(Note, note, "recording", owner=owner, session_id=session.id, recording_id=place))
            for face in each.get("faces", ()):
                own = {"owner": owner, "person_id": person.id, "session_id": session.id}
                place = None if face["recording"] is None else recordings[face["recording"]]
                db.add(face_from_plain(face, "recording", recording_id=place, **own))
        for rest in told["resting_faces"]:
            place = None if rest["recording"] is None else recordings[rest["recording"]]
            row = from_plain(KeptRest, rest, "recording", owner=owner, person_id=person.id, recording_id=place)
            rest_from_plain({name: getattr(row, name) for name in ("labels", "level", "wander", "seconds", "named")})
            db.add(row)
        db.add_all(adaptation_from_plain(each, owner=owner, person_id=person.id) for each in told["adaptations"])
        db.flush()
        audit.add(db, owner, "archive read", person.id)
        return (person, len(told["sessions"]), len(recordings)), waiting


def _must_be_new(db: Session, owner: str, person: Person) -> None:
    origin = str(person.origin)
    same = select(Person).where(Person.owner == owner, (Person.origin == origin) | (Person.id == origin))
    known = db.scalars(same).first()
    if known is not None:
        raise RecordsError(
            f"This person is here already, as “{known.pseudonym}”.",
            "Keep what is here, or delete that person first and import again.",
        )


def _free(db: Session, owner: str, pseudonym: str) -> str:
    taken = set(db.scalars(select(Person.pseudonym).where(Person.owner == owner)))
    called, number = pseudonym, 2
    while called in taken:
        called, number = f"{pseudonym[: people.LONGEST - 6]} ({number})", number + 1
    return called


def written_name(person: Person) -> str:
    """Return a name for the file that tells nothing of the person."""
    return f"person-{datetime.now(UTC):%Y-%m-%d}-{person.id[:6]}.zip"
