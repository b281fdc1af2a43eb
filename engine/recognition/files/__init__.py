"""From any number of picture files or recordings to an answer each, on as many cores as wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from engine import settings
from engine.below import files_below, open_file, reason, unreadable_folder
from engine.errors import UserError
from engine.images.kinds import PICTURE_SUFFIXES, is_picture
from engine.recognition.photo import recognise
from engine.tasks import SILENT, Cancelled, Progress
from engine.tasks.pools import in_order

CHUNK = 8  # pictures that travel to another process together: 0.2 s of work, beside which the journey does not count

_HEAD = 512  # bytes by which a file of unknown ending is told

Place = tuple[str, str]
"""A file's name as it was given, and where it lies."""


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
    left_out: list[str] | None = None,
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
    left_out
        Is given the files in folders that are no pictures, neither by their ending nor by how they begin.

    Yields
    ------
    FileAnswer
        One a file. What cannot be read, is no picture, or ends the process that reads it, is an answer with an error;
        so is what a folder holds in place of a file: a folder that may not be read, a link to nothing, a pipe.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.tasks.pools.pool`.
    """
    answer = partial(_classify_chunk, model, enhance)
    return _answer_all(_places(names, _is_picture, left_out), answer, jobs, scheduler, CHUNK)


def spot_files(
    names: Iterable[str | Path],
    model: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress = SILENT,
    enhance: str | None = None,
    own_rest: bool = True,
    rests: Mapping[int, float] | None = None,
    left_out: list[str] | None = None,
) -> Iterator[FileAnswer]:
    """Find the expressions in every recording, as `classify_files` names those in pictures.

    Parameters
    ----------
    names, model, jobs, scheduler, enhance, own_rest, rests, left_out
        See `classify_files`, `engine.recognition.video.analysing.analyse`.
    progress
        Told how far each recording is, or, where others do the work, how many are done.

    Yields
    ------
    FileAnswer
        One a file, as of `classify_files`.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.tasks.pools.pool`.
    Cancelled
        Where ``progress`` says so.
    """
    # Not above: pictures are classified without what reads recordings, which takes half as long again to start.
    from engine.videos.container import is_recording

    places = _places(names, is_recording, left_out)
    if jobs == 1 and scheduler is None:
        return _answer_all(places, partial(_spot_chunk, model, enhance, own_rest, rests, progress), jobs, scheduler)

    def tell(done: int, _: int | None) -> None:
        progress.step(done, 0, f"recordings done: {done:,}")

    answer = partial(_spot_chunk, model, enhance, own_rest, rests, SILENT)
    return _answer_all(places, answer, jobs, scheduler, progress=tell)


def _classify_chunk(model: str | None, enhance: str | None, chunk: list[Place]) -> list[FileAnswer]:
    def classify(name: str, path: Path) -> Any:
        return [face.as_json() for face in recognise(_read(path), model, enhance).faces]

    return [_answer(*place, "pictures", classify) for place in chunk]


def _spot_chunk(
    model: str | None,
    enhance: str | None,
    own_rest: bool,
    rests: Mapping[int, float] | None,
    progress: Progress,
    chunk: list[Place],
) -> list[FileAnswer]:
    from engine.recognition.video.analysing import analyse

    def spot(name: str, path: Path) -> Any:
        asked = partial(analyse, path, name, model=model, enhance=enhance, own_rest=own_rest, rests=rests)
        return asked(progress=progress).as_json()

    return [_answer(*place, "recordings", spot) for place in chunk]


def _answer(name: str, place: str, kind: str, find: Callable[[str, Path], Any]) -> FileAnswer:
    """Answer for a file; what is raised for it is its answer, unless it says that all was cancelled."""
    try:
        if why := unreadable_folder(Path(place)):
            raise UserError(f"{why[:1].upper()}{why[1:]}.", "Check its permissions.")
        if Path(place).is_dir():
            raise UserError(f"The folder holds no {kind}.", "Name one that does.")
        return FileAnswer(name, find(name, Path(place)))
    except Cancelled:
        raise
    except UserError as error:
        return FileAnswer(name, None, str(error))
    except Exception as error:  # of a million files one may bring up what no other does; the rest are still wanted
        return FileAnswer(name, None, f"There is no answer for it ({type(error).__name__}: {error}).")


def _answer_all(
    places: Iterator[Place],
    answer: Callable[[list[Place]], list[FileAnswer]],
    jobs: int,
    scheduler: str | None,
    chunk: int = 1,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[FileAnswer]:
    """Answer for every file, chunk by chunk; ``progress`` is called with the number of chunks done."""
    size = 1 if jobs == 1 and scheduler is None else chunk

    def ended(chunk: list[Place], _: UserError) -> list[FileAnswer]:
        said = "The process that read it ended before it could answer."
        return [FileAnswer(name, None, said) for name, _ in chunk]

    def one_by_one(chunk: list[Place], error: UserError) -> list[FileAnswer]:
        if len(chunk) == 1:
            return ended(chunk, error)
        # Something in this chunk ends the process each time: find out what, and answer for the rest.
        singles = list(in_order(answer, [[place] for place in chunk], jobs, scheduler, retries=0, lost=ended))
        return [single for (single,) in singles]

    for answered in in_order(answer, _chunks(places, size), jobs, scheduler, lost=one_by_one, progress=progress):
        yield from answered


def _places(
    names: Iterable[str | Path], wanted: Callable[[Path, bytes | None], bool], left_out: list[str] | None
) -> Iterator[Place]:
    """Yield what is to be answered for; ``wanted`` tells by a file's name, or by how it begins where that is given."""
    for name in names:
        root = Path(name)
        if not root.is_dir():
            yield str(root), str(root.absolute())
            continue
        found = False
        for below in files_below(root):
            if below.why is None and not wanted(below.path, None) and not wanted(below.path, _head(below.path)):
                if left_out is not None:
                    left_out.append(str(below.path))
                continue
            found = True
            yield str(below.path), str(below.path.absolute())
        if not found:
            yield str(root), str(root.absolute())  # and say so in its place


def _head(path: Path) -> bytes:
    with suppress(OSError), open_file(path) as file:
        return file.read(_HEAD)
    return b""


def _is_picture(path: Path, head: bytes | None) -> bool:
    return path.suffix.lower() in PICTURE_SUFFIXES if head is None else is_picture(head)


def _chunks(places: Iterator[Place], size: int) -> Iterator[list[Place]]:
    while chunk := list(islice(places, size)):
        yield chunk


def _read(path: Path) -> bytes:
    try:
        with open_file(path) as file:
            return file.read(settings.IMAGE_MAX_BYTES + 1)  # a larger one is refused: no need to read it all
    except (OSError, ValueError) as error:  # a name may hold a null character
        raise UserError(f"The file cannot be read: {reason(error)}.", "Check its name and its permissions.") from error
