"""The database of people's records: where it lies, how it is opened and brought up to date, and what may go wrong.

SQLite in the data folder by default, PostgreSQL where ``NEUROMER_DATABASE_URL`` names one. Nothing is created before
something is to be kept.
"""

import errno
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from engine import settings
from engine.errors import ChangedError, RecordsError
from engine.records.tables import Table

FILE = "records.db"
HEAD = "0003"
"""The version of the tables that this program knows: the newest of ``migrations/versions``."""
MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE_S = 5.0
"""So long is waited for others who write."""
_LOCK = 7_204_150_871  # any number: names the lock in PostgreSQL under which tables are brought up to date

_opened: dict[str, Engine] = {}
_opening = threading.Lock()


def url() -> URL:
    """Return where the database is: ``NEUROMER_DATABASE_URL``, or a file in the data folder.

    Raises
    ------
    RecordsError
        For a setting that names neither SQLite nor PostgreSQL.
    """
    named = os.environ.get("NEUROMER_DATABASE_URL", "").strip()
    if not named:
        return URL.create("sqlite", database=str(settings.data_folder() / FILE))
    try:
        found = make_url(named)
        backend = found.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        backend = ""
    if backend not in ("sqlite", "postgresql") or not found.database:
        # Not what it says: there may be a password in it.
        raise RecordsError(
            "The setting NEUROMER_DATABASE_URL names no SQLite or PostgreSQL database.",
            "Write it as postgresql://USER:PASSWORD@HOST/DATABASE, or leave it out for a file in the data folder.",
        )
    return found.set(drivername="postgresql+psycopg") if backend == "postgresql" else found


def is_there() -> bool:
    """Tell whether anything can have been kept: a server always, a file where it exists."""
    found = url()
    return found.get_backend_name() != "sqlite" or Path(str(found.database)).is_file()


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session that only reads.

    Raises
    ------
    RecordsError
        As `writing`.
    """
    with _told(), sessionmaker(opened(), expire_on_commit=False)() as db:
        yield db


@contextmanager
def writing() -> Iterator[Session]:
    """Open a session whose changes are kept whole once the ``with`` statement ends, or not at all.

    Raises
    ------
    ChangedError
        Where somebody else has changed one of its records since it was read.
    RecordsError
        For a database that is locked, full, damaged, out of reach, or of a newer version.
    """
    engine = opened().execution_options(writes=True)
    with _told(), sessionmaker(engine, expire_on_commit=False).begin() as db:
        yield db


def opened() -> Engine:
    """Return the database, created and brought up to date on first use; raises as `writing`."""
    where = url()
    name = where.render_as_string(hide_password=False)
    with _opening:
        if name not in _opened:
            close()
            with _told():
                engine = _sqlite(where) if where.get_backend_name() == "sqlite" else _postgresql(where)
                try:
                    _bring_up_to_date(engine)
                except BaseException:
                    engine.dispose()
                    raise
            _opened[name] = engine
        return _opened[name]


def close() -> None:
    """Let go of all connections; the next use opens them anew."""
    while _opened:
        _opened.popitem()[1].dispose()


def wipe() -> bool:
    """Have nothing of what was deleted stay in the files of the database; tell whether that is so already.

    SQLite overwrites what is deleted with zeros (``secure_delete``), and its write-ahead log is emptied here. That
    cannot be while somebody reads; it is tried for a while, and with every later call. PostgreSQL writes its tables
    anew; what its own log and its operator's backups hold is theirs to delete.
    """
    engine = opened()
    with _told():
        if engine.dialect.name != "sqlite":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in reversed(Table.metadata.sorted_tables):
                    connection.exec_driver_sql(f'VACUUM FULL "{table.name}"')
            return True
        end = time.monotonic() + PATIENCE_S
        raw = engine.raw_connection()
        try:
            while True:
                busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if not busy or time.monotonic() > end:
                    return not busy
                time.sleep(0.05)
        finally:
            raw.close()


def _sqlite(where: URL) -> Engine:
    path = Path(str(where.database))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Nobody else on this machine reads it; SQLite gives the files beside it the same rights.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(where, hide_parameters=True, connect_args={"timeout": PATIENCE_S})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver would begin a transaction by itself, and only at the first change.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {round(1000 * PATIENCE_S)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Who will write says so at once: two who read first and write then would stand in each other's way.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(where: URL) -> Engine:
    try:
        return create_engine(
            where, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": round(PATIENCE_S)}
        )
    except ImportError as error:
        raise RecordsError(
            "The package psycopg, which speaks with PostgreSQL, is not installed.",
            "Install it with: python3 -m uv sync --extra postgresql",
        ) from error


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return  # without waiting for whoever writes
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _upgrade(connection)
        return
    with (
        FileLock(f"{engine.url.database}.lock", timeout=12 * PATIENCE_S),
        engine.execution_options(writes=True).begin() as connection,
    ):
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    current = _version(connection)
    if current == HEAD:
        return
    # Not above: it is needed once in a database's life.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if current is not None and current not in {
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise RecordsError(
            f"The records have the form {ascii(str(current))[1:-1][:40]}, which this NeuroMER does not know.",
            "Start the newer version that wrote them, or name another folder in NEUROMER_DATA.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    """Return which version the tables have; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what databases and disks say into a sentence."""
    try:
        yield
    except StaleDataError as error:
        raise ChangedError(
            "Somebody else has changed this since it was shown to you.", "Look at it as it stands now, then change it."
        ) from error
    except DBAPIError as error:
        raise _in_words(error) from error
    except TimeoutError as error:  # of a file lock
        raise _BUSY from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _FULL from error
        raise RecordsError(
            f"The records cannot be written to {settings.data_folder()} ({error.strerror or error}).",
            "Make that folder writable, or name another one in NEUROMER_DATA.",
        ) from error


_BUSY = RecordsError(
    f"The records are locked: somebody else has been writing for more than {PATIENCE_S:g} s.",
    "Try again in a moment. If it stays so, another program holds the database open: close it.",
)
_FULL = RecordsError(
    "The disk is full: this was not kept, and nothing else is lost.", "Make room on the disk, then do it again."
)
_SAID = {
    "locked": _BUSY,
    "busy": _BUSY,
    "lock timeout": _BUSY,
    "disk is full": _FULL,
    "no space left": _FULL,
    "could not extend": _FULL,
    "not a database": RecordsError(
        "The file of the records is no database, or damaged.",
        "Put a copy of records.db back that is whole, or move it away to begin anew.",
    ),
    "malformed": RecordsError(
        "The database of the records is damaged.", "Put a copy of records.db back that is whole, or move it away."
    ),
    "readonly": RecordsError(
        "The database of the records may not be written to.", "Give this user the right to write to it."
    ),
    "unable to open": RecordsError(
        "The database of the records cannot be opened.", "Look whether the data folder is there, and readable."
    ),
}


def _in_words(error: DBAPIError) -> RecordsError:
    said = str(error.orig).lower()
    for words, known in _SAID.items():
        if words in said:
            return RecordsError(known.what, known.remedy)
    if error.connection_invalidated or any(words in said for words in ("connect", "password", "resolve", "timeout")):
        return RecordsError(
            "The database that NEUROMER_DATABASE_URL names cannot be reached.",
            "Start it, and look whether address, user and password are right; nothing was lost.",
        )
    raise error
