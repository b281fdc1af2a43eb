"""What it brings to take a face's own rest out of what a model says of it, and where it does not.

Two kinds of faces, both with known truth. *People* are synthetic: four looks at rest (neutral, or a third of the action
units of sad, angry or happy), each asked at rest and with every other expression shown faintly on top. *Blends* are
real faces: half a neutral one and half one that looks sad, angry or happy stand for the rest, and 40 % of a face of
another expression is laid over that. Faces are blended as pictures, of different people: that is not how a face moves.

Each answer is counted as it is and with the rest taken out, once as that is found without help
(`engine.recognition.resting_face.find_rest`) and once as a user names it. "Right" and "wrong" are answers decided;
"false" is an expression decided for a face at rest, in frames other than those by which its rest is known.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import datasets, faces
from engine.arguments import add_data
from engine.datasets.face_set import FaceSet
from engine.emotions import NEUTRAL
from engine.errors import DataError
from engine.evaluation.protocols import known_crops
from engine.images import round_gray
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.recognition.resting_face import LONG_S, RestingFace, find_rest
from engine.synthetic import EXPRESSIONS, synthetic_clip, true_event
from engine.tasks import SILENT, Progress
from engine.words import columns

LOOKS = (NEUTRAL, "sad", "angry", "happy")
WAYS = ("plain", "found", "named")
AT_REST, SHOWN = 1 / 3, 0.6  # of an action unit's full strength, of synthetic people
LOOK_SHARE, SHOWN_SHARE = 0.5, 0.4  # of a blend
_FRAMES = 20  # by which a rest is known, a tenth of a second apart
_FRESH = 4  # other frames at rest


@dataclass(frozen=True)
class Face:
    """One face, as a model is shown it.

    Attributes
    ----------
    look
        What it looks like at rest, one of `LOOKS`.
    rest, fresh
        (n, 48, 48) uint8 gray: at rest, and other frames at rest.
    shown
        An expression and (48, 48) uint8 gray, each.
    """

    look: str
    rest: NDArray[np.uint8]
    fresh: NDArray[np.uint8]
    shown: tuple[tuple[str, NDArray[np.uint8]], ...]


def synthetic_people(count: int, seed: int, size: int) -> Iterator[Face]:
    """Yield so many people with each look; faces are found and cut as in any picture."""
    for person in range(seed, seed + count):
        for look in LOOKS:
            resting = {} if look == NEUTRAL else dict.fromkeys(EXPRESSIONS[look], AT_REST)
            others = [label for label in EXPRESSIONS if label != look]
            events = [
                true_event(label, 3 + 2 * at, rise_s=0.4, hold_s=0.4, fall_s=0.4, intensity=SHOWN)
                for at, label in enumerate(others)
            ]
            clip = synthetic_clip(person, duration_s=14, fps=10, size=(320, 240), events=events, resting=resting)
            still = [_crop(clip.picture(number), size) for number in range(_FRAMES + _FRESH)]
            shown = [(event.expression, _crop(clip.picture(round(10 * event.apex_s) + 2), size)) for event in events]
            known = [crop for crop in still if crop is not None]
            if len(known) > _FRESH:
                told = tuple((label, crop) for label, crop in shown if crop is not None)
                yield Face(look, np.stack(known[:-_FRESH]), np.stack(known[-_FRESH:]), told)


def blends(model: ShippedModel, data: FaceSet, split: str | None, count: int, seed: int) -> Iterator[Face]:
    """Yield so many blended faces with each look.

    Raises
    ------
    DataError
        Where the set has no picture of one of the expressions.
    """
    crops, rows, _ = known_crops(model, data, split)
    labels, random = data.labels[rows], np.random.default_rng(seed)
    of = {label: crops[labels == label].astype(np.float32) for label in (*EXPRESSIONS, NEUTRAL)}
    if missing := [label for label, pictures in of.items() if not len(pictures)]:
        raise DataError(f"The set has no picture of {', '.join(missing)}.", "Choose one with all seven expressions.")

    def drawn(label: str) -> NDArray[np.float32]:
        return of[label][random.integers(len(of[label]))]

    for _ in range(count):
        for look in LOOKS:
            rest = drawn(NEUTRAL)
            if look != NEUTRAL:
                rest = (1 - LOOK_SHARE) * rest + LOOK_SHARE * drawn(look)
            others = [label for label in EXPRESSIONS if label != look]
            shown = [(label, (1 - SHOWN_SHARE) * rest + SHOWN_SHARE * drawn(label)) for label in others]
            still = np.stack([_filmed(rest, random) for _ in range(_FRAMES + _FRESH)])
            told = tuple((label, _filmed(crop, random)) for label, crop in shown)
            yield Face(look, still[:-_FRESH], still[-_FRESH:], told)


def measure(model: ShippedModel, each: Iterable[Face], progress: Progress = SILENT, total: int = 0) -> dict[str, Any]:
    """Return by look and way the shares of expressions named right and wrong, and of rest named one, 0..1.

    Returns
    -------
    dict
        For each of `LOOKS`: ``faces``; ``known``, the share whose rest is found without help; and for each of `WAYS`
        ``right`` and ``wrong``, of all expressions, and ``false``, of all other frames at rest.
    """
    counted: dict[str, list[list[float]]] = {look: [] for look in LOOKS}
    for number, face in enumerate(each):
        progress.step(number, total, "asking faces")
        counted[face.look].append(_count(model, face))
    return {look: _summary(np.array(rows)) for look, rows in counted.items() if rows}


def _count(model: ShippedModel, face: Face) -> list[float]:
    rest = model.probabilities(face.rest)
    shown = model.probabilities(np.stack([crop for _, crop in face.shown]))
    fresh = model.probabilities(face.fresh)
    step_s = max(0.1, LONG_S / len(rest))
    found = find_rest(model.labels, rest, np.zeros(len(rest)), step_s).face
    named = RestingFace.of(model.labels, rest, named=True)
    true = [label for label, _ in face.shown]
    row = [float(found is not None)]
    for taken in (None, found, named):
        answers = [_decided(model, each if taken is None else taken.taken_out(each)) for each in (shown, fresh)]
        right = np.mean([said == label for said, label in zip(answers[0], true, strict=True)])
        wrong = np.mean([said not in ("", NEUTRAL, label) for said, label in zip(answers[0], true, strict=True)])
        row += [float(right), float(wrong), float(np.mean([said not in ("", NEUTRAL) for said in answers[1]]))]
    return row


def _decided(model: ShippedModel, rows: NDArray) -> list[str]:
    names = [model.labels[at] for at in rows.argmax(axis=1)]
    return [name if row.max() >= model.thresholds[name] else "" for name, row in zip(names, rows, strict=True)]


def _summary(rows: NDArray) -> dict[str, Any]:
    mean = rows.mean(axis=0)
    figures = {
        way: dict(zip(("right", "wrong", "false"), map(float, mean[1 + 3 * at : 4 + 3 * at]), strict=True))
        for at, way in enumerate(WAYS)
    }
    return {"faces": len(rows), "known": float(mean[0]), **figures}


def _crop(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8] | None:
    found = faces.analyse(picture, crop_size=size)
    return round_gray(found[0].crop) if found else None


def _filmed(crop: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return a crop as a camera takes it: moved by up to a pixel, a little lighter or darker, with noise."""
    moved = np.roll(crop, tuple(random.integers(-1, 2, 2)), (0, 1))
    lit = moved * random.uniform(0.97, 1.03) + random.normal(0, 3, crop.shape)
    return np.clip(np.rint(lit), 0, 255).astype(np.uint8)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, "all", "stills of the seven expressions, to blend")
    parser.add_argument("--model", metavar="NAME", help="what answers; the default model unless named")
    parser.add_argument("--people", type=int, default=24, help="synthetic people a look (default: %(default)s)")
    parser.add_argument("--blends", type=int, default=150, help="blended faces a look (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=20_000, help="of the first one (default: %(default)s)")


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Ask about both kinds of faces."""
    if min(options.people, options.blends) < 1:
        raise DataError("A look needs at least one face of each kind.", "Ask for 1 or more.")
    model, data = shipped.load(options.model), datasets.read(options.data)
    split = None if options.split == "all" else options.split
    people = synthetic_people(options.people, options.seed, model.crop_size)
    blended = blends(model, data, split, options.blends, options.seed)
    return [
        {
            "people": measure(model, people, progress, len(LOOKS) * options.people),
            "blends": measure(model, blended, progress, len(LOOKS) * options.blends),
        }
    ]


def in_words(found: dict[str, Any]) -> str:
    """Return a table a kind of face."""
    lines = []
    for kind, title in (("people", "synthetic people"), ("blends", "blended real faces")):
        head = ["look at rest", "faces", "rest found", *(f"{way}: right, wrong, false" for way in WAYS)]
        table = [head]
        for look, row in found[kind].items():
            shares = (", ".join(f"{row[way][each]:.0%}" for each in ("right", "wrong", "false")) for way in WAYS)
            table.append([look, str(row["faces"]), f"{row['known']:.0%}", *shares])
        lines += [title, *columns(table, ">")]
    return "\n".join(lines)
