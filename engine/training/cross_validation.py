"""Cross-validation, one way: every fold a job of its own, on as many cores or machines as wanted.

`answer_folds` and `gathered` know nothing of what learns; `cross_validate` is what they make of pictures. Protocols
that choose inside the training subjects, such as `engine.studies.micro_expressions`, call them twice.
"""

import contextlib
import json
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from engine.below import reason
from engine.datasets.splits import Fold
from engine.errors import DataError
from engine.evaluation.predictions import Predictions
from engine.files import replace_with
from engine.kept import read_json
from engine.tasks import SILENT, Progress
from engine.tasks.pools import in_order
from engine.training.configuration import Configuration
from engine.training.training_data import TrainingData

Given = TypeVar("Given")

_ONE_AT_A_TIME = threading.Lock()  # Keras' seed and precision belong to the whole process, which may have more threads


def answer_folds(
    learn: Callable[[Given], np.ndarray],
    folds: Sequence[Fold],
    given: Callable[[Fold], Given],
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress = SILENT,
    words: str = "",
    kept: Path | None = None,
) -> list[np.ndarray]:
    """Let something learn from each fold's training rows and answer for those that are held out.

    Where the folds are worked on does not change the answers.

    Parameters
    ----------
    learn
        Takes what ``given`` made of a fold, and returns (..., held out, classes) probabilities. For other processes it
        must be one that can be imported.
    folds
        At least one.
    given
        Makes what travels to a worker.
    jobs, scheduler
        Where: see `engine.tasks.pools.pool`. A worker that dies costs its fold a second try.
    progress, words
        Is told the folds done, all folds, and these words, or that folds are trained.
    kept
        A folder of this cross-validation alone, which may not exist yet: there each fold's answers are written, and the
        folds that are there already are not learnt again. None: nothing is kept.

    Returns
    -------
    list of ndarray
        In the folds' order.

    Raises
    ------
    DataError
        For no folds.
    OSError
        Where an answer cannot be kept.
    UserError
        Where nobody can work, or a fold's workers died each time: see `engine.tasks.pools.in_order`.
    engine.tasks.Cancelled
        Where ``progress`` says so.
    """
    if not folds:
        raise DataError("There are no folds to train.", "Ask for at least 2.")
    known = ((number, _read(kept, number, fold)) for number, fold in enumerate(folds))
    answers = {number: answer for number, answer in known if answer is not None}
    missing = [number for number in range(len(folds)) if number not in answers]
    before = len(answers)

    def told(done: int, _: int | None) -> None:
        progress.step(before + done, len(folds), words or f"training {len(folds)} folds")
        progress.say(f"{before + done} of {len(folds)} folds done")

    told(0, None)
    coming = (given(folds[number]) for number in missing)
    found = in_order(learn, coming, jobs, scheduler, progress=told, check=progress.check)
    for number, answer in zip(missing, found, strict=True):
        answers[number] = answer
        if kept is not None:
            kept.mkdir(parents=True, exist_ok=True)
            with replace_with(kept / f"{number}.npy") as file:
                np.save(file, answer)
    return [answers[number] for number in range(len(folds))]


def gathered(folds: Sequence[Fold], answers: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that were held out, ascending, and the answers for them in one array.

    Parameters
    ----------
    folds
        Which hold out each row at most once.
    answers
        (..., held out, classes) of each fold.

    Returns
    -------
    tuple
        (n,) int64 and (..., n, classes).
    """
    held_out = np.concatenate([fold.held_out for fold in folds])
    order = np.argsort(held_out, kind="stable")
    return held_out[order], np.concatenate(answers, axis=-2)[..., order, :]


def read_answers(path: Path | None) -> dict[str, Any]:
    """Return the answers that a long comparison kept in a JSON file; none where there is no file, or none is named.

    Raises
    ------
    DataError
        For a file that cannot be read, or holds something else.
    """
    if path is None or not path.exists():
        return {}
    remedy = "Name another file, or remove it."
    try:
        kept = read_json(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({reason(error)}).", remedy) from error
    if not isinstance(kept, dict):
        raise DataError(f"{path} holds no answers.", remedy)
    return kept


def write_answers(path: Path | None, kept: dict[str, Any]) -> None:
    """Keep answers so that a stopped comparison goes on: whole, or what was there before; nowhere for None."""
    if path is not None:
        with replace_with(path) as file:
            file.write(json.dumps(kept).encode())


def cross_validate(
    what: Configuration | str,
    data: TrainingData,
    folds: Sequence[Fold],
    jobs: int = 1,
    scheduler: str | None = None,
    seed: int = 1,
    initial: Path | None = None,
    progress: Progress = SILENT,
    kept: Path | None = None,
) -> Predictions:
    """Train once a fold and pool what was answered for the held-out pictures.

    Parameters
    ----------
    what
        How to train a network, or the name of a learner in `engine.training.learners.LEARNERS`.
    data
        Crops and targets.
    folds
        Indices into ``data``.
    seed
        Of each training.
    initial
        A ``.keras`` file that networks start from, on a cluster one that its workers see.
    jobs, scheduler, progress, kept
        As `answer_folds` takes them.

    Returns
    -------
    Predictions
        Of all held-out pictures, by their row in the set.

    Raises
    ------
    DataError
        For a fold that holds out copies of pictures that train, with their count; and as `answer_folds` does.
    """
    for fold in folds:
        if count := int(data.leaked(fold.training, fold.held_out).sum()):
            raise DataError(
                f"{fold.name}: {count:,} of the {len(fold.held_out):,} held-out pictures of {data.name} have a copy "
                "among those that train, so that the figures would be too good.",
                "Divide by group.",
            )
    answers = answer_folds(
        _learn, folds, lambda fold: _job(what, data, fold, seed, initial), jobs, scheduler, progress, kept=kept
    )
    return _pooled(data, folds, answers)


def answer(
    what: Configuration | str, data: TrainingData, fold: Fold, seed: int = 1, initial: Path | None = None
) -> Predictions:
    """Train on one fold, in this process, whatever copies it holds out; parameters as in `cross_validate`."""
    return _pooled(data, [fold], [_learn(_job(what, data, fold, seed, initial))])


def _pooled(data: TrainingData, folds: Sequence[Fold], answers: Sequence[np.ndarray]) -> Predictions:
    """Put the folds' answers, (held out, classes) probabilities each, into one record, by the pictures' rows."""
    held_out, probabilities = gathered(folds, answers)
    copied = np.zeros(len(data.rows), bool)
    for fold in folds:
        copied[fold.held_out] = data.leaked(fold.training, fold.held_out)
    part = folds[0].name if len(folds) == 1 else f"{len(folds)} folds"
    return data.predictions(held_out, probabilities, copied[held_out], part)


def _read(kept: Path | None, number: int, fold: Fold) -> np.ndarray | None:
    """Return a fold's answers, or None where there are none that can be used."""
    if kept is not None:
        with contextlib.suppress(OSError, ValueError, EOFError):
            answer = np.load(kept / f"{number}.npy", allow_pickle=False)
            usable = answer.dtype.kind == "f" and answer.shape[-2:-1] == fold.held_out.shape
            return answer if usable and np.isfinite(answer).all() else None
    return None


@dataclass(frozen=True)
class _Job:
    """What travels to a worker: of the data only arrays that are trained on, not the set's own pictures."""

    what: Configuration | str
    crops: np.ndarray
    targets: np.ndarray
    unit: np.ndarray
    origin: np.ndarray
    last_layer_targets: np.ndarray | None
    training: np.ndarray
    held_out: np.ndarray
    seed: int
    initial: Path | None


def _job(what: Configuration | str, data: TrainingData, fold: Fold, seed: int, initial: Path | None = None) -> _Job:
    given = data.crops, data.targets, data.unit, data.origin, data.last_layer_targets
    return _Job(what, *given, fold.training, fold.held_out, seed, initial)


def _learn(job: _Job) -> np.ndarray:
    with _ONE_AT_A_TIME:
        # Not above: each brings its own libraries along, and only one of them is asked for.
        if isinstance(job.what, str):
            from engine.training.learners import fit_predict as learn

            labels, sides = job.targets.argmax(axis=1), (job.training, job.held_out)
            return learn(job.what, job.crops, labels, *sides, job.seed, classes=job.targets.shape[1], unit=job.unit)
        # These bring TensorFlow along.
        from engine.training.fit import fit_predict

        with _undisturbed(job.seed):
            given = job.crops, job.targets, job.training, job.held_out
            return fit_predict(job.what, *given, job.seed, job.initial, job.unit, job.origin, job.last_layer_targets)


@contextlib.contextmanager
def _undisturbed(seed: int) -> Iterator[None]:
    """Let nobody else draw from the numbers that Keras seeds its layers with.

    Keras takes them from Python's own ``random``, which it seeds first. Dask's threads draw from it at any moment.
    """
    shared = random.randint
    random.randint = random.Random(seed).randint
    try:
        yield
    finally:
        random.randint = shared
