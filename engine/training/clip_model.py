"""Train a shipped clip model: on all clips, with what was chosen most often when each subject was left out."""

import ast
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from engine.datasets.flow_set import FlowSet
from engine.evaluation.calibration import sureness, temperature
from engine.models import card as cards
from engine.training.clip_learners import LEARNERS
from engine.training.clip_recipes import ClipRecipe, recipe

LIMITS = (
    "Three classes: negative, positive, surprise. Real micro-expressions are too few to measure more.",
    "Trained on micro-expressions of {subjects} people, filmed in laboratories while they watched films and tried to "
    "keep a straight face; nearly all of them young adults.",
    "Rates below 30 frames a second miss many micro-expressions; below 100 their onset and apex are coarse.",
    "It reads the motion between onset and apex, so it is only as good as these two moments are.",
    "Not validated on autistic people, on people with facial palsy, or on children.",
)

USES = (
    "Naming the expression that a spotted micro-expression shows in recordings of consenting people.",
    "Learning and teaching what micro-expression recognition can do and how far it can be trusted.",
    "A second look at recordings by people who know the person, together with other information.",
)

_FIGURES = ("whole", "datasets", "oracle", "seeds", "clips", "subjects", "confusion")


def train_clip_model(clips: FlowSet, benchmark: dict[str, Any], folder: Path, seed: int = 0) -> dict[str, Any]:
    """Train, export and describe the model.

    Parameters
    ----------
    clips
        All that there are.
    benchmark
        What `engine.evaluation.subject_figures.figures` told of a learner on the same clips: it is the learner that
        is trained; its figures go into the card, its answers for left-out subjects set temperature and threshold.
    folder
        Gets ``model.onnx``, ``model.keras`` and ``card.json``; created where it does not exist. ``model.onnx`` also
        answers what `engine.models.saliency_outputs` finds.
    seed
        Of the training.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    ModelError
        For a learner that has no recipe in `engine.training.clip_recipes`.
    """
    # These bring TensorFlow along.
    from engine.models.export import export_clip_model
    from engine.models.mirror import with_mirrored_flow
    from engine.models.saliency_outputs import saliency_outputs

    how = recipe(benchmark["learner"])
    answered = np.array(benchmark["probabilities"], np.float32)
    pooled, true = answered.reshape(-1, answered.shape[-1]), np.tile(clips.y, len(answered))
    found = temperature(pooled, true)
    chosen = ast.literal_eval(max(benchmark["chosen"], key=benchmark["chosen"].__getitem__))
    model = with_mirrored_flow(how.train(clips, chosen, seed), found)
    export_clip_model(model, folder, saliency_outputs(model))
    card = _card(clips, benchmark, how) | {
        "parameters": model.count_params(),
        "training": {
            "command": how.command,
            "chosen": how.named(chosen),
            "seed": seed,
            "versions": {name: version(name) for name in ("keras", "tensorflow", "scikit-learn", "numpy")},
        },
        **sureness(pooled, true, found, clips.classes, "left-out subjects' clips", "left-out subjects"),
    }
    cards.write(folder, card)
    return card


def _card(clips: FlowSet, benchmark: dict[str, Any], how: ClipRecipe) -> dict[str, Any]:
    """Return what the card says apart from the training that has just been done."""
    figures = {key: benchmark[key] for key in _FIGURES}
    return {
        "name": how.name,
        "kind": cards.CLIP,
        "title": LEARNERS[how.learner].title,
        "labels": list(clips.classes),
        "takes": how.takes,
        "input": how.input,
        "output": "a probability for each label: the expression shown",
        "data": {"name": "MEGC2019 composite", "clips": len(clips), "subjects": benchmark["subjects"]},
        "evaluations": [{"data": "MEGC2019 composite, one subject left out", **figures}],
        "intended_use": list(USES),
        "forbidden_use": list(cards.FORBIDDEN_USE),
        "limits": [*how.limits, *(line.format(subjects=benchmark["subjects"]) for line in LIMITS)],
    }
