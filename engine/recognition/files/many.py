"""From any number of files to an answer each, on as many cores as wanted; what one bad file costs is its own answer."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from engine.errors import UserError
from engine.tasks import Cancelled
from engine.tasks.pools import in_order, run_all

A = TypeVar("A")
Place = tuple[str, str]  # a file's name as it was given, and where it lies
Failed = Callable[[str, str], A]
"""Makes the answer of a file from its name and why there is none."""


def answer_all(
    names: Iterable[str | Path],
    answer: Callable[[list[Place]], list[A]],
    failed: Failed,
    suffixes: set[str],
    jobs: int = 1,
    scheduler: str | None = None,
    chunk: int = 1,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[A]:
    """Answer for every file, in order, as the answers come; memory does not grow with their number.

    Parameters
    ----------
    names
        Files and folders; a folder stands for all files in it and below with one of the suffixes, by name.
    answer
        Answers for the files of a chunk, one each. For other processes it must be one that can be
        imported; `answer_each` makes one of a function for a single file.
    failed
        Answers for a file that ended the process which read it.
    suffixes
        In small letters, with their dots.
    jobs, scheduler
        Processes, or a Dask cluster whose workers see the same files: see `engine.tasks.pools.pool`.
    chunk
        Files that travel to another process together.
    progress
        Called with the number of chunks done.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.tasks.pools.pool`.
    """
    places = ((str(path), str(path.absolute())) for name in names for path in _files(Path(name), suffixes))
    size = 1 if jobs == 1 and scheduler is None else chunk

    def ended(chunk: list[Place], _: UserError) -> list[A]:
        return [failed(name, "The process that read it ended before it could answer.") for name, _ in chunk]

    def one_by_one(chunk: list[Place], error: UserError) -> list[A]:
        if len(chunk) == 1:
            return ended(chunk, error)
        # Something in this chunk ends the process each time: find out what, and answer for the rest.
        singles = run_all(answer, [[place] for place in chunk], jobs, scheduler, retries=0, lost=ended)
        return [single for (single,) in singles]

    for answered in in_order(answer, _chunks(places, size), jobs, scheduler, lost=one_by_one, progress=progress):
        yield from answered


def answer_each(answer: Callable[[str, Path], A], failed: Failed, chunk: list[Place]) -> list[A]:
    """Answer for each file of a chunk; what is raised for one is its answer, unless it says that all was cancelled."""
    return [_answer(name, Path(path), answer, failed) for name, path in chunk]


def refuse_folder(path: Path, kind: str) -> None:
    """Refuse a folder in which nothing was found.

    Raises
    ------
    UserError
        If it is one.
    """
    if path.is_dir():
        raise UserError(f"The folder holds no {kind}.", "Name one that does.")


def _answer(name: str, path: Path, answer: Callable[[str, Path], A], failed: Failed) -> A:
    try:
        return answer(name, path)
    except Cancelled:
        raise
    except UserError as error:
        return failed(name, str(error))
    except Exception as error:  # of a million files one may bring up what no other does; the rest are still wanted
        return failed(name, f"There is no answer for it ({type(error).__name__}: {error}).")


def _files(path: Path, suffixes: set[str]) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = False
    for folder, below, files in os.walk(path):
        below.sort()
        for file in sorted(files):
            if Path(file).suffix.lower() in suffixes:
                found = True
                yield Path(folder, file)
    if not found:
        yield path  # and say so in its place


def _chunks(places: Iterator[Place], size: int) -> Iterator[list[Place]]:
    while chunk := list(islice(places, size)):
        yield chunk
