"""A person's adaptation: learnt from that person's corrections, measured on some of them held back, kept or reset.

Only people who have agreed to it are learnt from. What is learnt from are numbers of faces (`tables.KeptFace`), kept
with a recording, a photo or a Live run and named by a person's correction or confirmation, and faces that were taught
in front of a camera. What is learnt answers for that person only.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from engine.errors import DataError, RecordsError
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.recognition.face_answers import NEAR_S
from engine.recognition.personal import PersonalAnswers, rest_to_start_from, started
from engine.recognition.plastic import plastic_head_of
from engine.recognition.resting_face import RestingFace
from engine.records import audit, consents, database
from engine.records.access import found, unchanged
from engine.records.lessons import NUMBERS, PURPOSE
from engine.records.tables import Adaptation, KeptEvent, KeptFace, KeptRest, Person
from engine.records.tables import Session as PersonSession
from engine.spiking import held_back
from engine.spiking.held_back import Corrected
from engine.spiking.person_layers import PersonLayers
from engine.tasks import SILENT, Progress

MOST = 500
"""Corrections that are learnt from; of more, the latest."""


@dataclass(frozen=True)
class Standing:
    """What there is to learn from, and what was learnt.

    Attributes
    ----------
    adaptation
        What was learnt, without its synapses; None for nothing.
    corrected
        What can be learnt from now.
    left_out
        Sentences on what cannot, and why.
    missing
        What is missing for a measurement, see `engine.spiking.held_back.missing`; empty where nothing is.
    outdated
        Whether corrections were made or taken back since it was learnt.
    """

    adaptation: Adaptation | None
    corrected: Corrected
    left_out: tuple[str, ...]
    missing: str
    outdated: bool


def standing(owner: str, person_id: str) -> Standing:
    """Return what there is to learn from, and what was learnt.

    Raises
    ------
    ConsentError
        Where the person has not agreed, or no longer does.
    RecordsError
        As `engine.records.access.found`.
    """
    with database.reading() as db:
        person = _allowed(db, owner, person_id)
        model = shipped.load()
        corrected, left_out = _corrected(db, person, model)
        adaptation = _adaptation(db, person)
        outdated = adaptation is not None and (
            adaptation.corrections != len(corrected) or adaptation.model_version != model.version
        )
        return Standing(adaptation, corrected, left_out, held_back.missing(corrected, model.labels), outdated)


def learn(owner: str, person_id: str, progress: Progress = SILENT) -> Adaptation:
    """Learn all corrections of a person, after measuring on some of them held back what that brings.

    What was learnt before goes. It is in use afterwards only where it was before, and still helps.

    Raises
    ------
    DataError
        Where there are too few corrections.
    ConsentError, RecordsError
        As `standing`.
    """
    model = shipped.load()
    encoder = plastic_head_of(model).readout.encoder
    now = standing(owner, person_id)
    if now.missing:
        raise DataError(now.missing, "Correct or confirm more of this person’s expressions on the page Sessions.")
    figures = held_back.measure(now.corrected, encoder, model.labels, progress=progress)
    layers = now.corrected.learnt(encoder)
    with database.writing() as db:
        person = _allowed(db, owner, person_id)
        before = _adaptation(db, person)
        in_use = before is not None and before.in_use and figures["helps"]
        if before is not None:
            db.delete(before)
            db.flush()
        made = Adaptation(
            owner=owner,
            person_id=person.id,
            model=model.name,
            model_version=model.version,
            labels=list(model.labels),
            layers=layers.as_bytes(),
            corrections=layers.corrections,
            figures=figures,
            in_use=in_use,
            learnt_at=audit.time_of(db),
        )
        db.add(made)
        db.flush()
        audit.add(db, owner, "adaptation learnt", person.id, model.name)
        return made


def put_in_use(owner: str, person_id: str, in_use: bool, seen: int | None = None) -> Adaptation:
    """Answer for a person by what was learnt from now on, or no longer.

    Raises
    ------
    ChangedError
        Where it was learnt anew since it was shown: ``seen`` is the version that was.
    RecordsError
        As `standing`; where nothing was learnt.
    ConsentError
        As `standing`.
    """
    with database.writing() as db:
        person = _allowed(db, owner, person_id)
        adaptation = _must_be_there(db, person)
        unchanged(adaptation.version, seen, "What was learnt of this person")
        if adaptation.in_use != in_use:
            adaptation.in_use = in_use
            audit.add(db, owner, "adaptation in use" if in_use else "adaptation out of use", person.id)
        return adaptation


def reset(owner: str, person_id: str) -> None:
    """Forget what was learnt of a person; the corrections stay. No consent is asked for: less is kept afterwards."""
    with database.writing() as db:
        person = found(db, Person, owner, person_id)
        adaptation = _adaptation(db, person)
        if adaptation is not None:
            db.delete(adaptation)
            audit.add(db, owner, "adaptation reset", person.id)


def in_use(owner: str) -> dict[str, str]:
    """Return whose adaptations are in use, and may be: identifier of the person to pseudonym, by pseudonym."""
    if not database.is_there():
        return {}
    used = select(Person).join(Adaptation, Adaptation.person_id == Person.id)
    with database.reading() as db:
        now = audit.time_of(db)
        chosen = db.scalars(used.where(Person.owner == owner, Adaptation.in_use).order_by(Person.pseudonym))
        return {
            person.id: person.pseudonym
            for person in chosen
            if all(consents.standing(consents.of_person(db, person), what, now) for what in ("records", PURPOSE))
        }


def answers(owner: str, person_id: str) -> PersonalAnswers:
    """Return what answers for a person, and for nobody else.

    Raises
    ------
    RecordsError
        As `standing`; where nothing was learnt, or it is not in use.
    ConsentError
        As `standing`.
    DataError
        Where it is damaged, or fits another version of its model.
    """
    with database.reading() as db:
        person = _allowed(db, owner, person_id)
        adaptation = _must_be_there(db, person, whole=True)
        if not adaptation.in_use:
            raise RecordsError(
                f"The adaptation of “{person.pseudonym}” is not in use.", "Choose “Use it” on the page Sessions."
            )
        model = shipped.load(adaptation.model)
        layers = PersonLayers.from_bytes(adaptation.layers, plastic_head_of(model).readout.encoder, person.pseudonym)
        labels = tuple(map(str, adaptation.labels))
        rest = rest_to_start_from(_rest(db, person, labels))
        made_with = adaptation.model, adaptation.model_version
        return PersonalAnswers(person.id, *made_with, labels, layers, rest, adaptation.id)


def _allowed(db: Session, owner: str, person_id: str) -> Person:
    person = found(db, Person, owner, person_id)
    consents.require(db, person)
    consents.require(db, person, PURPOSE)
    return person


def _adaptation(db: Session, person: Person, *, whole: bool = False) -> Adaptation | None:
    mine = select(Adaptation).where(Adaptation.person_id == person.id, Adaptation.owner == person.owner)
    return db.scalars(mine.options(undefer(Adaptation.layers)) if whole else mine).first()


def _must_be_there(db: Session, person: Person, *, whole: bool = False) -> Adaptation:
    adaptation = _adaptation(db, person, whole=whole)
    if adaptation is None:
        raise RecordsError(
            f"Nothing was learnt of “{person.pseudonym}”, or it was reset.", "Learn it on the page Sessions."
        )
    return adaptation


def _corrected(db: Session, person: Person, model: ShippedModel) -> tuple[Corrected, tuple[str, ...]]:
    """Return what can be learnt from, and sentences on what cannot."""
    size = len(plastic_head_of(model).readout.encoder.mean)
    usable: list[tuple[KeptFace, int]] = []
    left: Counter[str] = Counter()
    for face, event in db.execute(_named_faces(person)):
        meant = face.taught if event is None else event.expression
        if (face.model, face.model_version) != (model.name, model.version):
            left["was answered by another model or other weights of it"] += 1
        elif event is not None and abs(event.apex_s - face.at_s) > 2 * NEAR_S:
            left["has its apex elsewhere now"] += 1
        elif meant not in model.labels:
            left["has a name that the model does not know"] += 1
        elif len(face.embedding) != NUMBERS.itemsize * size:
            left["is damaged"] += 1
        else:
            usable.append((face, model.labels.index(meant)))
    without = db.scalars(_named_without_face(person)).all()
    micro = sum(each.kind == "micro" for each in without)
    if micro:
        left["is a micro-expression, which another model names by motion"] += micro
    if len(without) > micro:
        left["came without numbers of its face"] += len(without) - micro
    sentences = tuple(f"{count} not used: each {why}." for why, count in left.items())
    return _arrays(db, person, model.labels, size, usable[-MOST:]), sentences


def _named_faces(person: Person) -> Select[KeptFace, KeptEvent]:
    beside = (KeptEvent.recording_id == KeptFace.recording_id) & (KeptEvent.name == KeptFace.event)
    named = KeptFace.taught.is_not(None) | (KeptEvent.named & ~KeptEvent.rejected)
    mine = select(KeptFace, KeptEvent).outerjoin(KeptEvent, beside)
    mine = mine.where(KeptFace.person_id == person.id, KeptFace.owner == person.owner, named)
    return mine.order_by(KeptFace.kept_at, KeptFace.recording_id, KeptFace.at_s, KeptFace.id)


def _named_without_face(person: Person) -> Select[KeptEvent]:
    kept = select(KeptFace.id).where(KeptFace.recording_id == KeptEvent.recording_id, KeptFace.event == KeptEvent.name)
    mine = select(KeptEvent).join(PersonSession, KeptEvent.session_id == PersonSession.id)
    return mine.where(PersonSession.person_id == person.id, KeptEvent.named, ~KeptEvent.rejected, ~kept.exists())


def _arrays(
    db: Session, person: Person, labels: tuple[str, ...], size: int, usable: Sequence[tuple[KeptFace, int]]
) -> Corrected:
    mine = select(KeptRest).where(KeptRest.person_id == person.id).order_by(KeptRest.seconds)
    rests = {row.recording_id: _restored(row) for row in db.scalars(mine) if tuple(row.labels) == labels}
    rest = rest_to_start_from(_rest(db, person, labels))
    shown, named = [], []
    for face, _ in usable:
        row = _read(face.probabilities)[np.newaxis]
        own = rests.get(face.recording_id) if face.rested else None
        seen = row if own is None else own.taken_out(row)
        shown.append(seen[0])
        named.append(started(seen, rest, rested=own is not None)[0])
    return Corrected(
        np.array(shown, np.float32).reshape(-1, len(labels)),
        np.array(named, np.float32).reshape(-1, len(labels)),
        np.array([_read(face.embedding) for face, _ in usable], np.float32).reshape(-1, size),
        np.array([meant for _, meant in usable], np.intp),
        np.array([face.recording_id or face.session_id for face, _ in usable], np.str_),
    )


def _rest(db: Session, person: Person, labels: tuple[str, ...]) -> RestingFace | None:
    """Return the resting face that is known best: the latest that somebody named, else the one seen longest."""
    mine = select(KeptRest).where(KeptRest.person_id == person.id, KeptRest.owner == person.owner)
    rows = [row for row in db.scalars(mine) if tuple(row.labels) == labels]
    best = max(rows, key=lambda row: (row.named, row.seen_at if row.named else None, row.seconds), default=None)
    return None if best is None else _restored(best)


def _restored(row: KeptRest) -> RestingFace:
    level, wander = np.array(row.level, np.float64), np.array(row.wander, np.float64)
    return RestingFace(tuple(row.labels), level, wander, row.seconds, row.named)


def _read(numbers: bytes) -> NDArray[np.float32]:
    return np.frombuffer(numbers, NUMBERS).astype(np.float32)
