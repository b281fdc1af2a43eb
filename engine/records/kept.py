"""Recordings, photos and Live runs that are kept in a session: what was found, and what people changed in it.

What was spotted is never overwritten. Every change is a row of its own, laid over what was spotted in their order, as
`engine.records.corrections` does it for a recording in memory; the rows of the events hold how each stands, for lists
and charts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, undefer

from engine.errors import ChangedError, RecordsError
from engine.recognition.analysis import Analysis, Event
from engine.records import audit, correction_file, database
from engine.records.access import checked_words, found, unchanged
from engine.records.corrections import KINDS, Add, Correction, Corrections, Move, Revert, reviewed
from engine.records.events import versions
from engine.records.lessons import hold_faces
from engine.records.plain_event import event_as_plain, event_from_plain, recording_from
from engine.records.plain_row import from_plain
from engine.records.review import ReviewedEvent
from engine.records.sessions import allowed_session
from engine.records.tables import KeptCorrection, KeptEvent, KeptRecording, KeptRest, KeptTrack
from engine.records.tables import Session as PersonSession
from engine.records.track_file import curves_of, rest_as_plain, track_from

SORTS = {"video": "recording", "photo": "photo", "live": "Live run"}
"""What can be kept, and how it is called."""
_NAME = 120


@dataclass(frozen=True)
class Review:
    """A recording of a session, as it stands.

    Attributes
    ----------
    recording
        The record of its facts.
    analysis
        What was found, the faces that were kept only.
    corrections
        What people changed since, undone changes left out.
    versions
        An event's name to the version that `correct` is told was seen.
    last
        Identifier of the latest change that stands, for `undo`; None without any.
    """

    recording: KeptRecording
    analysis: Analysis
    corrections: Corrections
    versions: Mapping[str, int]
    last: int | None


def keep(
    owner: str,
    session_id: str,
    sort: str,
    analysis: Analysis,
    corrections: Corrections | None = None,
    faces: Collection[int] | None = None,
) -> KeptRecording:
    """Keep what was found in a recording: numbers, no picture.

    Parameters
    ----------
    owner, session_id
        Where.
    sort
        A key of `SORTS`.
    analysis, corrections
        What was found, and what was changed in it so far.
    faces
        Numbers of the faces that are the session's person; all for None. Nobody else has agreed to be kept.

    Raises
    ------
    ConsentError
        Where the person has not agreed, or no longer does.
    RecordsError
        As `engine.records.access.found`; where no such face was seen, or the same recording is in the session already.
    """
    chosen = _only(analysis, faces)
    log = Corrections(tuple(each for each in (corrections or Corrections()).log if is_of(each, chosen)))
    if sort not in SORTS:
        raise RecordsError(f"{ascii(sort)[:20]} cannot be kept.", f"Keep one of: {', '.join(SORTS)}.")
    named = {each.event.model for each in reviewed(chosen) if each.event.model}
    with database.writing() as db:
        session = allowed_session(db, owner, session_id)
        told = chosen.recording
        mark = correction_file.fingerprint(chosen)
        same = select(KeptRecording).where(KeptRecording.session_id == session.id, KeptRecording.fingerprint == mark)
        spotted = {each.id: event_as_plain(each.event) for each in reviewed(chosen)}
        if any(spotted == _spotted(_events(db, each)) for each in db.scalars(same)):
            raise RecordsError(
                f"“{told.file}” is in this session already, with the same events.",
                "Open the session to see it, or choose another session.",
            )
        recording = KeptRecording(
            owner=owner,
            session_id=session.id,
            kind=sort,
            name=checked_words(told.file[:_NAME], "The recording’s name", _NAME),
            fingerprint=mark,
            width=told.width,
            height=told.height,
            fps=told.fps,
            duration_s=told.duration_s,
            frames=told.frames,
            distinct_share=told.distinct_share,
            enhanced=chosen.enhanced,
            warnings=list(chosen.warnings),
            versions=versions(),
            kept_at=audit.time_of(db),
        )
        db.add(recording)
        db.flush()
        for track in chosen.tracks:
            curves = curves_of(track)
            labels = list(track.labels)
            db.add(KeptTrack(owner=owner, recording_id=recording.id, face=track.person, labels=labels, curves=curves))
            if track.rest.face is not None:
                rest = rest_as_plain(track.rest.face)
                seen = {"person_id": session.person_id, "recording_id": recording.id, "seen_at": recording.kept_at}
                db.add(KeptRest(owner=owner, **seen, **rest))
        found_now = reviewed(chosen, log)
        hold_faces(db, session, recording, chosen, found_now)
        standing = {each.id: each for each in found_now}
        for each in reviewed(chosen):
            db.add(_row(recording, standing.pop(each.id), each.event))
        for each in standing.values():
            db.add(_row(recording, each, None))
        for said in log.as_json():
            db.add(_change(recording, said, owner))
        db.flush()
        audit.add(db, owner, f"{SORTS[sort]} kept", recording.id, ", ".join(sorted(named))[:60])
        return recording


def bring(db: Session, session: PersonSession, plain: Any, files: Mapping[str, bytes]) -> KeptRecording:
    """Put a recording of an archive into a session, checked by laying its corrections over what was spotted.

    Parameters
    ----------
    db, session
        Where; the transaction is the import's.
    plain
        As `engine.records.archive` writes it.
    files
        What lies beside it in the archive.

    Raises
    ------
    ValueError, TypeError, KeyError, UserError
        For what `keep` cannot have kept.
    """
    beside = ("number", "tracks", "events", "corrections", "pictures")
    recording = from_plain(KeptRecording, plain, *beside, owner=session.owner, session_id=session.id)
    if recording.kind not in SORTS or min(recording.duration_s, recording.fps, recording.frames) < 0:
        raise ValueError("this is no recording")
    db.add(recording)
    db.flush()
    own = {"owner": session.owner, "recording_id": recording.id}
    tracks: dict[int, tuple[KeptTrack, list[Event]]] = {}
    for each in plain["tracks"]:
        track = from_plain(KeptTrack, each, "curves", **own)
        track.curves = None if each["curves"] is None else files[each["curves"]]
        tracks[track.face] = (track, [])
        db.add(track)
    for place, each in sorted(((_place(each["name"]), each) for each in plain["events"]), key=lambda pair: pair[0]):
        event = event_from_plain(each["spotted"])
        events = tracks[each["face"]][1]
        events.append(event)
        if each["name"] != f"{each['face']}-{len(events)}" or place != (each["face"], len(events)):
            raise ValueError(f"event {ascii(each['name'])[:20]} is out of its place")
        if event.offset_s > recording.duration_s + 1e-3:
            raise ValueError("an event after the recording’s end")
    made = tuple(
        replace(track_from(face, tuple(track.labels), track.curves), events=tuple(events))
        for face, (track, events) in sorted(tracks.items())
    )
    analysis = Analysis(recording_from(recording), made, tuple(map(str, recording.warnings)), recording.enhanced)
    changes = [from_plain(KeptCorrection, each, **own) for each in plain["corrections"]]
    db.add_all(changes)
    log = Corrections(tuple(correction_file.read_correction(each.said) for each in changes if each.undone_at is None))
    spotted = {each.id: each.event for each in reviewed(analysis)}
    for each in reviewed(analysis, log):
        db.add(_row(recording, each, spotted.get(each.id)))
    db.flush()
    return recording


def _place(name: str) -> tuple[int, int]:
    face, _, place = name.partition("-")
    return int(face), int(place)


def listed(owner: str, session_id: str) -> Sequence[KeptRecording]:
    """Return the recordings of a session in the order in which they were kept; raises as `keep`."""
    with database.reading() as db:
        session = allowed_session(db, owner, session_id)
        mine = select(KeptRecording).where(KeptRecording.session_id == session.id)
        return db.scalars(mine.order_by(KeptRecording.kept_at, KeptRecording.id)).all()


def review(owner: str, recording_id: str) -> Review:
    """Return a recording as it stands; raises as `keep`."""
    with database.reading() as db:
        recording = _allowed(db, owner, recording_id)
        changes = _changes(db, recording)
        rows = _events(db, recording)
        analysis = _analysis(db, recording, rows, curves=True)
        log = Corrections(tuple(_correction(each.said) for each in changes))
        seen = {row.name: row.version for row in rows}
        return Review(recording, analysis, log, seen, changes[-1].id if changes else None)


def correct(owner: str, recording_id: str, *changes: Correction, seen: Mapping[str, int] | None = None) -> None:
    """Make changes in the events of a recording, all of them or none.

    Parameters
    ----------
    owner, recording_id
        Of which.
    changes
        As `engine.records.corrections` has them.
    seen
        `Review.versions` of what was shown to whoever makes them; None asks for nothing.

    Raises
    ------
    ChangedError
        Where one of these events was changed since it was shown; nothing is changed then.
    CorrectionError
        Where a change does not fit.
    RecordsError, ConsentError
        As `keep`.
    """
    with database.writing() as db:
        recording = _allowed(db, owner, recording_id)
        rows = _events(db, recording)
        _still_as_seen(rows, changes, seen)
        # Of the changes so far only what they say: there may be many.
        before = db.scalars(select(KeptCorrection.said).where(*_stand(recording)).order_by(KeptCorrection.id))
        log = Corrections((*map(_correction, before), *changes))
        # What moves needs the curves, to tell how strong it is there; naming and rejecting does without.
        needed = any(isinstance(each, Move | Add) for each in log.log)
        _write(db, recording, rows, reviewed(_analysis(db, recording, rows, curves=needed), log))
        for said in Corrections(changes).as_json():
            db.add(_change(recording, said, owner))
        audit.add(db, owner, "event corrected", recording.id)


def undo(owner: str, recording_id: str, last: int | None) -> None:
    """Take the latest change back; it stays in the log, as undone.

    Parameters
    ----------
    owner, recording_id
        Of which.
    last
        `Review.last` of what was shown.

    Raises
    ------
    ChangedError
        Where there is a later change than that by now.
    RecordsError, ConsentError
        As `keep`.
    """
    with database.writing() as db:
        recording = _allowed(db, owner, recording_id)
        changes = _changes(db, recording)
        if not changes:
            return
        if changes[-1].id != last:
            raise ChangedError(
                "Something else was changed in another window since this was shown here.",
                "Look at it as it stands now, then take it back.",
            )
        rows = _events(db, recording)
        log = Corrections(tuple(_correction(each.said) for each in changes[:-1]))
        curves = any(isinstance(each, Move | Add) for each in log.log)
        _write(db, recording, rows, reviewed(_analysis(db, recording, rows, curves=curves), log))
        changes[-1].undone_at = audit.time_of(db)
        audit.add(db, owner, "correction undone", recording.id)


def history(owner: str, recording_id: str) -> Sequence[KeptCorrection]:
    """Return every change of a recording in its order, those that were undone too; raises as `keep`."""
    with database.reading() as db:
        recording = _allowed(db, owner, recording_id)
        mine = select(KeptCorrection).where(KeptCorrection.recording_id == recording.id)
        return db.scalars(mine.order_by(KeptCorrection.id)).all()


def delete(owner: str, recording_id: str) -> None:
    """Delete a recording with everything that is kept of it; asks for no consent, raises as `found`."""
    with database.writing() as db:
        recording = found(db, KeptRecording, owner, recording_id)
        db.delete(recording)
        audit.add(db, owner, "recording deleted", recording.id)


def _allowed(db: Session, owner: str, recording_id: str) -> KeptRecording:
    recording = found(db, KeptRecording, owner, recording_id)
    allowed_session(db, owner, recording.session_id)
    return recording


def _only(analysis: Analysis, faces: Collection[int] | None) -> Analysis:
    kept = tuple(track for track in analysis.tracks if faces is None or track.person in faces)
    if not kept:
        seen = ", ".join(str(track.person) for track in analysis.tracks)
        raise RecordsError(
            "There is no face to keep." if not seen else "None of the faces was chosen.",
            f"Choose the faces that are this person’s; seen were {seen}." if seen else "Keep a recording with a face.",
        )
    return replace(analysis, tracks=kept)


def is_of(correction: Correction, analysis: Analysis) -> bool:
    """Tell whether a change is one of a face that an analysis has."""
    people = {str(track.person) for track in analysis.tracks}
    if isinstance(correction, Add):
        return str(correction.person) in people
    return correction.event == "" or correction.event.partition("-")[0] in people


def _stand(recording: KeptRecording) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return by what the changes are chosen that stand in a recording."""
    return KeptCorrection.recording_id == recording.id, KeptCorrection.undone_at.is_(None)


def _changes(db: Session, recording: KeptRecording) -> Sequence[KeptCorrection]:
    return db.scalars(select(KeptCorrection).where(*_stand(recording)).order_by(KeptCorrection.id)).all()


def _events(db: Session, recording: KeptRecording) -> Sequence[KeptEvent]:
    return db.scalars(select(KeptEvent).where(KeptEvent.recording_id == recording.id)).all()


def _spotted(rows: Sequence[KeptEvent]) -> dict[str, Any]:
    return {row.name: row.spotted for row in rows if row.spotted is not None}


def _analysis(db: Session, recording: KeptRecording, rows: Sequence[KeptEvent], *, curves: bool) -> Analysis:
    asked = select(KeptTrack).where(KeptTrack.recording_id == recording.id).order_by(KeptTrack.face)
    tracks = db.scalars(asked.options(undefer(KeptTrack.curves)) if curves else asked).all()
    spotted: dict[int, list[tuple[int, Event]]] = {track.face: [] for track in tracks}
    for row in rows:
        if row.spotted is not None:
            place = int(row.name.partition("-")[2])
            spotted[row.face].append((place, event_from_plain(row.spotted)))
    made = tuple(
        replace(
            track_from(track.face, tuple(track.labels), track.curves if curves else None),
            # Their places name them.
            events=tuple(event for _, event in sorted(spotted[track.face], key=lambda pair: pair[0])),
        )
        for track in tracks
    )
    return Analysis(recording_from(recording), made, tuple(recording.warnings), recording.enhanced)


def _correction(said: Mapping[str, Any]) -> Correction:
    values = dict(said)
    made: Correction = KINDS[values.pop("do")](**values)
    return made


def _change(recording: KeptRecording, said: dict[str, Any], owner: str) -> KeptCorrection:
    return KeptCorrection(
        owner=recording.owner, recording_id=recording.id, said=said, made_by=owner, made_at=audit.now()
    )


def _still_as_seen(rows: Sequence[KeptEvent], changes: Sequence[Correction], seen: Mapping[str, int] | None) -> None:
    if seen is None:
        return
    touched = {each.event for each in changes if not isinstance(each, Add)}
    everything = any(isinstance(each, Revert) and not each.event for each in changes)
    for row in rows:
        if everything or row.name in touched:
            unchanged(row.version, seen.get(row.name, 0), f"Event {row.name}")
    gone = touched - {row.name for row in rows} - {""}
    if gone & set(seen):
        raise ChangedError(
            f"Event {min(gone)} was taken away in another window.", "Look at the events as they stand now."
        )


def _write(db: Session, recording: KeptRecording, rows: Sequence[KeptEvent], events: Sequence[ReviewedEvent]) -> None:
    """Bring the rows of the events to how these stand; what is as it was keeps its version."""
    known = {row.name: row for row in rows}
    for each in events:
        row = known.pop(each.id, None)
        if row is None:
            db.add(_row(recording, each, None))
        else:
            for name, value in _standing(each).items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
    for row in known.values():
        db.delete(row)


def _row(recording: KeptRecording, each: ReviewedEvent, spotted: Event | None) -> KeptEvent:
    return KeptEvent(
        owner=recording.owner,
        session_id=recording.session_id,
        recording_id=recording.id,
        face=each.person,
        name=each.id,
        spotted=None if spotted is None else event_as_plain(spotted),
        **_standing(each),
    )


def _standing(each: ReviewedEvent) -> dict[str, Any]:
    event = each.event
    return {
        "onset_s": event.onset_s,
        "apex_s": event.apex_s,
        "offset_s": event.offset_s,
        "kind": event.kind,
        "expression": event.expression,
        "decided": event.decided,
        "certainty": None if each.named else event.certainty,
        "origin": event.origin,
        "units": " ".join(map(str, event.moved)),
        "named": each.named,
        "rejected": each.rejected,
    }
