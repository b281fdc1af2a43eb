"""One evaluation, wherever it comes from: a shipped card, a finished run, or a model put to the test just now."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine import settings
from engine.datasets import store
from engine.datasets.face_set import FaceSet
from engine.errors import DataError, ModelError
from engine.evaluation.figures import figures
from engine.evaluation.predictions import Predictions
from engine.evaluation.protocols import Answering, figures_of, predict
from engine.kept import read_json, sound
from engine.models import card as cards
from engine.models import shipped
from engine.tasks import Progress

PREDICTIONS = "predictions.npz"
_READ = cards.ANSWERING | {"title": str, "calibration": {"temperature": float}, "training": dict, "robustness": dict}


@dataclass(frozen=True)
class Evaluated:
    """Figures, and what they are about.

    Attributes
    ----------
    title
        The model's, for people.
    about
        Which pictures and whose labels, for people.
    figures
        As `engine.evaluation.figures.figures` returns them; those of older cards lack some.
    card
        The model's; may lack anything.
    predictions
        What was answered for each picture; None where only figures were kept.
    """

    title: str
    about: str
    figures: Mapping[str, Any]
    card: Mapping[str, Any] = field(default_factory=dict)
    predictions: Predictions | None = None


def of_card(card: Mapping[str, Any]) -> list[Evaluated]:
    """Return the evaluations that stand in a model's card; none are computed.

    Raises
    ------
    ModelError
        Where the card lacks them.
    """
    try:
        return [
            Evaluated(str(card["title"]), f"{each['data']}, {each['judged_by']}", each, card)
            for each in card["evaluations"]
        ]
    except (KeyError, TypeError) as error:
        raise ModelError(
            f"The card of {card.get('name', 'the model')} lacks its evaluations ({error!r}).",
            "Put the shipped folder back, or write the figures again with python -m engine card.",
        ) from error


def of_model(
    model: Answering, faces: FaceSet, split: str | None, mode: str, judge: str, progress: Progress
) -> Evaluated:
    """Put a model to the test now; parameters and errors as in `engine.evaluation.protocols.predict`."""
    predictions, left_out = predict(model, faces, split, mode, judge, progress)
    found = figures_of(model, predictions) | {"left_out": left_out}
    return Evaluated(model.title, about(predictions), found, model.card, predictions)


def evaluate_named(model: str, data: str, split: str | None, judge: str, progress: Progress) -> Evaluated:
    """Put a model to the test on an imported set, by names, as a process of its own can: see `engine.tasks.memory`.

    Parameters
    ----------
    model, data
        Names.
    split, judge, progress
        As `engine.evaluation.protocols.predict` takes them.

    Raises
    ------
    UserError
        Where model or set cannot be read, or no picture is left; `engine.tasks.Cancelled` where that was asked for.
    """
    return of_model(shipped.load(model), store.load(data), split, "auto", judge, progress)


def of_run(folder: Path) -> Evaluated:
    """Compute the figures of a training run from the answers that it kept.

    Raises
    ------
    DataError
        Where the run has no predictions, or they cannot be read.
    """
    path = folder / PREDICTIONS
    if not path.is_file():
        raise DataError(
            f"The run {folder.name} has no {PREDICTIONS}.", "Wait until it has finished, or name a finished run."
        )
    predictions, card = Predictions.load(path), _card(folder)
    calibration = card.get("calibration") or {}
    thresholds = cards.thresholds({"labels": predictions.labels, **card})
    return Evaluated(
        str(card.get("title", folder.name)),
        about(predictions),
        figures(predictions, thresholds or None, calibration.get("temperature")),
        card,
        predictions,
    )


def about(predictions: Predictions) -> str:
    """Say which pictures and whose labels predictions are about."""
    return ", ".join(filter(None, (predictions.data, predictions.part)))


def run_folder(named: str) -> Path:
    """Return the folder of a run, named by its path or by its name among the runs kept.

    Raises
    ------
    DataError
        Where there is none.
    """
    for folder in (Path(named), settings.library_folder() / "runs" / Path(named).name):
        if folder.is_dir():
            return folder
    raise DataError(f"There is no run {named!r}.", f"The runs are in {settings.data_folder() / 'runs'}.")


def _card(folder: Path) -> dict[str, Any]:
    # The answers alone are enough for every figure.
    with suppress(OSError, ValueError):
        return sound(read_json(folder / "card.json"), _READ)
    return {}
