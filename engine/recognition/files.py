"""From any number of picture files to an answer each, on as many cores as wanted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine import settings
from engine.datasets.members import PICTURE_SUFFIXES
from engine.errors import UserError
from engine.recognition.many_files import Place, answer_all, answer_each, refuse_folder
from engine.recognition.photo import recognise

CHUNK = 8  # files that travel to another process together: 0.2 s of work, beside which the journey does not count


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
    names: Iterable[str | Path],
    model: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    enhance: str | None = None,
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
    enhance
        A low-light enhancement in front of the model: see `engine.recognition.photo.recognise`.

    Yields
    ------
    FileAnswer
        One a file. What cannot be read, is no picture, or ends the process that reads it, is an answer with an error.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.executors.pool`.
    """
    return answer_all(names, partial(_answer_chunk, model, enhance), _failed, PICTURE_SUFFIXES, jobs, scheduler, CHUNK)


def _answer_chunk(model: str | None, enhance: str | None, chunk: list[Place]) -> list[FileAnswer]:
    return answer_each(partial(_answer, model, enhance), _failed, chunk)


def _answer(model: str | None, enhance: str | None, name: str, path: Path) -> FileAnswer:
    return FileAnswer(name, [face.as_json() for face in recognise(_read(path), model, enhance).faces])


def _failed(name: str, why: str) -> FileAnswer:
    return FileAnswer(name, [], why)


def _read(path: Path) -> bytes:
    refuse_folder(path, "pictures")
    try:
        with path.open("rb") as file:
            return file.read(settings.IMAGE_MAX_BYTES + 1)  # a larger one is refused: no need to read it all
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", "Check its name and its permissions.") from error
