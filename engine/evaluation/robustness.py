"""How fast models lose their accuracy as pictures get worse."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.datasets import store
from engine.datasets.face_set import FaceSet
from engine.datasets.units import unit_of
from engine.errors import DataError, ModelError
from engine.evaluation.bootstrap import share_with_interval
from engine.evaluation.degradations import DEGRADATIONS, degraded
from engine.evaluation.protocols import JUDGES, Answering, labelled_crops
from engine.models import shipped
from engine.tasks import SILENT, Progress


def sweep(
    models: Sequence[Answering],
    crops: np.ndarray,
    labels: np.ndarray,
    names: Sequence[str],
    unit: np.ndarray | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Measure the accuracy of several models on the same pictures, made worse in the same ways.

    Parameters
    ----------
    models
        What answers. Pictures of a class that one of them lacks are left out for all.
    crops
        (n, 48, 48) uint8.
    labels
        (n,) str, the true expressions.
    names
        Keys of `engine.evaluation.degradations.DEGRADATIONS`, or ``"all"``.
    unit
        (n,) what the bootstrap draws; each picture for itself for None.
    seed
        Of the degradations and of the bootstrap.
    progress
        Is told the steps done, all steps, and what is being done.

    Returns
    -------
    dict
        ``n``, ``left_out``, ``seed``, ``models`` (titles) and ``sweeps``: for each name ``title``, ``unit``,
        ``strengths`` (0 first: the picture as it is) and ``models``, a dict a model's name with ``accuracy`` (a list,
        0..1) and ``interval`` (a list of pairs, 95 %).

    Raises
    ------
    DataError
        Where a name is unknown, no picture is left, or the work was cancelled.
    ModelError
        Where two models have one name.
    """
    chosen = tuple(DEGRADATIONS) if "all" in names else tuple(dict.fromkeys(names))
    if unknown := [name for name in chosen if name not in DEGRADATIONS]:
        raise DataError(f"There is no sweep {unknown[0]!r}.", f"There are: {', '.join(DEGRADATIONS)}, all.")
    if len({model.name for model in models}) < len(models):
        raise ModelError("A model was given twice.", "Name each model once.")
    known = np.logical_and.reduce([np.isin(labels, model.labels) for model in models])
    if not known.any():
        raise DataError("No picture shows an expression that all of the models know.", "Choose other models.")
    crops, labels, unit = crops[known], labels[known], None if unit is None else unit[known]
    steps = [("", 0.0), *((name, strength) for name in chosen for strength in DEGRADATIONS[name].strengths)]
    measured: dict[tuple[str, float, str], tuple[float, list[float]]] = {}
    for done, (name, strength) in enumerate(steps):
        what = f"{DEGRADATIONS[name].title}, {strength:g} {DEGRADATIONS[name].unit}" if name else "as they are"
        progress.step(done, len(steps), what)
        worse = degraded(crops, name, strength, seed) if name else crops
        for model in models:
            answered = np.array(model.labels)[model.probabilities(worse).argmax(axis=1)]
            measured[name, strength, model.name] = share_with_interval(answered == labels, unit, seed)
    return {
        "n": len(crops),
        "left_out": int((~known).sum()),
        "seed": seed,
        "models": {model.name: model.title for model in models},
        "sweeps": {name: _series(name, models, measured) for name in chosen},
    }


def sweep_split(
    models: Sequence[Answering],
    faces: FaceSet,
    split: str | None,
    names: Sequence[str],
    mode: str = "auto",
    judge: str = "given",
    most: int | None = None,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Return what `sweep` finds on a split of a face set, and ``about``, what that is in words.

    Parameters
    ----------
    models, names, progress
        As `sweep` takes them.
    faces, split, mode, judge
        As `engine.evaluation.protocols.predict` takes them.
    most
        Pictures, drawn at random where there are more; all for None.
    """
    judged = faces.judged_by(judge)
    rows = judged.rows_of(split)
    if most is not None:
        rows = np.sort(np.random.default_rng(0).permutation(rows)[:most])
    cutting, answering = progress.split(1, 20)
    crops, rows, _ = labelled_crops(judged, rows, mode, cutting, models[0].crop_size)
    found = sweep(models, crops, judged.labels[rows], names, unit_of(judged, rows, crops), progress=answering)
    return {"about": f"{faces.name}, {split or 'all pictures'}, {JUDGES[judge]}"} | found


def sweep_named(
    models: Sequence[str],
    data: str,
    split: str | None,
    names: Sequence[str],
    judge: str,
    most: int,
    progress: Progress,
) -> dict[str, Any]:
    """Return what `sweep_split` finds, with names as in `engine.evaluation.evaluated.evaluate_named`, errors too."""
    loaded = [shipped.load(model) for model in models]
    return sweep_split(loaded, store.load(data), split, names, judge=judge, most=most, progress=progress)


def _series(
    name: str, models: Sequence[Answering], measured: dict[tuple[str, float, str], tuple[float, list[float]]]
) -> dict[str, Any]:
    degradation = DEGRADATIONS[name]
    keys = [("", 0.0), *((name, strength) for strength in degradation.strengths)]
    series = {}
    for model in models:
        accuracy, ends = zip(*(measured[*key, model.name] for key in keys), strict=True)
        series[model.name] = {"accuracy": list(accuracy), "interval": list(ends)}
    strengths = [strength for _, strength in keys]
    return {"title": degradation.title, "unit": degradation.unit, "strengths": strengths, "models": series}
