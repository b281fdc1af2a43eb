"""Records as plain values for a file, and back, each value held to its column."""

import json
import math
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, Boolean, Float, Integer, LargeBinary, String, TypeDecorator

from engine.records.tables import Table

_Record = TypeVar("_Record", bound=Table)
_OWN = ("id", "owner", "version")
_MOST_JSON = 100_000
_MOST_INTEGER = 2**31 - 1


def as_plain(row: Table) -> dict[str, Any]:
    """Return a record's values by the names of their columns: without identifiers, owner and version."""
    told = {}
    for column in _columns(type(row)):
        value = getattr(row, column.name)
        told[column.name] = value.isoformat() if isinstance(value, datetime) else value
    return told


def from_plain(kind: type[_Record], plain: Any, *other: str, **own: Any) -> _Record:
    """Return a record from plain values.

    Parameters
    ----------
    kind
        Of which table.
    plain
        As `as_plain` returned it.
    other
        What may stand beside the columns.
    own
        What the file does not say: owner, and what it belongs to.

    Raises
    ------
    ValueError, TypeError, KeyError
        For values that the table cannot have.
    """
    if not isinstance(plain, dict):
        raise TypeError(f"{ascii(plain)[:30]} is no record")
    columns = {column.name: column for column in _columns(kind)}
    if unknown := set(plain) - set(columns) - set(other):
        raise ValueError(f"{ascii(min(unknown))[:30]} is nothing that is kept of a {kind.__tablename__} record")
    values = {name: _checked(column, plain[name]) for name, column in columns.items()}
    return kind(**values, **own)


def _columns(kind: type[Table]) -> list[Any]:
    columns = kind.__table__.columns
    return [
        column
        for column in columns
        if column.name not in _OWN and not column.foreign_keys and not isinstance(column.type, LargeBinary)
    ]


def _checked(column: Any, value: Any) -> Any:
    name, kind = column.name, column.type
    if value is None:
        if not column.nullable:
            raise ValueError(f"{name} is missing")
        return None
    if isinstance(kind, TypeDecorator):
        return _moment(name, value)
    right = {
        String: lambda: isinstance(value, str) and len(value) <= (kind.length or 0) and _is_text(value),
        Boolean: lambda: isinstance(value, bool),
        Integer: lambda: type(value) is int and abs(value) <= _MOST_INTEGER,
        Float: lambda: type(value) in (int, float) and math.isfinite(value),
        JSON: lambda: isinstance(value, dict | list) and len(json.dumps(value)) <= _MOST_JSON,
    }
    for sort, is_right in right.items():
        if isinstance(kind, sort):
            if not is_right():
                raise ValueError(f"{name} cannot be {ascii(value)[:30]}")
            return value
    raise TypeError(f"{name} is of no known kind")


def _is_text(value: str) -> bool:
    return value.replace("\n", "").replace("\r", "").replace("\t", "").isprintable()


def _moment(name: str, value: Any) -> datetime:
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError(f"{name} is no time")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1990 < moment.year < 2300:
        raise ValueError(f"{name} cannot be {moment.isoformat()}")
    return moment
