"""What is kept of people, as tables: SQLAlchemy models, one a record.

Every record has an owner, whoever may see it, and an identifier that nobody can guess. Names of people are nowhere,
only pseudonyms; pictures are in no table, only where their encrypted files lie (`engine.records.pictures`).
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A moment with its zone in Python, in UTC and without it in the database: SQLite knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write a moment."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read a moment."""
        return None if value is None else value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """What all tables have in common."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON, list[Any]: JSON}


def _new_id() -> str:
    return uuid4().hex


def _id() -> Mapped[str]:
    return mapped_column(String(32), primary_key=True, default=_new_id)


def _owner(*, index: bool = False) -> Mapped[str]:
    return mapped_column(String(128), index=index)


def _of(table: str, *, index: bool = True) -> Mapped[str]:
    return mapped_column(String(32), ForeignKey(f"{table}.id", ondelete="CASCADE"), index=index)


class Person(Table):
    """Somebody, under a pseudonym.

    Attributes
    ----------
    origin
        The person's identifier in the installation that the record was imported from; None for one made here.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("owner", "pseudonym"),)

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner(index=True)
    pseudonym: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    origin: Mapped[str | None] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Consent(Table):
    """Who agreed to what, and until when.

    Attributes
    ----------
    given_by
        In whose words: ``"the person"``, ``"a parent or guardian"`` ...
    purposes
        Keys of `engine.records.consents.PURPOSES`.
    until
        From then on it holds no longer.
    withdrawn_at
        When it was taken back; None while it was not.
    """

    __tablename__ = "consents"

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    person_id: Mapped[str] = _of("people")
    given_by: Mapped[str] = mapped_column(String(60))
    purposes: Mapped[list[Any]]
    given_at: Mapped[datetime]
    until: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Session(Table):
    """One meeting with a person."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_person_id_held_at", "person_id", "held_at"),)

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    person_id: Mapped[str] = _of("people", index=False)
    title: Mapped[str] = mapped_column(String(80))
    held_at: Mapped[datetime]
    created_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(String(4000), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class KeptRecording(Table):
    """The facts of a recording, a photo or a Live run that was analysed.

    Attributes
    ----------
    kind
        ``"video"``, ``"photo"`` or ``"live"``.
    fingerprint
        `engine.records.correction_file.fingerprint` of what was spotted.
    warnings, versions
        What was said first, and with what it was analysed.
    """

    __tablename__ = "recordings"

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    session_id: Mapped[str] = _of("sessions")
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(16))
    width: Mapped[int]
    height: Mapped[int]
    fps: Mapped[float]
    duration_s: Mapped[float]
    frames: Mapped[int]
    distinct_share: Mapped[float]
    enhanced: Mapped[str] = mapped_column(String(20))
    warnings: Mapped[list[Any]]
    versions: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]


class KeptTrack(Table):
    """One face of a recording: its curves as numbers, see `engine.records.track_file`; None where they are not kept."""

    __tablename__ = "tracks"
    __table_args__ = (UniqueConstraint("recording_id", "face"),)

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    recording_id: Mapped[str] = _of("recordings", index=False)
    face: Mapped[int]
    labels: Mapped[list[Any]]
    curves: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class KeptEvent(Table):
    """One event: as it was spotted, and as it stands.

    Attributes
    ----------
    session_id
        Its recording's, so that lists and charts need not ask for that.
    face
        Whose it is: the number of the track.
    name
        As `engine.records.corrections` names it.
    spotted
        Every value of the `Event` that the machine spotted; None where a person added it.
    units
        Numbers of the action units that moved, separated by spaces.
    named, rejected
        See `engine.records.review.ReviewedEvent`.
    version
        Grows with each change, so that the second of two changes of the same event is told.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("recording_id", "name"),)

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    session_id: Mapped[str] = _of("sessions")
    recording_id: Mapped[str] = _of("recordings", index=False)
    face: Mapped[int]
    name: Mapped[str] = mapped_column(String(24))
    spotted: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    onset_s: Mapped[float]
    apex_s: Mapped[float]
    offset_s: Mapped[float]
    kind: Mapped[str] = mapped_column(String(8))
    expression: Mapped[str] = mapped_column(String(40))
    decided: Mapped[bool]
    certainty: Mapped[float | None]
    origin: Mapped[str] = mapped_column(String(10))
    units: Mapped[str] = mapped_column(String(120))
    named: Mapped[bool]
    rejected: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class KeptCorrection(Table):
    """One change of a person's; none is ever overwritten.

    Attributes
    ----------
    said
        As `engine.records.corrections.Corrections.as_json` has it.
    undone_at
        When it was taken back; None where it stands.
    """

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    owner: Mapped[str] = _owner()
    recording_id: Mapped[str] = _of("recordings")
    said: Mapped[dict[str, Any]]
    made_by: Mapped[str] = mapped_column(String(128))
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Note(Table):
    """What somebody wrote down: of a session, or of a moment in one of its recordings."""

    __tablename__ = "notes"

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    session_id: Mapped[str] = _of("sessions")
    recording_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("recordings.id", ondelete="CASCADE"))
    at_s: Mapped[float | None]
    text: Mapped[str] = mapped_column(String(4000))
    written_by: Mapped[str] = mapped_column(String(128))
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class KeptRest(Table):
    """How a person's face rests: the numbers of a `engine.recognition.resting_face.RestingFace`."""

    __tablename__ = "resting_faces"

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    person_id: Mapped[str] = _of("people")
    recording_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("recordings.id", ondelete="CASCADE"))
    labels: Mapped[list[Any]]
    level: Mapped[list[Any]]
    wander: Mapped[list[Any]]
    seconds: Mapped[float]
    named: Mapped[bool]
    seen_at: Mapped[datetime]


class KeptFace(Table):
    """What a model said of one face whose expression somebody may name, and its embedding: numbers to learn from.

    Kept only of people who agree that the recogniser learns from their corrections.

    Attributes
    ----------
    recording_id, event
        Which event it is the apex of, by the event's name; its expression is what it shows, once a person has named
        that. None of a face that was taught in front of a camera.
    taught
        The expression that was taught; None of an event's face.
    at_s
        When, in seconds of the recording or of the camera's run.
    model, model_version
        What answered, see `engine.recognition.face_answers.FaceAnswers`.
    probabilities, embedding
        Its answer to anybody, a number a label, and its embedding, both float16 and little-endian.
    rested
        Whether the answer that was shown had the resting face of its recording taken out.
    """

    __tablename__ = "faces"

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    person_id: Mapped[str] = _of("people")
    session_id: Mapped[str] = _of("sessions")
    recording_id: Mapped[str | None] = mapped_column(
        String(32), ForeignKey("recordings.id", ondelete="CASCADE"), index=True
    )
    event: Mapped[str | None] = mapped_column(String(24))
    taught: Mapped[str | None] = mapped_column(String(40))
    at_s: Mapped[float]
    model: Mapped[str] = mapped_column(String(60))
    model_version: Mapped[str] = mapped_column(String(16))
    labels: Mapped[list[Any]]
    probabilities: Mapped[bytes] = mapped_column(LargeBinary)
    embedding: Mapped[bytes] = mapped_column(LargeBinary)
    rested: Mapped[bool]
    kept_at: Mapped[datetime]


class Adaptation(Table):
    """What a person's corrections have taught: the synapses of `engine.spiking.person_layers.PersonLayers`.

    Attributes
    ----------
    model, model_version
        What they were learnt with; they fit nothing else.
    layers
        `engine.spiking.person_layers.PersonLayers.as_bytes`.
    corrections
        How many were learnt.
    figures
        Before and after on that person's held-back corrections, see `engine.spiking.held_back.measure`.
    in_use
        Whether it was chosen to be used.
    """

    __tablename__ = "adaptations"
    __table_args__ = (UniqueConstraint("person_id"),)

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    person_id: Mapped[str] = _of("people", index=False)
    model: Mapped[str] = mapped_column(String(60))
    model_version: Mapped[str] = mapped_column(String(16))
    labels: Mapped[list[Any]]
    layers: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    corrections: Mapped[int]
    figures: Mapped[dict[str, Any]]
    in_use: Mapped[bool]
    learnt_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Picture(Table):
    """Where a picture or clip lies that was kept by choice: an encrypted file named by the record's identifier.

    Attributes
    ----------
    event
        Name of the event that it shows; None for the whole recording.
    moment
        ``"onset"``, ``"apex"``, ``"photo"`` or ``"clip"``.
    mime
        Kind of the file once it is decrypted.
    delete_on
        When it is deleted, whoever may be looking.
    """

    __tablename__ = "pictures"

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    recording_id: Mapped[str] = _of("recordings")
    event: Mapped[str | None] = mapped_column(String(24))
    moment: Mapped[str] = mapped_column(String(8))
    mime: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    kept_at: Mapped[datetime]
    delete_on: Mapped[datetime] = mapped_column(index=True)


class KeptRound(Table):
    """A round of practice, see `engine.records.practice`; the owner's own.

    Attributes
    ----------
    shown, right
        How many faces of each expression, and how many of them named rightly.
    threshold_s, threshold_low_s, threshold_high_s
        How long a face must be seen, and between what that lies with 95 %; None for a test.
    """

    __tablename__ = "practice_rounds"
    __table_args__ = (UniqueConstraint("owner", "begun_at"),)

    id: Mapped[str] = _id()
    owner: Mapped[str] = _owner()
    kind: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[datetime]
    shown: Mapped[dict[str, Any]]
    right: Mapped[dict[str, Any]]
    threshold_s: Mapped[float | None]
    threshold_low_s: Mapped[float | None]
    threshold_high_s: Mapped[float | None]


class AuditEntry(Table):
    """One thing that was done; see `engine.records.audit`. The database itself refuses to change or delete one.

    Attributes
    ----------
    about
        SHA-256 of the identifier of what it was done to, which nobody can guess.
    model
        What answered, where that matters; empty otherwise.
    previous, hash
        SHA-256 of the entry before, and of this one with that.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    owner: Mapped[str] = _owner(index=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(60))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
