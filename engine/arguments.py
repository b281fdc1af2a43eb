"""Arguments that several verbs and studies of the command line take: each is described, and read, once."""

import argparse
import codecs
import locale
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from engine.console import printable, standard_input
from engine.errors import DataError
from engine.images.lowlight import METHODS
from engine.words import counted


class Parser(argparse.ArgumentParser):
    """Reads arguments as argparse does; where its help cannot be printed, that is no success."""

    def print_help(self, file: Any = None) -> None:
        """Print the help; raises `OSError` where nobody takes it."""
        print(self.format_help(), end="", file=file)


def add_recognition(parser: argparse.ArgumentParser, thing: str) -> None:
    """Take what is answered for (see `named`), the model that answers, and where the work is done."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=f"a {thing}, a folder of {thing}s, or - for a list of them, one a line, from standard input",
    )
    parser.add_argument("--model", metavar="NAME", help="the shipped model that answers; the default one unless named")
    add_enhance(parser)
    add_jobs(parser, scheduler=True)
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def add_enhance(parser: argparse.ArgumentParser) -> None:
    """Take what is put in front of a model where faces are dark."""
    parser.add_argument(
        "--enhance", choices=tuple(METHODS), default="none", help="make dark faces brighter before the model sees them"
    )


def add_jobs(parser: argparse.ArgumentParser, scheduler: bool = False) -> None:
    """Take where work is done: in how many processes or, where that is possible, on which cluster."""
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="work in N processes (default: 1)")
    if scheduler:
        parser.add_argument(
            "--scheduler",
            metavar="ADDRESS",
            help="work on the Dask cluster with this scheduler, such as tcp://host:8786",
        )


def add_data(parser: argparse.ArgumentParser, split: str | None = None, what: str = "labelled pictures") -> None:
    """Take a set of pictures and, where a split is given, which part of it counts unless another is named."""
    parser.add_argument("--data", required=True, metavar="PATH|NAME", help=f"{what}, or the name of an imported set")
    if split is not None:
        parser.add_argument("--split", default=split, metavar="NAME", help=f"the part of the set (default: {split})")


def add_seeds(parser: argparse.ArgumentParser, default: int = 5) -> None:
    """Take how often something is repeated: see `seeds_of`."""
    parser.add_argument(
        "--seeds", type=int, default=default, help=f"how often, each time drawn anew (default: {default})"
    )


def seeds_of(options: argparse.Namespace) -> range:
    """Return the seeds that ``--seeds`` asks for.

    Raises
    ------
    DataError
        For less than one.
    """
    if options.seeds < 1:
        raise DataError(f"{options.seeds} seeds are none.", "Ask for at least 1.")
    return range(options.seeds)


def data_of(named: str) -> str:
    """Return an imported set's name as it is, and a path so that it is found from anywhere."""
    return str(Path(named).resolve()) if Path(named).exists() else named


def named(files: list[str]) -> Iterator[str]:
    """Return the names given; for ``-`` those that come from standard input, one a line.

    A list is read as UTF-8, with or without its mark, or as UTF-16, in which PowerShell writes.
    """
    for name in files:
        if not name:
            raise DataError("A file's name is empty.", "Name a file or a folder; a dot is the folder that you are in.")
        if name != "-":
            yield name
        else:
            yield from filter(None, (line.rstrip("\r\n") for line in _lines(standard_input())))


def _lines(stream: BinaryIO) -> Iterator[str]:
    first = stream.readline()
    # No name holds a zero byte: a list with one is of two bytes a letter.
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in first:
        marked = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        kind = "utf-16-be" if first[::2].count(0) > first[1::2].count(0) else "utf-16-le"
        yield from (first + stream.read()).decode("utf-16" if marked else kind, "replace").splitlines()
        return
    for line in chain([first.removeprefix(codecs.BOM_UTF8)], stream):
        try:
            yield os.fsdecode(line)
        except UnicodeDecodeError:  # on Windows, where a program wrote the list in the code page of old
            yield line.decode(locale.getencoding(), "replace")


def tell_left_out(files: Sequence[str], things: str) -> None:
    """Say on standard error which files in folders were left out, where there are any."""
    if files:
        more = f" and {len(files) - 3:,} more" if len(files) > 3 else ""
        names = ", ".join(map(printable, files[:3]))
        print(f"{counted(len(files), 'file')} left out, no {things}: {names}{more}.", file=sys.stderr)
