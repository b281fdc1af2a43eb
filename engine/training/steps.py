"""The steps of a run: read, divide, train, evaluate, export."""

import os

from engine import datasets
from engine.datasets.progress import CancelledError
from engine.errors import DataError
from engine.models import shipped
from engine.training import material as materials
from engine.training import results, runs
from engine.training.checkpoint import Checkpoint
from engine.training.material import Division, Material
from engine.training.report import Report
from engine.training.request import CROSS_VALIDATIONS


def train(run: runs.Run, report: Report) -> None:
    """Do what a run asks for, from its last finished epoch where there is one.

    Parameters
    ----------
    run
        What is asked, and where everything goes.
    report
        Told of every step; raises `CancelledError` where the run is to end.

    Raises
    ------
    UserError
        For data or a split that cannot be used.
    OSError
        Where a file cannot be read or written.
    """
    request = run.request
    report.enter("running", "reading the data set")
    material = materials.prepare(
        request.configuration, datasets.read(request.data), request.faces, request.split, report.asked_to_end
    )
    _same_data(run, material)
    report.look()
    if request.split in CROSS_VALIDATIONS:
        _cross_validate(run, report, material)
        return
    division = materials.divide(material, request.split, request.configuration.seed)
    report.say(
        f"{len(division.training):,} pictures train, {len(division.validation):,} validate, "
        f"{len(division.held_out):,} are held out ({division.words})"
    )
    if request.is_network:
        _train_network(run, report, material, division)
    else:
        _train_learner(run, report, material, division)


def _same_data(run: runs.Run, material: Material) -> None:
    """Note the data's fingerprint; refuse to go on with other data."""
    known = run.about.get("data_fingerprint")
    if known is None:
        runs.write_about(run.folder, {**run.about, "data_fingerprint": material.fingerprint})
    elif known != material.fingerprint:
        raise DataError(
            f"The data set {material.name} has changed since this run began (fingerprint {material.fingerprint[:12]}…, "
            f"then {known[:12]}…).",
            "Put the old one back, or start a new run.",
        )


def _train_network(run: runs.Run, report: Report, material: Material, division: Division) -> None:
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
            material.crops[training],
            material.targets[training],
            (material.crops[validation], material.targets[validation]),
            initial=shipped.file_to_start_from(run.request.configuration.initial),
            checkpoint=path,
            watch=report,
        )
    except CancelledError:
        if path.exists():
            kept = Checkpoint.load(path)
            report.say(f"cancelled; what was learnt in {kept.epoch} epochs is kept")
            model = finish(configuration, kept, material.targets[training])
            results.write_network(run, material, division, model, kept.history)
        raise
    report.enter("running", "evaluating and exporting")
    results.write_network(run, material, division, model, history)


def _train_learner(run: runs.Run, report: Report, material: Material, division: Division) -> None:
    from engine.training.learners import fit_predict

    report.begin(1)
    report.enter("running", "training")
    probabilities = fit_predict(
        run.request.model,
        material.crops,
        material.true,
        division.seen,
        division.held_out,
        run.request.configuration.seed,
        classes=len(material.labels),
        unit=material.unit,
    )
    report.fold(1, 1)
    predictions = results.predictions_of(material, division, probabilities)
    results.write_predictions(run, material, predictions, division.words)


def _cross_validate(run: runs.Run, report: Report, material: Material) -> None:
    from engine.training.cross_validation import cross_validate

    request = run.request
    folds = materials.folds_of(material, request.split, request.folds, request.configuration.seed)
    report.begin(len(folds))
    report.enter("running", f"training {len(folds)} folds")
    predictions = cross_validate(
        request.configuration if request.is_network else request.model,
        material,
        folds,
        jobs=request.jobs,
        scheduler=request.scheduler,
        seed=request.configuration.seed,
        initial=shipped.file_to_start_from(run.request.configuration.initial),
        progress=report.fold,
        cancelled=report.asked_to_end,
        kept=run.folder / "folds",
    )
    results.write_predictions(
        run, material, predictions, f"{len(folds)} folds by {material.unit_name}, seed {request.configuration.seed}"
    )
