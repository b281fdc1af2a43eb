"""Arguments that several verbs and studies of the command line take: each is described, and read, once."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.errors import DataError
from engine.images.lowlight import METHODS


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
