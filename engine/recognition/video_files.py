"""From any number of recordings to what was found in each, on as many cores as wanted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine.recognition.many_files import Place, answer_all, answer_each, refuse_folder
from engine.recognition.video import analyse
from engine.tasks import SILENT, Progress
from engine.videos.container import SUFFIXES


@dataclass(frozen=True)
class RecordingAnswer:
    """What became of one recording.

    Attributes
    ----------
    name
        As it was given.
    found
        See `engine.recognition.analysis.Analysis.as_json`; None where there is an error.
    error
        Why nothing was found out, or None.
    """

    name: str
    found: dict[str, Any] | None
    error: str | None = None


def spot_all(
    names: Iterable[str | Path],
    model: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    watch: Progress = SILENT,
    enhance: str | None = None,
) -> Iterator[RecordingAnswer]:
    """Find the expressions in every recording; the answers come in order.

    Parameters
    ----------
    names
        Files and folders; a folder stands for all recordings in it and below, by name.
    model
        Name of the shipped model that answers for single frames, the default for None.
    jobs, scheduler
        Processes, or a Dask cluster whose workers see the same files: see `engine.executors.pool`.
    watch
        Told how far each recording is, or, where others do the work, how many are done.
    enhance
        A low-light enhancement in front of the models: see `engine.recognition.video.analyse`.

    Yields
    ------
    RecordingAnswer
        One a file. What cannot be read, is no recording, or ends the process that reads it, is an answer with an error.

    Raises
    ------
    UserError
        Where nobody can work: see `engine.executors.pool`.
    Cancelled
        Where ``watch`` says so.
    """
    if jobs == 1 and scheduler is None:
        yield from answer_all(names, partial(_spot_chunk, model, enhance, watch), _failed, SUFFIXES)
        return

    def tell(done: int, _: int | None) -> None:
        watch.step(done, 0, f"recordings done: {done:,}")

    answer = partial(_spot_chunk, model, enhance, SILENT)
    yield from answer_all(names, answer, _failed, SUFFIXES, jobs, scheduler, progress=tell)


def _spot_chunk(model: str | None, enhance: str | None, watch: Progress, chunk: list[Place]) -> list[RecordingAnswer]:
    return answer_each(partial(_spot, model, enhance, watch), _failed, chunk)


def _spot(model: str | None, enhance: str | None, watch: Progress, name: str, path: Path) -> RecordingAnswer:
    refuse_folder(path, "recordings")
    return RecordingAnswer(name, analyse(path, name, model=model, enhance=enhance, watch=watch).as_json())


def _failed(name: str, why: str) -> RecordingAnswer:
    return RecordingAnswer(name, None, why)
