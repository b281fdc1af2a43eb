"""The audit log: what was done when, in a chain of hashes that shows whether an entry was changed or left out.

No name, no pseudonym and no picture is in it; what was done to is told by the hash of its identifier only, which says
nothing once the record itself is gone. The database refuses to change or delete an entry, and `verified` finds it where
somebody has gone round that.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.records import database
from engine.records.tables import AuditEntry

_LOCK = 7_204_150_872  # names the lock in PostgreSQL under which entries are added, one after the other
_LATE_S = 300.0  # clocks of several machines differ a little


def add(db: Session, owner: str, action: str, about: str, model: str = "") -> AuditEntry:
    """Add an entry, in the transaction of what it tells.

    Parameters
    ----------
    db
        From `engine.records.database.writing`.
    owner
        Who did it.
    action
        In a few words: ``"event corrected"``.
    about
        The identifier of the record that it was done to.
    model
        What answered, where that matters.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).first()
    at, previous = (now(), "") if last is None else (max(now(), last.at), last.hash)
    entry = AuditEntry(
        owner=owner,
        at=at,
        action=action,
        about=sha256(about.encode()).hexdigest(),
        model=model,
        previous=previous,
    )
    entry.hash = _hash(entry)
    db.add(entry)
    db.flush()
    return entry


def verified(owner: str) -> tuple[int, int | None]:
    """Return how many entries there are in all, and the number of the first that is not as it was written.

    Parameters
    ----------
    owner
        Anybody: the chain goes through everybody's entries, and tells nothing of them.

    Returns
    -------
    tuple
        None in second place where all are.
    """
    previous, count = "", 0
    with database.reading() as db:
        for entry in db.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(1000):
            count += 1
            if entry.previous != previous or entry.hash != _hash(entry):
                return count, entry.id
            previous = entry.hash
    return count, None


def listed(owner: str, most: int = 200) -> Sequence[AuditEntry]:
    """Return one's own latest entries, newest first."""
    with database.reading() as db:
        mine = select(AuditEntry).where(AuditEntry.owner == owner)
        return db.scalars(mine.order_by(AuditEntry.id.desc()).limit(most)).all()


def now() -> datetime:
    """Return what the clock of this machine says; tests set it."""
    return datetime.now(UTC)


def time_of(db: Session) -> datetime:
    """Return what the clock says, and the time of the latest entry where the clock says less.

    A clock that was put back must not make a consent hold again that has ended.
    """
    last = db.scalars(select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1)).first()
    return now() if last is None else max(now(), last)


def clock_warning() -> str | None:
    """Say that the clock is behind what was recorded last; None where it is not."""
    if not database.is_there():
        return None
    with database.reading() as db:
        clock, latest = now(), time_of(db)
    if (latest - clock).total_seconds() <= _LATE_S:
        return None
    return (
        f"The clock of this machine says {clock:%Y-%m-%d %H:%M} UTC, and something was recorded at "
        f"{latest:%Y-%m-%d %H:%M} UTC. Until the clock is past that, what has ended is judged by the later time. "
        "Set the clock."
    )


def _hash(entry: AuditEntry) -> str:
    told = (entry.previous, entry.owner, entry.at.isoformat(), entry.action, entry.about, entry.model)
    return sha256("\n".join(told).encode()).hexdigest()
