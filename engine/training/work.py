"""What a run's process does: wait for its turn, read, divide, train, evaluate and export, and end in a sentence."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from engine import datasets
from engine.datasets.words import source_in_words
from engine.errors import DataError
from engine.files import write_json
from engine.models import shipped
from engine.tasks import Cancelled, Progress
from engine.tasks.status import in_words
from engine.tasks.task import TaskProgress, working
from engine.training import duration, results, runs, training_data
from engine.training.checkpoint import Checkpoint
from engine.training.request import CROSS_VALIDATIONS
from engine.training.training_data import Division, TrainingData

_PAUSE_S = 0.5


def work(folder: Path, *, echo: bool) -> runs.Run:
    """Work on a run until it has ended, from its last finished epoch where there is one.

    Parameters
    ----------
    folder
        The run's.
    echo
        Whether the log is printed too.

    Returns
    -------
    runs.Run
        How it ended: finished or cancelled.

    Raises
    ------
    UserError
        Where another process works on it already, or it failed; then its status says the same.
    """
    run = runs.opened(folder)
    if run.state == "finished":
        raise DataError(f"The run {run.id} has finished.", "Start a new one to train again.")
    if unknown := run.request.unknown(run.about["request"]):
        raise DataError(
            f"The run {run.id} was begun by a newer version: it asks for {', '.join(unknown)}.",
            "Go on with it in that version, or start a new one.",
        )
    with suppress(Cancelled), working(folder, echo=echo) as progress, _turn(run, progress):
        train(run, progress)
    return runs.opened(folder)


@contextmanager
def _turn(run: runs.Run, progress: TaskProgress) -> Iterator[None]:
    """Wait until no other training is at work: two at once on the same cores would each take twice as long."""
    runs.home().mkdir(parents=True, exist_ok=True)
    while True:
        with suppress(Timeout):
            if runs.is_free(run):
                turn = FileLock(runs.turn(), blocking=False).acquire()
                break
        progress.wait("waiting for another training to end")
        time.sleep(_PAUSE_S)
    with turn:
        yield


def train(run: runs.Run, progress: TaskProgress) -> None:
    """Do what a run asks for, from its last finished epoch where there is one.

    Parameters
    ----------
    run
        What is asked, and where everything goes.
    progress
        Told of every step; raises `Cancelled` where the run is to end.

    Raises
    ------
    UserError
        For data or a split that cannot be used.
    OSError
        Where a file cannot be read or written.
    """
    request = run.request
    progress.step(0, 0, "reading the data set")
    faces = datasets.read(request.data)
    for line in source_in_words(faces):
        progress.say(line)
    lasts = duration.of_faces(request, faces)
    progress.say(f"expected to take {'at most ' if lasts.at_most else ''}{in_words(lasts.total_s)}")
    reading, loading, teaching, ending = progress.split(
        lasts.reading_s, lasts.loading_s, lasts.training_s, lasts.ending_s, expected_s=lasts.total_s
    )
    data = training_data.prepare(request.configuration, faces, request.faces, request.split, reading)
    _same_data(run, data)
    for why, count in data.left_out.items():
        progress.say(f"left out: {count:,} ({why})")
    if missing := training_data.without_pictures(data.labels, data.targets):
        progress.say(f"no picture of the set shows {', '.join(missing)}: the model never learns to answer so")
    if request.split in CROSS_VALIDATIONS:
        _cross_validate(run, teaching, data)
        return
    division = training_data.divide(data, request.split, request.configuration.seed)
    progress.say(
        f"{len(division.training):,} pictures train, {len(division.validation):,} validate, "
        f"{len(division.held_out):,} are held out ({division.words})"
    )
    trained = training_data.without_pictures(data.labels, data.targets[division.training])
    if missing := [label for label in trained if label not in missing]:
        progress.say(f"no picture that trains shows {', '.join(missing)}: the model never learns to answer so")
    if request.is_network:
        _train_network(run, (loading, teaching, ending), data, division)
    else:
        _train_learner(run, teaching, data, division)


def _same_data(run: runs.Run, data: TrainingData) -> None:
    """Note the data's fingerprint; refuse to go on with other data."""
    known = run.about.get("data_fingerprint")
    if known is None:
        write_json(run.folder / runs.ASKED, {**run.about, "data_fingerprint": data.fingerprint})
    elif known != data.fingerprint:
        raise DataError(
            f"The data set {data.name} has changed since this run began (fingerprint {data.fingerprint[:12]}…, "
            f"then {known[:12]}…).",
            "Put the old one back, or start a new run.",
        )


def _train_network(
    run: runs.Run, parts: tuple[Progress, Progress, Progress], data: TrainingData, division: Division
) -> None:
    loading, progress, ending = parts
    loading.step(0, 0, "loading TensorFlow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from engine.training.fit import finish, fit
    from engine.training.precision import usable

    configuration, training, validation = run.request.configuration, division.training, division.validation
    path = run.folder / "checkpoint.npz"
    done = Checkpoint.load(path).epoch if path.exists() else 0
    if done:
        progress.say(f"going on after epoch {done}")
    if (used := usable(configuration.precision)) != configuration.precision:
        progress.say(f"computing in {used}: {configuration.precision} does not work on this machine")
    try:
        model, history = fit(
            configuration,
            data.crops[training],
            data.targets[training],
            (data.crops[validation], data.targets[validation]),
            origin=data.origin[training],
            last_layer_targets=None if data.last_layer_targets is None else data.last_layer_targets[training],
            initial=shipped.file_to_start_from(configuration.initial),
            checkpoint=path,
            progress=progress,
        )
    except Cancelled:
        if path.exists():
            kept = Checkpoint.load(path)
            progress.say(f"cancelled; what was learnt in {kept.epoch} epochs is kept")
            model = finish(configuration, kept, len(data.labels))
            results.write_network(run, data, division, model, kept.history)
        raise
    ending.step(0, 0, "evaluating and exporting")
    results.write_network(run, data, division, model, history)


def _train_learner(run: runs.Run, progress: Progress, data: TrainingData, division: Division) -> None:
    # Brings Numba along.
    from engine.training.learners import fit_predict

    progress.step(0, 0, "training")
    probabilities = fit_predict(
        run.request.model,
        data.crops,
        data.true,
        division.seen,
        division.held_out,
        run.request.configuration.seed,
        classes=len(data.labels),
        unit=data.unit,
    )
    progress.step(1, 1, "training")
    predictions = results.predictions_of(data, division, probabilities)
    results.write_predictions(run, data, predictions, division.words)


def _cross_validate(run: runs.Run, progress: Progress, data: TrainingData) -> None:
    # Brings worker processes along.
    from engine.training.cross_validation import cross_validate

    request, configuration = run.request, run.request.configuration
    folds = training_data.folds_of(data, request.split, request.folds, configuration.seed)
    predictions = cross_validate(
        configuration if request.is_network else request.model,
        data,
        folds,
        jobs=request.jobs,
        scheduler=request.scheduler,
        seed=configuration.seed,
        initial=shipped.file_to_start_from(configuration.initial),
        progress=progress,
        kept=run.folder / "folds",
    )
    words = f"{len(folds)} folds by {data.unit_name}, seed {configuration.seed}"
    results.write_predictions(run, data, predictions, words)
