"""From any number of picture files or recordings to an answer each, on as many cores as wanted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine import settings
from engine.datasets.members import PICTURE_SUFFIXES
from engine.errors import UserError
from engine.recognition.files.many import Place, answer_all, answer_each, refuse_folder
from engine.recognition.photo import recognise
from engine.tasks import SILENT, Progress

CHUNK = 8  # pictures that travel to another process together: 0.2 s of work, beside which the journey does not count


@dataclass(frozen=True)
class FileAnswer:
    """What became of one file.

    Attributes
    ----------
    name
        As it was given.
    found
        Of a picture a dict a face, largest first: see `engine.recognition.photo.FaceResult.as_json`. Of a recording
        see `engine.recognition.analysis.Analysis.as_json`. None where there is an error.
    error
        Why there is no answer, or None.
    """

    name: str
    found: Any
    error: str | None = None


def classify_files(
    names: Iterable[str | Path],
    model: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    enhance: str | None = None,
) -> Iterator[FileAnswer]:
    """Name the expressions in every picture, in order, as the answers come; memory does not grow with their number.

    Parameters
    ----------
    names
        Files and folders; a folder stands for all pictures in it and below, by name.
    model
        Name of a model, the default for None.
    jobs, scheduler
        Processes, or a Dask cluster whose workers see the same files: see `engine.tasks.pools.pool`.
    enhance
        A low-light enhancement in front of the model: see `engine.recognition.photo.recognise`.

    Yields
    ------
    FileAnswer
        One a file. What cannot be read, is no picture, or ends the process that reads it, is an answer with an error.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.tasks.pools.pool`.
    """
    answer = partial(_classify_chunk, model, enhance)
    return answer_all(names, answer, _failed, PICTURE_SUFFIXES, jobs, scheduler, CHUNK)


def spot_files(
    names: Iterable[str | Path],
    model: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    watch: Progress = SILENT,
    enhance: str | None = None,
) -> Iterator[FileAnswer]:
    """Find the expressions in every recording, as `classify_files` names those in pictures.

    Parameters
    ----------
    names, model, jobs, scheduler, enhance
        See `classify_files`, `engine.recognition.video.analysing.analyse`.
    watch
        Told how far each recording is, or, where others do the work, how many are done.

    Yields
    ------
    FileAnswer
        One a file. What cannot be read, is no recording, or ends the process that reads it, is an answer with an error.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.tasks.pools.pool`.
    Cancelled
        Where ``watch`` says so.
    """
    # Not above: pictures are classified without what reads recordings, which takes half as long again to start.
    from engine.videos.container import SUFFIXES

    if jobs == 1 and scheduler is None:
        yield from answer_all(names, partial(_spot_chunk, model, enhance, watch), _failed, SUFFIXES)
        return

    def tell(done: int, _: int | None) -> None:
        watch.step(done, 0, f"recordings done: {done:,}")

    answer = partial(_spot_chunk, model, enhance, SILENT)
    yield from answer_all(names, answer, _failed, SUFFIXES, jobs, scheduler, progress=tell)


def _classify_chunk(model: str | None, enhance: str | None, chunk: list[Place]) -> list[FileAnswer]:
    return answer_each(partial(_classify, model, enhance), _failed, chunk)


def _classify(model: str | None, enhance: str | None, name: str, path: Path) -> FileAnswer:
    return FileAnswer(name, [face.as_json() for face in recognise(_read(path), model, enhance).faces])


def _spot_chunk(model: str | None, enhance: str | None, watch: Progress, chunk: list[Place]) -> list[FileAnswer]:
    return answer_each(partial(_spot, model, enhance, watch), _failed, chunk)


def _spot(model: str | None, enhance: str | None, watch: Progress, name: str, path: Path) -> FileAnswer:
    from engine.recognition.video.analysing import analyse

    refuse_folder(path, "recordings")
    return FileAnswer(name, analyse(path, name, model=model, enhance=enhance, watch=watch).as_json())


def _failed(name: str, why: str) -> FileAnswer:
    return FileAnswer(name, None, why)


def _read(path: Path) -> bytes:
    refuse_folder(path, "pictures")
    try:
        with path.open("rb") as file:
            return file.read(settings.IMAGE_MAX_BYTES + 1)  # a larger one is refused: no need to read it all
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", "Check its name and its permissions.") from error
