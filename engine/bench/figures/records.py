"""People's records: lists, charts and changes among 10,000 sessions, beside pandas and plain SQL."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from uuid import uuid4

import pandas as pd
from sqlalchemy import text

from engine.bench.many_sessions import EVENTS, analysis, fill
from engine.bench.measurement import Measurement
from engine.bench.peer import PeerUnavailableError
from engine.bench.postgresql import serving
from engine.bench.timing import alternate, stopwatch
from engine.charts.sessions import session_lines
from engine.records import audit, comparison, database, kept, people, sessions
from engine.records.corrections import Name

OWNER = "bench"
SESSIONS, PEOPLE = 10_000, 100
LIST_S, WRITE_MS = 1.0, 10.0
_PANDAS, _PLAIN = f"pandas {pd.__version__} over all rows", "one row by plain SQL"


def measure() -> list[Measurement]:
    """Time SQLite, then PostgreSQL."""
    found = []
    for kind in ("SQLite", "PostgreSQL"):
        try:
            with opened(kind):
                found += _measure(kind)
        except PeerUnavailableError as error:
            found.append(Measurement.missing(f"records, {kind}", str(error)))
    return found


@contextmanager
def opened(kind: str) -> Iterator[None]:
    """Open an empty database, ``"SQLite"`` or ``"PostgreSQL"``; afterwards what was named before is named again."""
    names = ("NEUROMER_DATA", "NEUROMER_DATABASE_URL")
    before = {name: os.environ.get(name) for name in names}
    with ExitStack() as stack:
        os.environ["NEUROMER_DATA"] = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ.pop("NEUROMER_DATABASE_URL", None)
        if kind == "PostgreSQL":
            os.environ["NEUROMER_DATABASE_URL"] = stack.enter_context(serving())
        try:
            database.close()
            yield
        finally:
            database.close()
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def _measure(kind: str) -> list[Measurement]:
    began = time.perf_counter()
    busiest, recording = fill(OWNER, SESSIONS, PEOPLE)
    note = f"{SESSIONS:,} sessions, {SESSIONS * EVENTS:,} events, filled in {time.perf_counter() - began:.0f} s"
    newest = sessions.listed(OWNER, busiest, most=1)[0].session.id
    number = count()
    reading: dict[str, tuple[Callable[[], object], Callable[[], object] | None]] = {
        "list of everybody": (lambda: people.listed(OWNER), _pandas_people),
        "list of sessions, the newest": (lambda: sessions.listed(OWNER, busiest), None),
        "list of sessions, half way": (lambda: sessions.listed(OWNER, busiest, 50, SESSIONS // 4), None),
        "sessions over time, every chart": (lambda: _charts(busiest), lambda: _pandas_figures(busiest)),
        "what is in a session": (lambda: (kept.listed(OWNER, newest), sessions.notes(OWNER, newest)), None),
        "a recording to review": (lambda: kept.review(OWNER, recording), None),
    }
    writing: dict[str, tuple[Callable[[], object], Callable[[], object] | None]] = {
        "an event corrected": (lambda: _correct(recording, next(number)), _plain_insert),
        f"an event kept, of {EVENTS} at once": (lambda: _keep(newest, next(number)), None),
    }
    measured = []
    for unit, per_second, at_most, rounds, name, works in (
        ("s", 1.0, LIST_S, 5, _PANDAS, reading),
        ("ms", 1e3, WRITE_MS, 40, _PLAIN, writing),
    ):
        for what, (ours, theirs) in works.items():
            other, named = (None, "") if theirs is None else (stopwatch(theirs), name)
            timed = alternate(stopwatch(ours), other, named, rounds=rounds, each=(1, 1), rest=0.0)
            what = f"records, {kind}: {what}"
            measured.append(timed.measurement(what, unit, per_second, at_most=at_most, note=note))
    return measured


def _charts(person: str) -> None:
    figures = comparison.compare(OWNER, person)
    for measure, unit in comparison.MEASURES.items():
        session_lines([each.held_at for each in figures], comparison.series(figures, measure), measure, unit)


def _correct(recording: str, number: int) -> None:
    kept.correct(OWNER, recording, Name("1-1", f"word {number}"))


def _keep(session: str, number: int) -> float:
    """Keep a recording, and return the seconds that each of its events took."""
    found = analysis(61.0 + number)
    start = time.perf_counter()
    kept.keep(OWNER, session, "video", found)
    return (time.perf_counter() - start) / EVENTS


def _pandas_people() -> pd.DataFrame:
    with database.opened().connect() as connection:
        held = pd.read_sql(text("SELECT person_id, held_at FROM sessions"), connection)
        found = pd.read_sql(text("SELECT id, pseudonym FROM people"), connection)
    return found.join(held.groupby("person_id")["held_at"].agg(["count", "max"]), on="id").sort_values("pseudonym")


def _pandas_figures(person: str) -> pd.DataFrame:
    asked = (
        "SELECT e.session_id, e.kind, e.expression, e.decided, e.origin, e.rejected, e.units, e.certainty "
        "FROM events e JOIN sessions s ON s.id = e.session_id WHERE s.person_id = :person"
    )
    with database.opened().connect() as connection:
        rows = pd.read_sql(text(asked), connection, params={"person": person})
    return rows.groupby(["session_id", "kind", "expression", "decided", "origin", "rejected", "units"])[
        "certainty"
    ].agg(["count", "sum"])


def _plain_insert() -> None:
    """Write one row and commit, which no change can do without."""
    asked = text("INSERT INTO practice_rounds VALUES (:id, 'bench', 'test', :at, '{}', '{}', NULL, NULL, NULL)")
    with database.opened().begin() as connection:
        connection.execute(asked, {"id": uuid4().hex, "at": audit.now().replace(tzinfo=None)})
