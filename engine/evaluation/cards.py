"""The second half of a model's card: what it reached on pictures that it was neither trained nor tuned on."""

from pathlib import Path
from typing import Any

from engine.datasets.face_set import FaceSet
from engine.evaluation.protocols import evaluate
from engine.evaluation.scene import whole_path
from engine.models import card
from engine.models.shipped import ShippedModel


def complete(folder: Path, faces: FaceSet, split: str | None, validation: str | None = None) -> dict[str, Any]:
    """Evaluate a model once and write the figures into its card.

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

    Returns
    -------
    dict
        The whole card, as written.
    """
    model = ShippedModel(folder)
    where = faces.name if split is None else f"{faces.name}, {split}"
    evaluations = [{"data": where, "judged_by": "given labels", **evaluate(model, faces, split)}]
    if faces.votes is not None:
        by_votes = evaluate(model, faces.labelled_by_votes(), split)
        evaluations.append({"data": where, "judged_by": "majority of the FERPlus votes", **by_votes})
    model.card["evaluations"] = evaluations
    if validation is not None:
        model.card["whole_path"] = {"data": f"{faces.name}, {validation}", **whole_path(model, faces, validation)}
    card.write(folder, model.card)
    return model.card
