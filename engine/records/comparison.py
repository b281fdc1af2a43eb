"""A person's sessions held against one another: what was shown how often, how surely, and what was changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from engine.emotions import NEUTRAL
from engine.features.action_units import UNITS
from engine.records import consents, database
from engine.records.access import found
from engine.records.tables import KeptEvent, KeptRecording, Person
from engine.records.tables import Session as PersonSession

MOST = 60
"""Sessions at once: more are no longer told apart in a chart."""


@dataclass(frozen=True)
class SessionFigures:
    """What one session comes to; rejected events count as changed, and nowhere else.

    Attributes
    ----------
    session_id, title, held_at
        Which.
    minutes
        Length of its recordings and Live runs; photos have none.
    events
        How many stand in those.
    kinds, expressions
        How many of each kind, and of each expression that is decided.
    units
        In how many events each action unit moved, by its number.
    certainty
        Mean of the machine's, of events whose expression is its own word; None without any.
    changed
        How many a person corrected, added or rejected.
    photos
        How many faces in photos are kept.
    """

    session_id: str
    title: str
    held_at: datetime
    minutes: float
    events: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    expressions: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[int, int] = field(default_factory=dict)
    certainty: float | None = None
    changed: int = 0
    photos: int = 0

    def a_minute(self, number: int) -> float | None:
        """Return how many that is a minute; None where nothing was recorded."""
        return number / self.minutes if self.minutes > 0 else None


def compare(owner: str, person_id: str, most: int = MOST) -> list[SessionFigures]:
    """Return the figures of a person's latest sessions, the earliest first.

    Parameters
    ----------
    owner, person_id
        Whose.
    most
        How many sessions.

    Raises
    ------
    RecordsError, ConsentError
        As `engine.records.sessions.listed`.
    """
    with database.reading() as db:
        person = found(db, Person, owner, person_id)
        consents.require(db, person)
        mine = select(PersonSession).where(PersonSession.person_id == person.id)
        sessions = db.scalars(mine.order_by(PersonSession.held_at.desc(), PersonSession.id).limit(most)).all()
        names = [each.id for each in sessions]
        lasting = select(KeptRecording.session_id, func.sum(KeptRecording.duration_s))
        lengths = lasting.where(KeptRecording.session_id.in_(names)).group_by(KeptRecording.session_id)
        seconds = {name: length for name, length in db.execute(lengths)}
        alike = (
            KeptEvent.session_id,
            KeptEvent.kind,
            KeptEvent.expression,
            KeptEvent.decided,
            KeptEvent.origin,
            KeptEvent.rejected,
            KeptEvent.units,
        )
        sure, told = func.sum(KeptEvent.certainty), func.count(KeptEvent.certainty)
        counted = select(*alike, func.count(), sure, told).where(KeptEvent.session_id.in_(names)).group_by(*alike)
        sums = {name: _Sums() for name in names}
        for name, *row in db.execute(counted):
            sums[name].add(*row)
    return [sums[each.id].figures(each, (seconds.get(each.id) or 0.0) / 60) for each in reversed(sessions)]


def series(figures: list[SessionFigures], measure: str) -> dict[str, list[float | None]]:
    """Return a measure as lines over the sessions, those that reach highest first.

    Parameters
    ----------
    figures
        From `compare`.
    measure
        A key of `MEASURES`.

    Returns
    -------
    dict
        A value a session; None where there is none.
    """
    match measure:
        case "expressions":
            names = list(dict.fromkeys(name for each in figures for name in each.expressions))
            lines = {name: [each.a_minute(each.expressions.get(name, 0)) for each in figures] for name in names}
        case "action units":
            numbers = list(dict.fromkeys(number for each in figures for number in each.units))
            words = {unit.number: f"AU{unit.number} {unit.words}" for unit in UNITS}
            lines = {
                words.get(number, f"AU{number}"): [each.a_minute(each.units.get(number, 0)) for each in figures]
                for number in numbers
            }
        case "kinds":
            names = list(dict.fromkeys(name for each in figures for name in each.kinds))
            lines = {name: [each.a_minute(each.kinds.get(name, 0)) for each in figures] for name in names}
        case "certainty":
            return {"mean certainty": [None if each.certainty is None else 100 * each.certainty for each in figures]}
        case _:
            return {"changed": [float(each.changed) for each in figures]}
    return dict(sorted(lines.items(), key=lambda pair: -max((value or 0.0 for value in pair[1]), default=0.0)))


MEASURES = {
    "expressions": "events a minute",
    "action units": "events a minute in which it moved",
    "kinds": "events a minute",
    "certainty": "percent",
    "changes": "events",
}
"""What `series` tells, and in what it is counted."""


class _Sums:
    """Counts of one session, from rows of events that are alike."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.expressions: Counter[str] = Counter()
        self.units: Counter[int] = Counter()
        self.changed = self.photos = self.told = 0
        self.sure = 0.0

    def add(
        self,
        kind: str,
        expression: str,
        decided: bool,
        origin: str,
        rejected: bool,
        units: str,
        count: int,
        sure: float | None,
        told: int,
    ) -> None:
        """Count so many events."""
        if rejected or origin != "spotted":
            self.changed += count
        if rejected:
            return
        self.sure, self.told = self.sure + (sure or 0.0), self.told + told
        if kind == "photo":
            self.photos += count
            return
        self.kinds[kind] += count
        for number in units.split():
            self.units[int(number)] += count
        if decided and expression != NEUTRAL:
            self.expressions[expression] += count

    def figures(self, session: PersonSession, minutes: float) -> SessionFigures:
        """Return what they come to."""
        return SessionFigures(
            session.id,
            session.title,
            session.held_at,
            minutes,
            self.kinds.total(),
            dict(self.kinds),
            dict(self.expressions),
            dict(self.units),
            self.sure / self.told if self.told else None,
            self.changed,
            self.photos,
        )
