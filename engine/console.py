"""Printing that no console's code page stops."""

import codecs
import errno
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any, BinaryIO, TextIO

from engine.errors import DataError, UserError

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


def open_what_is_closed() -> None:
    """Give closed standard streams something to hold their place: else the next file that is opened takes it.

    What is printed to a closed standard output then fails as on a full disk (see `whole_output`), what is said on a
    closed standard error is lost, and ``sys.stdin`` stays None.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):  # the first two in which each fails
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest that is free, which is this one
            if number == 1:
                sys.stdout = open(number, "w", closefd=False)  # noqa: SIM115
            elif number == 2:
                sys.stderr = open(number, "w", closefd=False)  # noqa: SIM115


def standard_input() -> BinaryIO:
    """Return the bytes of standard input.

    Raises
    ------
    DataError
        Where it is closed.
    """
    if sys.stdin is None:
        raise DataError("Standard input is closed, and - asks to read from there.", "Name a file, or open it.")
    return sys.stdin.buffer


class _Visible:
    """A stream of text to which a terminal's escapes are written as what they are, and clear no screen."""

    def __init__(self, stream: TextIO) -> None:
        self.unfiltered = stream

    def write(self, text: str) -> int:
        """Write a text; lines and tabs stay."""
        self.unfiltered.write(text if text.isprintable() else "".join(_seen(letter) for letter in text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unfiltered, name)


@contextmanager
def visible_output() -> Iterator[None]:
    """Make visible what would steer a terminal, in all that is printed inside: names come from files of others."""
    with ExitStack() as until_done:
        for redirect, stream in ((redirect_stdout, sys.stdout), (redirect_stderr, sys.stderr)):
            if stream is not None:
                until_done.enter_context(redirect(_Visible(stream)))
        yield


def unfiltered(stream: TextIO) -> TextIO:
    """Return the stream behind a visible one, for what steers the terminal on purpose."""
    return getattr(stream, "unfiltered", stream)


def _seen(letter: str) -> str:
    return letter if letter in "\n\t" else printable(letter)


def printable(name: str) -> str:
    """Return a name without what would steer a terminal: control characters and marks of writing direction."""
    return "".join(ascii(letter)[1:-1] if _steers(letter) else letter for letter in name)


def _steers(letter: str) -> bool:
    return (
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
        or letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


_ROOM = "Make room there."
_UNWRITTEN = {
    errno.EPIPE: "",
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EIO: "Print to another place.",
    errno.EBADF: "Leave standard output open.",
}
"""What to do about each way in which printing fails."""


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
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if error.filename is not None or error.errno not in _UNWRITTEN:
            raise
        # What is still waiting to be written would fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            raise
        raise UserError(f"What is printed cannot be written ({error.strerror}).", _UNWRITTEN[error.errno]) from error


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter) or ascii(letter)[1:-1] for letter in letters), error.end
