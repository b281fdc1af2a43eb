"""A plastic head put to the test beside the softmax layer that it stands in for."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from engine import datasets, emotions
from engine.arguments import add_data
from engine.datasets.face_set import FaceSet
from engine.evaluation.compare import compare
from engine.evaluation.protocols import judge_of, known_crops, labelled_crops, predict
from engine.evaluation.words import points_with_interval
from engine.models import card, shipped
from engine.models.shipped import ShippedModel
from engine.spiking.plastic_head import FILE, PlasticHead
from engine.tasks import SILENT, Progress


def learn(
    model: ShippedModel, faces: FaceSet, split: str = "Training", seed: int = 0, progress: Progress = SILENT
) -> PlasticHead:
    """Teach a plastic head what a model's embeddings show.

    Parameters
    ----------
    model
        What embeds; nothing of it changes.
    faces
        Labelled pictures; with votes where the model was trained on votes, which then are soft targets.
    split
        The part that trains.
    seed
        Of the order of the pictures.
    progress
        Is told how far it is.
    """
    judged = faces.judged_by(judge_of(model, faces))
    crops, rows, _ = known_crops(model, judged, split, progress=progress)
    if judged is not faces and faces.votes is not None:
        targets = emotions.votes_to_targets(faces.votes[rows], model.labels)
    else:
        targets = (judged.labels[rows][:, None] == np.array(model.labels)).astype(np.float32)
    return PlasticHead.fit(model.embeddings(crops), targets, model.labels, seed, progress)


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
        0..1 and their difference with its ``interval``; ``agree`` and ``ties``, shares of all pictures.
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
        "agree": float(np.mean(softmax.answered == spikes.answered)),
        "ties": float(np.mean(first == second)),
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, "PublicTest", "pictures with a part called Training")
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
    return (
        f"{found['model']}, {found['split']}, {found['n']} pictures\n"
        f"softmax       {found['softmax']:.1%}\n"
        f"plastic head  {found['plastic_head']:.1%}  ({points_with_interval(found['difference'], found['interval'])})\n"
        f"same answer to {found['agree']:.1%} of them; {found['ties']:.1%} end in a tie"
    )
