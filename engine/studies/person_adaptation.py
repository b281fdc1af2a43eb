"""Whether keeping an adaptation is recommended where it helps: simulated people correct, their other faces judge."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import datasets
from engine.arguments import add_data, add_seeds, seeds_of
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.evaluation.protocols import judge_of, known_crops
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.recognition.plastic import plastic_head_of
from engine.spiking.encoding import OnOff
from engine.spiking.held_back import Corrected, measure
from engine.studies.simulated_users import FEWEST, NEUTRAL, weakened
from engine.tasks import SILENT, Progress

CARELESS = 0.6
"""Share of a careless person's corrections that name any expression at all."""
RESTS = "sad"
PEOPLE = {
    "like most people": "shows what most people show",
    "swaps two expressions": "shows one expression where others show another, the other way round too",
    "looks sad at rest": "a quarter of a sad face is blended into every picture",
    "careless": f"{CARELESS:.0%} of the corrections name any expression at all; shows what most people show",
}


Answers = tuple[NDArray, NDArray]
"""(n, labels) probabilities of a model, and (n, size) embeddings."""


@dataclass(frozen=True)
class Faces:
    """Pictures, answered for and embedded once.

    Attributes
    ----------
    labels
        The expressions.
    true
        (n,) which expression each picture shows.
    usual, sad
        The pictures as they are, and with a quarter of a sad face blended in.
    """

    labels: tuple[str, ...]
    true: NDArray[np.intp]
    usual: Answers
    sad: Answers

    @classmethod
    def of(cls, model: ShippedModel, faces: FaceSet, split: str, progress: Progress = SILENT) -> "Faces":
        """Have a model answer for the pictures of a part.

        Raises
        ------
        DataError
            Where too few expressions have enough pictures.
        """
        judged = faces.judged_by(judge_of(model, faces))
        crops, rows, _ = known_crops(model, judged, split, progress=progress)
        true = np.array([model.labels.index(label) for label in judged.labels[rows]])
        if RESTS not in model.labels or len(_frequent(true, model.labels)) < 2:
            raise DataError("Too few expressions have pictures enough.", "Give a larger part of the set.")
        sad = weakened(crops, true == model.labels.index(RESTS))
        return cls(model.labels, true, model.with_embeddings(crops), model.with_embeddings(sad))


def _frequent(true: NDArray, labels: tuple[str, ...]) -> list[int]:
    counts = np.bincount(true, minlength=len(labels))
    return [at for at, label in enumerate(labels) if counts[at] >= FEWEST and label != NEUTRAL]


def simulate(
    encoder: OnOff,
    faces: Faces,
    corrections: int = 40,
    seeds: int = 20,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Let people of each of `PEOPLE` correct, ask whether to keep what was learnt, and see whether that was right.

    Parameters
    ----------
    encoder
        Of the plastic head of the model that answered.
    faces
        The pictures. A person corrects or confirms some that are drawn; all others judge.
    corrections, seeds
        How many are corrected or confirmed, and how many people there are of each kind.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        ``corrections``; ``kinds``: by kind a list of people, each with ``before``, ``after`` and
        ``gain`` on the other faces, what the held-back corrections said, ``difference`` and ``interval``, and ``kept``,
        whether they recommended it; ``right`` and ``wrong``, of all people with a recommendation to keep, whose other
        faces gained, and whose did not; ``missed``, of those without one, whose gained 2 points or more.
    """
    true, frequent = faces.true, _frequent(faces.true, faces.labels)
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in PEOPLE}
    for at, kind in enumerate(PEOPLE):
        for seed in range(seeds):
            progress.step(at * seeds + seed, len(PEOPLE) * seeds, "People correct it")
            random = np.random.default_rng(seed)
            meant = true
            if kind == "swaps two expressions":
                first, second = random.choice(frequent, 2, replace=False)
                meant = np.where(true == first, second, np.where(true == second, first, true))
            seen = faces.sad if kind == "looks sad at rest" else faces.usual
            careless = CARELESS if kind == "careless" else 0.0
            found[kind].append(_one(encoder, faces.labels, seen, meant, corrections, careless, random))
    everybody = [person for people in found.values() for person in people]
    kept = [person["gain"] for person in everybody if person["kept"]]
    left = [person["gain"] for person in everybody if not person["kept"]]
    return {
        "corrections": corrections,
        "kinds": found,
        "right": sum(gain > 0 for gain in kept),
        "wrong": sum(gain <= 0 for gain in kept),
        "missed": sum(gain >= 0.02 for gain in left),
        "left": len(left),
    }


def _one(
    encoder: OnOff,
    labels: tuple[str, ...],
    seen: Answers,
    meant: NDArray,
    corrections: int,
    careless: float,
    random: np.random.Generator,
) -> dict[str, Any]:
    shown = random.permutation(len(meant))[:corrections]
    said = np.where(random.random(len(shown)) < careless, random.integers(0, len(labels), len(shown)), meant[shown])
    named, embeddings = seen
    corrected = Corrected(named[shown], named[shown], embeddings[shown], said, np.arange(len(shown)))
    told = measure(corrected, encoder, labels)
    rest = np.setdiff1d(np.arange(len(meant)), shown)
    answers = corrected.learnt(encoder).answers(named[rest], embeddings[rest])
    before = float((named[rest].argmax(axis=1) == meant[rest]).mean())
    after = float((answers.argmax(axis=1) == meant[rest]).mean())
    return {
        "before": before,
        "after": after,
        "gain": after - before,
        "difference": told["difference"],
        "interval": told["interval"],
        "kept": told["helps"],
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, "PublicTest")
    parser.add_argument("--model", metavar="NAME", help="who answers; the default model unless named")
    parser.add_argument(
        "--corrections", type=int, nargs="+", default=[20, 40, 80], metavar="N", help="in all (default: 20 40 80)"
    )
    add_seeds(parser)


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Let people correct a model."""
    model, seeds = shipped.load(options.model), len(seeds_of(options))
    encoder, data = plastic_head_of(model).readout.encoder, datasets.read(options.data)
    faces = Faces.of(model, data, options.split, progress)
    for each in options.corrections:
        yield simulate(encoder, faces, each, seeds, progress)


def in_words(found: dict[str, Any]) -> str:
    """Return a line a kind of person, and how often the recommendation was right."""
    lines = [
        f"{found['corrections']} corrections",
        f"{'people':<24}{'before':>8}{'after':>8}{'keep':>12}{'held back says':>18}",
    ]
    for kind, people in found["kinds"].items():
        before, after, told = (
            float(np.mean([person[name] for person in people])) for name in ("before", "after", "difference")
        )
        kept = sum(person["kept"] for person in people)
        lines.append(
            f"{kind:<24}{before:>8.1%}{after:>8.1%}{f'{kept} of {len(people)}':>12}{100 * told:>+11.1f} points"
        )
    kept = found["right"] + found["wrong"]
    lines.append(
        f"keep was recommended to {kept}: {found['right']} gained, {found['wrong']} did not; of {found['left']} others "
        f"{found['missed']} would have gained 2 points or more"
    )
    return "\n".join(lines)
