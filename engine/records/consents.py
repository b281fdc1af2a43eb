"""Consent: what a person agreed to, in whose words, until when. Without it nothing is kept, shown or handed on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import ConsentError, RecordsError
from engine.records import audit, database
from engine.records.access import checked_words, found, unchanged
from engine.records.tables import Consent, Person

PURPOSES = {
    "records": "keep what was measured, review it, and compare sessions",
    "pictures": "keep pictures and clips, encrypted, until a date",
    "adaptation": "have the recogniser learn from this person’s corrections",
    "sharing": "write reports and files that leave this program",
}
"""What can be agreed to."""
GIVERS = ("the person", "a parent or guardian", "a legal representative")
LONGEST = timedelta(days=3660)
"""Nobody can agree for longer at once."""


def take(owner: str, person_id: str, given_by: str, purposes: Sequence[str], until: datetime) -> Consent:
    """Keep that consent was given, now.

    Parameters
    ----------
    owner, person_id
        Whose.
    given_by
        Who agreed, in a word or two and without a name: one of `GIVERS`, or others.
    purposes
        Keys of `PURPOSES`, at least one.
    until
        When it ends, with a zone.

    Raises
    ------
    ConsentError
        For a date that has passed or is further away than `LONGEST`, or a purpose that is none.
    RecordsError
        As `engine.records.access.found`.
    """
    wanted = [each for each in PURPOSES if each in purposes]
    if not wanted or set(purposes) - set(PURPOSES):
        raise ConsentError(
            f"{', '.join(map(ascii, purposes))[:80] or 'Nothing'} is nothing that can be agreed to.",
            f"Choose among: {', '.join(PURPOSES)}.",
        )
    with database.writing() as db:
        person = found(db, Person, owner, person_id)
        now = audit.time_of(db)
        if not now < until <= now + LONGEST:
            raise ConsentError(
                f"A consent until {until:%Y-%m-%d} cannot be taken on {now:%Y-%m-%d}.",
                f"Choose a day from tomorrow on, within {LONGEST.days // 366} years.",
            )
        consent = Consent(
            owner=owner,
            person_id=person.id,
            given_by=checked_words(given_by, "Who agreed", 60),
            purposes=wanted,
            given_at=now,
            until=until,
        )
        db.add(consent)
        db.flush()
        audit.add(db, owner, "consent taken", consent.id)
        return consent


def withdraw(owner: str, consent_id: str, seen: int | None = None) -> Consent:
    """Keep that a consent was taken back, now; a second time changes nothing.

    Pictures that it allowed to keep are deleted by the next `engine.records.pictures.sweep`, which the page runs at
    once.

    Raises
    ------
    RecordsError
        As `engine.records.access.found` and `engine.records.access.unchanged`.
    """
    with database.writing() as db:
        consent = found(db, Consent, owner, consent_id)
        if consent.withdrawn_at is None:
            unchanged(consent.version, seen, "This consent")
            consent.withdrawn_at = audit.time_of(db)
            audit.add(db, owner, "consent withdrawn", consent.id)
        return consent


def listed(owner: str, person_id: str) -> Sequence[Consent]:
    """Return all of a person's, the newest first; raises as `engine.records.access.found`."""
    with database.reading() as db:
        return of_person(db, found(db, Person, owner, person_id))


def of_person(db: Session, person: Person) -> Sequence[Consent]:
    """Return all of a person's, the newest first."""
    mine = select(Consent).where(Consent.person_id == person.id, Consent.owner == person.owner)
    return db.scalars(mine.order_by(Consent.given_at.desc(), Consent.id)).all()


def standing(consents: Sequence[Consent], purpose: str, now: datetime) -> Consent | None:
    """Return the consent that allows something at a time, the one that ends last; None for none."""
    holds = [each for each in consents if each.withdrawn_at is None and each.until > now and purpose in each.purposes]
    return max(holds, key=lambda each: each.until, default=None)


def require(db: Session, person: Person, purpose: str = "records") -> Consent:
    """Return the consent that allows something now.

    Raises
    ------
    ConsentError
        Where there is none, or none any more.
    """
    consents, now = of_person(db, person), audit.time_of(db)
    consent = standing(consents, purpose, now)
    if consent is not None:
        return consent
    once = [each for each in consents if purpose in each.purposes]
    who, what = f"“{person.pseudonym}”", PURPOSES[purpose]
    remedy = "Take consent anew, or delete this person; nothing was lost."
    if not once:
        raise ConsentError(f"{who} has not agreed to: {what}.", "Take consent first, on the page Sessions.")
    last = once[0]
    if last.withdrawn_at is not None:
        raise ConsentError(f"{who} took consent back on {last.withdrawn_at:%Y-%m-%d}: {what}.", remedy)
    raise ConsentError(f"The consent of {who} ended on {last.until:%Y-%m-%d}: {what}.", remedy)


def allowed(owner: str, person_id: str) -> dict[str, Consent | ConsentError]:
    """Return for each purpose the consent that allows it now, or why nothing does.

    Raises
    ------
    RecordsError
        As `engine.records.access.found`.
    """
    told: dict[str, Consent | ConsentError] = {}
    with database.reading() as db:
        person = found(db, Person, owner, person_id)
        for purpose in PURPOSES:
            try:
                told[purpose] = require(db, person, purpose)
            except ConsentError as error:
                told[purpose] = error
    return told


def check(owner: str, person_id: str, purpose: str) -> Consent:
    """Return the consent that allows something now; raises as `require` and `engine.records.access.found`."""
    if purpose not in PURPOSES:
        raise RecordsError(f"{ascii(purpose)[:40]} is nothing that can be agreed to.", "Choose another purpose.")
    with database.reading() as db:
        return require(db, found(db, Person, owner, person_id), purpose)
