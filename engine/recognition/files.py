"""From any number of picture files to an answer each, on as many cores as wanted."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from engine import settings
from engine.datasets.members import PICTURE_SUFFIXES
from engine.errors import UserError
from engine.executors import in_order, run_all
from engine.recognition.photo import recognise

CHUNK = 8  # files that travel to another process together: 0.2 s of work, beside which the journey does not count

_Place = tuple[str, str]  # a file's name as it was given, and where it lies


@dataclass(frozen=True)
class FileAnswer:
    """What became of one file.

    Attributes
    ----------
    name
        As it was given.
    faces
        A dict a face, largest first: see `engine.recognition.photo.FaceResult.as_json`.
    error
        Why there is no answer, or None.
    """

    name: str
    faces: list[dict[str, Any]]
    error: str | None = None


def answers(
    names: Iterable[str | Path], model: str | None = None, jobs: int = 1, scheduler: str | None = None
) -> Iterator[FileAnswer]:
    """Answer for every file, in order, as the answers come; memory does not grow with their number.

    Parameters
    ----------
    names
        Files and folders; a folder stands for all pictures in it and below, by name.
    model
        Name of a model, the default for None.
    jobs, scheduler
        Processes, or a Dask cluster whose workers see the same files: see `engine.executors.pool`.

    Yields
    ------
    FileAnswer
        One a file. What cannot be read, is no picture, or ends the process that reads it, is an answer with an error.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.executors.pool`.
    """
    places = ((str(path), str(path.absolute())) for name in names for path in _pictures(Path(name)))
    size = 1 if jobs == 1 and scheduler is None else CHUNK
    answer = partial(_answer_chunk, model)

    def one_by_one(chunk: list[_Place], _: UserError) -> list[FileAnswer]:
        # Something in this chunk ends the process each time: find out what, and answer for the rest.
        singles = run_all(answer, [[place] for place in chunk], jobs, scheduler, retries=0, lost=_ended)
        return [single for (single,) in singles]

    for answered in in_order(answer, _chunks(places, size), jobs, scheduler, lost=one_by_one):
        yield from answered


def _pictures(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = False
    for folder, below, files in os.walk(path):
        below.sort()
        for file in sorted(files):
            if Path(file).suffix.lower() in PICTURE_SUFFIXES:
                found = True
                yield Path(folder, file)
    if not found:
        yield path  # and say so in its place


def _chunks(places: Iterator[_Place], size: int) -> Iterator[list[_Place]]:
    while chunk := list(islice(places, size)):
        yield chunk


def _answer_chunk(model: str | None, chunk: list[_Place]) -> list[FileAnswer]:
    return [_answer(name, Path(path), model) for name, path in chunk]


def _answer(name: str, path: Path, model: str | None) -> FileAnswer:
    try:
        return FileAnswer(name, [face.as_json() for face in recognise(_read(path), model).faces])
    except UserError as error:
        return FileAnswer(name, [], str(error))
    except Exception as error:  # of a million files one may bring up what no other does; the rest are still wanted
        return FileAnswer(name, [], f"There is no answer for it ({type(error).__name__}: {error}).")


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise UserError("The folder holds no pictures.", "Name one that does.")
    try:
        with path.open("rb") as file:
            return file.read(settings.IMAGE_MAX_BYTES + 1)  # a larger one is refused: no need to read it all
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", "Check its name and its permissions.") from error


def _ended(chunk: list[_Place], _: UserError) -> list[FileAnswer]:
    return [FileAnswer(name, [], "The process that read it ended before it could answer.") for name, _ in chunk]
