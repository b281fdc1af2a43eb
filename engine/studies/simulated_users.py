"""A simulated person whose expressions mean something else than most people's, and how soon a recogniser learns it."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import datasets
from engine.arguments import add_data, add_seeds, seeds_of
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.evaluation.bootstrap import RESAMPLES, interval
from engine.evaluation.protocols import judge_of, known_crops
from engine.evaluation.words import points_with_interval
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.recognition.plastic import plastic_head_of
from engine.spiking.person_adapter import PersonAdapter
from engine.spiking.plastic_head import PlasticHead
from engine.tasks import SILENT, Progress

NEUTRAL = "neutral"
WEAKENED = 0.25
"""Share of a neutral face that is blended into a weakened expression's picture."""
FEWEST = 40
"""Expressions with fewer pictures are neither swapped nor weakened: a point would be less than one picture."""


@dataclass(frozen=True)
class SimulatedUser:
    """Somebody who shows one expression where others show another, the other way round too, and a third one faintly.

    Attributes
    ----------
    swapped
        Two labels.
    weakened
        A third one.
    """

    swapped: tuple[str, str]
    weakened: str


def measure(
    model: ShippedModel,
    head: PlasticHead,
    faces: FaceSet,
    split: str,
    corrections: int = 5,
    seeds: int = 5,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Let many such people correct the answers of a head, and answer for the rest of their pictures.

    Two of the expressions are swapped for each pair of those that have enough pictures, a third, drawn, is weakened;
    all others stay. A person corrects ``corrections`` pictures of every expression, drawn and in a drawn order.

    Parameters
    ----------
    model, head
        What embeds, and what names expressions; neither changes.
    faces, split
        The pictures.
    corrections
        How many of each expression.
    seeds
        How often for each pair.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        ``people``, ``corrections``, and for ``swapped``, ``weakened``, ``others`` and ``all``: ``usual``, the accuracy
        on these pictures as most people show them; ``before`` and ``after`` the corrections as this person does;
        each a mean over people, in 0..1, with ``difference`` (after less usual; for ``others`` after less before) and
        its 95 % ``interval`` over people.

    Raises
    ------
    DataError
        Where fewer than three expressions have enough pictures, or for a number of corrections below 0.
    """
    if corrections < 0:
        raise DataError(f"{corrections} corrections are none.", "Ask for 0 or more.")
    judged = faces.judged_by(judge_of(model, faces))
    crops, rows, _ = known_crops(model, judged, split, progress=progress)
    true = np.array([model.labels.index(label) for label in judged.labels[rows]])
    usual = head.readout.probabilities(model.embeddings(crops))
    faint = head.readout.probabilities(model.embeddings(weakened(crops, true == model.labels.index(NEUTRAL))))
    frequent = _frequent(true, model.labels)
    pairs = list(combinations(frequent, 2))
    found = []
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        for at, pair in enumerate(pairs):
            progress.step(seed * len(pairs) + at, seeds * len(pairs), "People correct it")
            person = SimulatedUser(pair, str(random.choice([label for label in frequent if label not in pair])))
            found.append(_one(person, usual, faint, true, model.labels, corrections, random))
    return {"people": len(found), "corrections": corrections} | {
        name: _summary(np.array([each[name] for each in found]), against=1 if name == "others" else 0)
        for name in found[0]
    }


def weakened(crops: NDArray[np.uint8], neutral: NDArray[np.bool_], seed: int = 0) -> NDArray[np.uint8]:
    """Blend a drawn neutral face into every picture: (n, 48, 48) uint8.

    Parameters
    ----------
    crops
        (n, 48, 48) uint8.
    neutral
        (n,) which of them are neutral.
    seed
        Of the draw.
    """
    drawn = crops[np.random.default_rng(seed).choice(np.flatnonzero(neutral), len(crops))]
    return np.rint((1 - WEAKENED) * crops.astype(np.float32) + WEAKENED * drawn).astype(np.uint8)


def _frequent(true: NDArray, labels: tuple[str, ...]) -> list[str]:
    """Return the expressions that may be swapped or weakened."""
    counts = np.bincount(true, minlength=len(labels))
    enough = [label for label, count in zip(labels, counts, strict=True) if count >= FEWEST and label != NEUTRAL]
    if len(enough) < 3:
        raise DataError(
            f"Only {len(enough)} expressions besides neutral have {FEWEST} pictures.", "Give a larger part of the set."
        )
    return enough


def _one(
    person: SimulatedUser,
    usual: NDArray,
    faint: NDArray,
    true: NDArray,
    labels: tuple[str, ...],
    corrections: int,
    random: np.random.Generator,
) -> dict[str, list[float]]:
    first, second = (labels.index(label) for label in person.swapped)
    weak = true == labels.index(person.weakened)
    named = np.where(weak[:, None], faint, usual)
    meant = np.where(true == first, second, np.where(true == second, first, true))
    shown = [random.permutation(np.flatnonzero(meant == label))[:corrections] for label in range(len(labels))]
    personal = PersonAdapter(len(labels))
    for at in random.permutation(np.concatenate(shown)):
        personal.correct(named[at], meant[at])
    rest = np.setdiff1d(np.arange(len(true)), np.concatenate(shown))
    right = [
        usual[rest].argmax(axis=1) == true[rest],
        named[rest].argmax(axis=1) == meant[rest],
        personal.answers(named[rest]).argmax(axis=1) == meant[rest],
    ]
    swapped = np.isin(true, (first, second))
    parts = {"swapped": swapped, "weakened": weak, "others": ~swapped & ~weak, "all": np.ones(len(true), bool)}
    return {name: [float(ok[part[rest]].mean()) for ok in right] for name, part in parts.items()}


def _summary(shares: NDArray, against: int) -> dict[str, Any]:
    difference = shares[:, 2] - shares[:, against]
    drawn = np.random.default_rng(0).integers(0, len(shares), (RESAMPLES, len(shares)))
    usual, before, after = shares.mean(axis=0)
    return {
        "usual": float(usual),
        "before": float(before),
        "after": float(after),
        "difference": float(difference.mean()),
        "interval": interval(difference[drawn].mean(axis=1)),
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, "PublicTest")
    parser.add_argument("--model", metavar="NAME", help="whose plastic head; the default model unless named")
    parser.add_argument("--corrections", type=int, default=5, metavar="N", help="of each expression (default: 5)")
    add_seeds(parser)


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Let people correct a model's head."""
    model, seeds = shipped.load(options.model), len(seeds_of(options))
    head, data = plastic_head_of(model), datasets.read(options.data)
    return [measure(model, head, data, options.split, options.corrections, seeds, progress)]


def in_words(found: dict[str, Any]) -> str:
    """Return accuracies before and after, a line a kind of expression."""
    lines = [
        f"{found['people']} simulated people, {found['corrections']} corrections of each expression",
        f"{'expressions':<14}{'usual':>8}{'before':>8}{'after':>8}   difference from usual (others: from before)",
    ]
    for name in ("swapped", "weakened", "others", "all"):
        row = found[name]
        shares = "".join(f"{row[when]:>8.1%}" for when in ("usual", "before", "after"))
        lines.append(f"{name:<14}{shares}   {points_with_interval(row['difference'], row['interval'])}")
    return "\n".join(lines)
