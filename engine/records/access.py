"""Records found by their identifier, and only for whom they belong to."""

from typing import TypeVar

from sqlalchemy.orm import Session

from engine.errors import ChangedError, RecordsError
from engine.records.tables import (
    Consent,
    KeptRecording,
    Note,
    Person,
    Picture,
    Table,
)
from engine.records.tables import Session as PersonSession

_Record = TypeVar("_Record", bound=Table)
_WORDS: dict[type[Table], str] = {
    Person: "person",
    Consent: "consent",
    PersonSession: "session",
    KeptRecording: "recording",
    Note: "note",
    Picture: "picture",
}


def found(db: Session, kind: type[_Record], owner: str, name: str) -> _Record:
    """Return a record.

    Parameters
    ----------
    db
        From `engine.records.database`.
    kind
        Which table.
    owner
        Who asks.
    name
        The record's identifier.

    Raises
    ------
    RecordsError
        Where there is none, or where it is somebody else's: whoever asks cannot tell the two apart.
    """
    record = db.get(kind, name) if isinstance(name, str) else None
    if record is None or getattr(record, "owner", None) != owner:
        raise RecordsError(
            f"There is no {_WORDS.get(kind, 'record')} {ascii(str(name))[:40]} here.",
            "Choose one that is listed; this one may have been deleted meanwhile.",
        )
    return record


def unchanged(version: int, seen: int | None, what: str) -> None:
    """Ask whether a record still is what somebody was shown.

    Raises
    ------
    ChangedError
        Where it was changed since; never where ``seen`` is None.
    """
    if seen is not None and version != seen:
        raise ChangedError(
            f"{what} was changed in another window since it was shown here: yours was version {seen}, now it is "
            f"{version}.",
            "Look at it as it stands now, then change it.",
        )


def checked_words(words: str, what: str, most: int, *, several_lines: bool = False) -> str:
    """Return words without blanks around them.

    Raises
    ------
    RecordsError
        For none, too many, or characters that cannot be printed.
    """
    said = str(words).strip()
    shown = said.replace("\n", "").replace("\r", "").replace("\t", "") if several_lines else said
    if not said:
        raise RecordsError(f"{what} is empty.", "Write a word or two.")
    if len(said) > most or not shown.isprintable():
        raise RecordsError(
            f"{what} {said[:40]!a} has {len(said):,} characters, or some that cannot be printed.",
            f"Write at most {most:,} letters, digits and blanks.",
        )
    return said
