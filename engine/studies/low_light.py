"""What darkness costs a model, and how much of that an enhancement in front of it wins back."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import datasets
from engine.arguments import add_data
from engine.datasets.face_set import FaceSet, fingerprint
from engine.datasets.splits import hold_out
from engine.datasets.units import unit_of
from engine.errors import DataError
from engine.evaluation.bootstrap import interval, resampled
from engine.evaluation.degradations import DEGRADATIONS, degraded
from engine.evaluation.protocols import JUDGES, known_crops
from engine.evaluation.words import percent_with_interval, points_with_interval
from engine.images import lowlight
from engine.models import card as cards
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.tasks import SILENT, Progress
from engine.words import columns

KINDS = ("dark", "dim")
"""The degradations that darkness is measured with."""

TENTH = "tenth"
"""Stands for a split: the tenth that `engine.training.training_data.divide` holds out, with seed 1."""


def pictures(
    model: ShippedModel, faces: FaceSet, split: str | None, mode: str = "auto", progress: Progress = SILENT
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the crops of a split whose label the model knows, their labels and their units.

    Parameters
    ----------
    model
        Knows some expressions.
    faces
        Labelled pictures.
    split
        One of the set's own, all for None, or `TENTH`.
    mode
        How crops come from pictures: see `engine.datasets.crops.face_crops`.
    progress
        Is told how far it is.

    Raises
    ------
    DataError
        Where no picture is left, or the tenth would not be the one that the model never trained on.
    """
    data = model.card.get("data", {})
    if split == TENTH and "hold-out" in data.get("division", "") and data.get("fingerprint") != fingerprint(faces):
        raise DataError(
            f"{faces.name} is not quite the set that {model.name} was trained on, so its held-out tenth is unknown.",
            "Import the same archive, or name another split.",
        )
    crops, rows, _ = known_crops(model, faces, None if split == TENTH else split, mode, progress)
    if not len(rows):
        raise DataError(f"{faces.name} leaves no picture to evaluate {model.name} on.", "Choose another split.")
    if split == TENTH:
        kept = hold_out(faces, rows, 0.1, 1, crops).held_out
        crops, rows = crops[kept], rows[kept]
    return crops, faces.labels[rows], unit_of(faces, rows, crops)


def measure(
    model: ShippedModel,
    crops: np.ndarray,
    labels: np.ndarray,
    unit: np.ndarray | None = None,
    kind: str = "dark",
    methods: Sequence[str] = tuple(lowlight.METHODS),
    seed: int = 0,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Measure one model behind several enhancements on the same pictures, as they are and darker and darker.

    Parameters
    ----------
    model
        What answers.
    crops, labels
        (n, 48, 48) uint8, and (n,) str.
    unit
        (n,) what the bootstrap draws; each picture for itself for None.
    kind
        A key of `DEGRADATIONS`.
    methods
        Keys of `engine.images.lowlight.METHODS`; ``"none"`` is always among them, the first.
    seed
        Of the noise and of the bootstrap.
    progress
        Is told the steps done and all steps.

    Returns
    -------
    dict
        ``model``, ``kind``, ``n``, ``strengths`` (1 first: as they are) and ``methods``: for each ``accuracy`` (a list,
        0..1), ``interval`` (a list), ``difference`` from no enhancement at each strength with
        ``difference_interval``; ``won_back``, the share of what darkness costs on average over the strengths above 1
        (the accuracy as they are, less that without enhancement) that the enhancement wins back, and ``darkest``, the
        difference at the darkest third of these strengths, each with its interval (95 %, paired by picture).
        Beside them ``cost``, that loss itself, in 0..1.
    """
    chosen = list(dict.fromkeys(("none", *methods)))
    strengths = [1.0, *map(float, DEGRADATIONS[kind].strengths)]
    right = np.zeros((len(chosen), len(strengths), len(crops)), bool)
    known = np.array(model.labels)
    for at, strength in enumerate(strengths):
        darker = crops if strength == 1 else degraded(crops, kind, strength, seed)
        for number, method in enumerate(chosen):
            progress.step(at * len(chosen) + number, len(strengths) * len(chosen), f"{model.name}, {kind}")
            answers = model.probabilities(lowlight.enhance(darker, method))
            right[number, at] = known[answers.argmax(axis=1)] == labels
    cells = right.size // len(crops)
    counted = resampled(np.arange(cells) * 2 + right.reshape(cells, -1).T, 2 * cells, unit, seed=seed)
    drawn = (counted[:, 1::2] / counted.reshape(-1, cells, 2).sum(axis=2)).reshape(-1, *right.shape[:2])
    share = right.mean(axis=2)[np.newaxis]
    return {
        "model": model.name,
        "kind": kind,
        "n": len(crops),
        "strengths": strengths,
        "cost": float(_cost(share)[0]),
        "methods": {method: _row(number, share, drawn) for number, method in enumerate(chosen)},
    }


def keep(folder: Path, found: dict[str, Any]) -> None:
    """Write figures into the card of an enhancement, in place of older ones of the same measurement.

    Parameters
    ----------
    folder
        The enhancement's.
    found
        As `measure` returns them, with ``data``, ``split`` and ``judged_by``.

    Raises
    ------
    ModelError
        For a card that cannot be read.
    """
    card = cards.read(folder)
    same = ("model", "kind", "data", "split", "judged_by")
    others = [each for each in card.get("evaluations", []) if any(each[key] != found[key] for key in same)]
    cards.write(folder, card | {"evaluations": [*others, found]})


def _row(number: int, share: np.ndarray, drawn: np.ndarray) -> dict[str, Any]:
    """Sum one method up; both arrays are (draws, methods, strengths), the measured shares being one draw."""
    third = max(1, round((share.shape[2] - 1) / 3))

    def gains(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        gained = shares[:, number] - shares[:, 0]
        won_back = gained[:, 1:].mean(axis=1) / np.maximum(_cost(shares), 1e-9)
        return gained, won_back, gained[:, -third:].mean(axis=1)

    difference, won_back, darkest = gains(share)
    drawn_difference, drawn_won_back, drawn_darkest = gains(drawn)
    return {
        "accuracy": share[0, number].tolist(),
        "interval": [interval(each) for each in drawn[:, number].T],
        "difference": difference[0].tolist(),
        "difference_interval": [interval(each) for each in drawn_difference.T],
        "won_back": float(won_back[0]),
        "won_back_interval": interval(drawn_won_back),
        "darkest": float(darkest[0]),
        "darkest_interval": interval(drawn_darkest),
    }


def _cost(share: np.ndarray) -> np.ndarray:
    return share[:, 0, 0] - share[:, 0, 1:].mean(axis=1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser)
    parser.add_argument("--split", metavar="NAME", help=f"one of the set's own, or {TENTH}: the held-out tenth")
    parser.add_argument("--model", action="append", metavar="NAME", help="a shipped model; several may be named")
    parser.add_argument("--labels", choices=tuple(JUDGES), default="given", help="votes: FERPlus' majority")
    parser.add_argument("--kind", choices=KINDS, action="append", help="how pictures get dark (default: all)")
    parser.add_argument("--method", choices=tuple(lowlight.METHODS), action="append", help="default: all")
    parser.add_argument("--save", action="store_true", help="keep the figures in LLEM's card")


def run(options: argparse.Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """Measure each model in each kind of darkness."""
    data = datasets.read(options.data)
    judged = data.judged_by(options.labels)
    for name in options.model or [None]:
        model = shipped.load(name)
        crops, labels, unit = pictures(model, judged, options.split, progress=progress)
        for kind in options.kind or KINDS:
            methods = options.method or tuple(lowlight.METHODS)
            found = measure(model, crops, labels, unit, kind, methods, progress=progress)
            found |= {"data": data.name, "split": options.split, "judged_by": JUDGES[options.labels]}
            if options.save:
                keep(lowlight.llem_weights().parent, found)
            yield found


def in_words(found: dict[str, Any]) -> str:
    """Return the accuracies as a table, a line a method, and under it how far it is from no enhancement."""
    about = (
        f"{found['model']}, {found['data']}, {found['split'] or 'all pictures'}, {found['judged_by']}: "
        f"n {found['n']}; {found['kind']}, times darker; darkness costs {100 * found['cost']:.1f} points"
    )
    lines = [["", *(f"{strength:g}" for strength in found["strengths"]), "won back", "darkest"]]
    for method, row in found["methods"].items():
        cells = [percent_with_interval(*pair) for pair in zip(row["accuracy"], row["interval"], strict=True)]
        cells += [
            percent_with_interval(row["won_back"], row["won_back_interval"]),
            points_with_interval(row["darkest"], row["darkest_interval"]),
        ]
        lines.append([lowlight.METHODS[method], *cells])
        if method != "none":
            against = zip(row["difference"], row["difference_interval"], strict=True)
            lines.append(["  against", *(points_with_interval(*pair) for pair in against)])
    return "\n".join([about, *columns(lines, ">")])
