"""A plastic head put to the test beside the softmax layer that it stands in for."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from engine import datasets, emotions
from engine.arguments import add_data
from engine.datasets.face_set import FaceSet
from engine.datasets.parts import meaning
from engine.evaluation import metrics
from engine.evaluation.compare import compare
from engine.evaluation.predictions import Predictions
from engine.evaluation.protocols import judge_of, known_crops, labelled_crops, predict
from engine.evaluation.words import points_with_interval
from engine.models import card, shipped
from engine.models.shipped import ShippedModel
from engine.spiking.plastic_head import FILE, PlasticHead
from engine.tasks import SILENT, Progress


def learn(
    model: ShippedModel, faces: FaceSet, split: str | None = None, seed: int = 0, progress: Progress = SILENT
) -> PlasticHead:
    """Teach a plastic head what a model's embeddings show, each expression equally often.

    Parameters
    ----------
    model
        What embeds; nothing of it changes.
    faces
        Labelled pictures; with votes where the model was trained on votes, which then are soft targets.
    split
        The part that trains; None for the one that the set itself calls so.
    seed
        Of the order of the pictures.
    progress
        Is told how far it is.
    """
    judged = faces.judged_by(judge_of(model, faces))
    part = split or _training_part(faces)
    crops, rows, _ = known_crops(model, judged, part, progress=progress)
    targets = (judged.labels[rows][:, None] == np.array(model.labels)).astype(np.float32)
    true = targets.argmax(axis=1)
    if judged is not faces and faces.votes is not None:
        votes = emotions.votes_to_targets(faces.votes[rows], model.labels)
        targets = np.where(votes.any(axis=1, keepdims=True), votes, targets)
    shown = _equally_often(true, seed)
    return PlasticHead.fit(model.embeddings(crops)[shown], targets[shown], model.labels, seed, progress)


def _training_part(faces: FaceSet) -> str:
    names = () if faces.split is None else np.unique(faces.split).tolist()
    return next(iter(meaning(names, "training")), "Training")


def _equally_often(true: np.ndarray, seed: int) -> np.ndarray:
    """Draw as many pictures as there are, each expression with the same chance: (n,) int64 indices."""
    chance = 1 / np.bincount(true)[true]
    return np.random.default_rng(seed).choice(len(true), len(true), p=chance / chance.sum())


def compare_with_softmax(
    model: ShippedModel, head: PlasticHead, faces: FaceSet, split: str, progress: Progress = SILENT
) -> dict[str, Any]:
    """Answer a part of a set by both.

    Parameters
    ----------
    model, head
        What embeds, and what learnt its embeddings.
    faces, split
        What is answered for, judged as the model was trained.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        ``model``, ``split``, ``n``; ``softmax``, ``plastic_head`` and ``difference`` (head less softmax), accuracies in
        0..1 and their difference with its ``interval``; ``softmax_recall`` and ``plastic_head_recall``, the mean over
        the expressions; ``agree`` and ``ties``, shares of all pictures.
    """
    softmax, _ = predict(model, faces, split, judge=judge_of(model, faces), progress=progress)
    judged = faces.judged_by(judge_of(model, faces))
    crops, _, _ = labelled_crops(judged, softmax.rows, "auto", progress, model.crop_size)
    found = head.probabilities(model.embeddings(crops))
    spikes = replace(softmax, probabilities=found.astype(np.float32))
    accuracy = compare(softmax, spikes)["accuracy"]
    first, second = np.sort(found, axis=1)[:, -1], np.sort(found, axis=1)[:, -2]
    return {
        "model": model.name,
        "split": split,
        "n": len(softmax),
        "softmax": accuracy["first"],
        "plastic_head": accuracy["second"],
        "difference": accuracy["difference"],
        "interval": accuracy["interval"],
        "softmax_recall": _mean_recall(softmax),
        "plastic_head_recall": _mean_recall(spikes),
        "agree": float(np.mean(softmax.answered == spikes.answered)),
        "ties": float(np.mean(first == second)),
    }


def _mean_recall(answers: Predictions) -> float:
    confusion = metrics.confusion_matrix(answers.true, answers.answered, len(answers.labels))
    return float(metrics.overall_scores(confusion)["balanced_accuracy"])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, "PublicTest", "pictures with a part that trains")
    parser.add_argument("--model", metavar="NAME", help="whose embedding; the default model unless named")
    parser.add_argument("--save", action="store_true", help="write the head beside the model's files")


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Teach a head, let both answer, and keep the head where that is asked for."""
    data, model = datasets.read(options.data), shipped.load(options.model)
    head = learn(model, data, progress=progress)
    found = compare_with_softmax(model, head, data, options.split, progress)
    if options.save:
        folder = shipped.folder(model.name)
        head.save(folder / FILE)
        # The card tells which files belong to it.
        card.write(folder, card.read(folder))
    return [found]


def in_words(found: dict[str, Any]) -> str:
    """Return both accuracies and their difference."""
    difference = points_with_interval(found["difference"], found["interval"])
    return (
        f"{found['model']}, {found['split']}, {found['n']} pictures\n"
        f"softmax       {found['softmax']:.1%}, mean recall {found['softmax_recall']:.1%}\n"
        f"plastic head  {found['plastic_head']:.1%}, mean recall {found['plastic_head_recall']:.1%}  ({difference})\n"
        f"same answer to {found['agree']:.1%} of them; {found['ties']:.1%} end in a tie"
    )
