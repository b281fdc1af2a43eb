"""The steps of a run: read, divide, train, evaluate, export."""

import os

from engine import datasets
from engine.errors import DataError
from engine.models import shipped
from engine.tasks import Cancelled, Progress, Status
from engine.training import results, runs, training_data
from engine.training.checkpoint import Checkpoint
from engine.training.report import Report
from engine.training.request import CROSS_VALIDATIONS
from engine.training.training_data import Division, TrainingData


def train(run: runs.Run, report: Report) -> None:
    """Do what a run asks for, from its last finished epoch where there is one.

    Parameters
    ----------
    run
        What is asked, and where everything goes.
    report
        Told of every step; raises `Cancelled` where the run is to end.

    Raises
    ------
    UserError
        For data or a split that cannot be used.
    OSError
        Where a file cannot be read or written.
    """
    request = run.request
    report.enter("running", "reading the data set")
    watch = Progress(cancelled=report.asked_to_end)
    faces = datasets.read(request.data)
    data = training_data.prepare(request.configuration, faces, request.faces, request.split, watch)
    _same_data(run, data)
    report.look()
    if request.split in CROSS_VALIDATIONS:
        _cross_validate(run, report, data)
        return
    division = training_data.divide(data, request.split, request.configuration.seed)
    report.say(
        f"{len(division.training):,} pictures train, {len(division.validation):,} validate, "
        f"{len(division.held_out):,} are held out ({division.words})"
    )
    if request.is_network:
        _train_network(run, report, data, division)
    else:
        _train_learner(run, report, data, division)


def _same_data(run: runs.Run, data: TrainingData) -> None:
    """Note the data's fingerprint; refuse to go on with other data."""
    known = run.about.get("data_fingerprint")
    if known is None:
        runs.write_about(run.folder, {**run.about, "data_fingerprint": data.fingerprint})
    elif known != data.fingerprint:
        raise DataError(
            f"The data set {data.name} has changed since this run began (fingerprint {data.fingerprint[:12]}…, "
            f"then {known[:12]}…).",
            "Put the old one back, or start a new run.",
        )


def _train_network(run: runs.Run, report: Report, data: TrainingData, division: Division) -> None:
    report.enter("running", "loading TensorFlow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from engine.training.fit import finish, fit

    configuration, training, validation = run.request.configuration, division.training, division.validation
    path = run.folder / "checkpoint.npz"
    done = Checkpoint.load(path).epoch if path.exists() else 0
    report.begin(configuration.epochs, done)
    report.enter("running", f"training, going on after epoch {done}" if done else "training")
    try:
        model, history = fit(
            configuration,
            data.crops[training],
            data.targets[training],
            (data.crops[validation], data.targets[validation]),
            initial=shipped.file_to_start_from(run.request.configuration.initial),
            checkpoint=path,
            watch=report,
        )
    except Cancelled:
        if path.exists():
            kept = Checkpoint.load(path)
            report.say(f"cancelled; what was learnt in {kept.epoch} epochs is kept")
            model = finish(configuration, kept, data.targets[training])
            results.write_network(run, data, division, model, kept.history)
        raise
    report.enter("running", "evaluating and exporting")
    results.write_network(run, data, division, model, history)


def _train_learner(run: runs.Run, report: Report, data: TrainingData, division: Division) -> None:
    from engine.training.learners import fit_predict

    report.begin(1)
    report.enter("running", "training")
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
    report.fold(1, 1)
    predictions = results.predictions_of(data, division, probabilities)
    results.write_predictions(run, data, predictions, division.words)


def _cross_validate(run: runs.Run, report: Report, data: TrainingData) -> None:
    from engine.training.cross_validation import cross_validate

    request = run.request
    folds = training_data.folds_of(data, request.split, request.folds, request.configuration.seed)
    report.begin(len(folds))
    report.enter("running", f"training {len(folds)} folds")

    def told(status: Status) -> None:
        if status.done:
            report.fold(int(status.done), len(folds))

    predictions = cross_validate(
        request.configuration if request.is_network else request.model,
        data,
        folds,
        jobs=request.jobs,
        scheduler=request.scheduler,
        seed=request.configuration.seed,
        initial=shipped.file_to_start_from(run.request.configuration.initial),
        progress=Progress(told, report.asked_to_end, every_s=0),
        kept=run.folder / "folds",
    )
    results.write_predictions(
        run, data, predictions, f"{len(folds)} folds by {data.unit_name}, seed {request.configuration.seed}"
    )
