"""Rounds of practice that somebody chose to keep: how many faces of each expression, how many named rightly."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, select

from engine.practice.rounds import CHOICES, PRACTICE, Round
from engine.practice.scores import Score
from engine.records import audit, database
from engine.records.tables import KeptRound


def keep(owner: str, round_: Round) -> None:
    """Keep a round that has ended, once; no face and no single answer is kept.

    Raises
    ------
    RecordsError
        As `engine.records.database.writing`.
    """
    shown = Counter(answer.trial.expression for answer in round_.answers)
    right = Counter(answer.trial.expression for answer in round_.answers if answer.right)
    low_s, high_s = round_.staircase.interval_s
    practised = round_.kind == PRACTICE
    with database.writing() as db:
        if db.scalar(select(KeptRound.id).where(KeptRound.owner == owner, KeptRound.begun_at == round_.begun)):
            return
        kept = KeptRound(
            owner=owner,
            kind=round_.kind,
            begun_at=round_.begun,
            shown=dict(shown),
            right=dict(right),
            threshold_s=round_.staircase.threshold_s if practised else None,
            threshold_low_s=low_s if practised else None,
            threshold_high_s=high_s if practised else None,
        )
        db.add(kept)
        db.flush()
        audit.add(db, owner, "practice kept", kept.id)


def listed(owner: str) -> Sequence[KeptRound]:
    """Return what an owner has kept, the oldest first; nothing where there is no database yet."""
    if not database.is_there():
        return []
    with database.reading() as db:
        return db.scalars(select(KeptRound).where(KeptRound.owner == owner).order_by(KeptRound.begun_at)).all()


def forget(owner: str) -> int:
    """Delete all that an owner has kept, and return how many rounds that were; raises as `keep`."""
    with database.writing() as db:
        ids = db.scalars(delete(KeptRound).where(KeptRound.owner == owner).returning(KeptRound.id)).all()
        for name in ids:
            audit.add(db, owner, "practice deleted", name)
    database.wipe()
    return len(ids)


def by_week(rounds: Iterable[KeptRound], expression: str | None = None) -> dict[date, Score]:
    """Return the score of each week in which something was shown, by its Monday.

    Parameters
    ----------
    rounds
        As `listed` returns them.
    expression
        One of `engine.practice.CHOICES`; all together for None.
    """
    counted: dict[date, list[int]] = {}
    for each in rounds:
        day = each.begun_at.astimezone().date()
        right, shown = counted.setdefault(day - timedelta(days=day.weekday()), [0, 0])
        for choice in CHOICES if expression is None else (expression,):
            right, shown = right + each.right.get(choice, 0), shown + each.shown.get(choice, 0)
        counted[day - timedelta(days=day.weekday())] = [right, shown]
    return {monday: Score(*found) for monday, found in sorted(counted.items()) if found[1]}
