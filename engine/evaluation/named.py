"""Evaluations asked for by names, so that a process of its own can do them: see `engine.tasks.memory`."""

from collections.abc import Sequence
from typing import Any

from engine.datasets import store
from engine.evaluation.evaluated import Evaluated, about
from engine.evaluation.protocols import figures_of, predict
from engine.evaluation.robustness import sweep_split
from engine.models import shipped
from engine.tasks import Progress


def evaluate_named(model: str, data: str, split: str | None, judge: str, progress: Progress) -> Evaluated:
    """Put a model to the test on an imported set.

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
    answering = shipped.load(model)
    predictions, left_out = predict(answering, store.load(data), split, judge=judge, progress=progress)
    figures = figures_of(answering, predictions) | {"left_out": left_out}
    return Evaluated(answering.title, about(predictions), figures, answering.card, predictions)


def sweep_named(
    models: Sequence[str],
    data: str,
    split: str | None,
    names: Sequence[str],
    judge: str,
    most: int,
    progress: Progress,
) -> dict[str, Any]:
    """Return what `engine.evaluation.robustness.sweep_split` finds; parameters and errors as in `evaluate_named`."""
    loaded = [shipped.load(model) for model in models]
    return sweep_split(loaded, store.load(data), split, names, judge=judge, most=most, progress=progress)
