"""Names of files on the command line, in and out."""

import os
import sys
from collections.abc import Iterator


def named(files: list[str]) -> Iterator[str]:
    """Return the names given; for ``-`` those that come from standard input, one a line."""
    for name in files:
        if name != "-":
            yield name
            continue
        for line in sys.stdin.buffer:
            if listed := line.rstrip(b"\r\n"):
                yield os.fsdecode(listed)


def printable(name: str) -> str:
    """Return a name that standard output can print, whatever bytes it stands for."""
    encoding = sys.stdout.encoding or "utf-8"
    return name.encode(encoding, "backslashreplace").decode(encoding)
