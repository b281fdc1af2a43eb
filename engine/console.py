"""Printing that no console's code page stops."""

import codecs
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import UserError

_PLAIN = {
    "×": "x",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "±": "+-",
    "≤": "<=",
    "≥": ">=",
    "→": "->",
    "µ": "u",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
}


def print_anywhere() -> None:
    """Have standard output and error write what they have no letter for as what is nearest, or as its number.

    A file's name may hold any letter, and the bytes of none; a Russian console has no ``×``.
    """
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain")


@contextmanager
def whole_output() -> Iterator[None]:
    """See to it that all that was printed has left, whatever reads it.

    Raises
    ------
    BrokenPipeError
        Where the reader has left, as ``head`` does: nothing more is written.
    UserError
        Where what is printed cannot be written, for instance on a full disk.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is not None or error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        # What is still waiting to be written would fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            raise
        raise UserError(f"What is printed cannot be written ({error.strerror}).", "Make room there.") from error


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter) or ascii(letter)[1:-1] for letter in letters), error.end
