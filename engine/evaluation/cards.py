"""The second half of a model's card: what it reached on pictures that it was neither trained nor tuned on."""

from pathlib import Path
from typing import Any

from engine.datasets.face_set import FaceSet
from engine.evaluation.protocols import JUDGES, figures_of, judge_of, predict
from engine.evaluation.robustness import sweep_split
from engine.evaluation.scene import whole_path
from engine.models import card
from engine.models.shipped import ShippedModel
from engine.tasks import SILENT, Progress


def complete(
    folder: Path,
    faces: FaceSet,
    split: str | None,
    validation: str | None = None,
    robustness: bool = False,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Evaluate a model once and write the figures into its card, before those that are there of other pictures.

    Of the pictures only sums and curves go in.

    Parameters
    ----------
    folder
        The model's.
    faces
        What to evaluate on.
    split
        The test split, all pictures for None.
    validation
        A split on which the way from photo to crop is measured (`engine.evaluation.scene.whole_path`); not for None.
    robustness
        Whether to measure on the validation split how fast the accuracy falls as pictures get worse.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        The whole card, as written.
    """
    model = ShippedModel(folder)
    judges = ("given",) if faces.votes is None else ("votes", "given", "ferplus")
    *evaluating, sweeping = progress.split(*[1] * len(judges), 10 if robustness else 0)
    found = [_evaluation(model, faces, split, judge, part) for judge, part in zip(judges, evaluating, strict=True)]
    measured = {(each["data"], each["judged_by"]) for each in found}
    others = [each for each in model.card["evaluations"] if (each["data"], each["judged_by"]) not in measured]
    model.card["evaluations"] = [*found, *others]
    if validation is not None:
        model.card["whole_path"] = {"data": f"{faces.name}, {validation}", **whole_path(model, faces, validation)}
    if robustness:
        judge = judge_of(model, faces)
        model.card["robustness"] = sweep_split([model], faces, validation, ["all"], judge=judge, progress=sweeping)
    card.write(folder, model.card)
    return model.card


def _evaluation(
    model: ShippedModel, faces: FaceSet, split: str | None, judge: str, progress: Progress
) -> dict[str, Any]:
    predictions, left_out = predict(model, faces, split, judge=judge, progress=progress)
    return {
        "data": faces.name if split is None else f"{faces.name}, {split}",
        "fingerprint": predictions.fingerprint,
        "judged_by": JUDGES[judge],
        **figures_of(model, predictions),
        "left_out": left_out,
    }
