"""Measure what each part of a recipe is worth, by training without it."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.commands.train import data_of
from engine.datasets.crops import MODES
from engine.errors import DataError
from engine.evaluation.words import percent_with_interval
from engine.files import replace_with
from engine.models import card as cards
from engine.training.configuration import shortened
from engine.training.parts import PARTS
from engine.training.request import Request, starting_point


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("model", metavar="MODEL", help="a recipe, such as neuromer-votes")
    parser.add_argument(
        "--data", required=True, metavar="PATH|NAME", help="labelled pictures, or an imported set's name"
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="where the runs go; those that are there are not repeated",
    )
    parser.add_argument("--without", nargs="+", choices=PARTS, metavar="PART", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--split", default="auto", help="auto, hold-out, tenth, or two of the set's own parts")
    parser.add_argument("--faces", choices=MODES, default="auto", help="how crops come from pictures")
    parser.add_argument("--epochs", type=int, help="of each training, fewer than the recipe's to save time")
    parser.add_argument("--card", type=Path, metavar="FOLDER", help="write the table into this model's card too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Train, compare, and print the table."""
    from engine.studies.ablation import ablate

    configuration = starting_point(options.model)
    if options.epochs is not None:
        if options.epochs < 1:
            raise DataError(f"{options.epochs} epochs are none.", "Ask for at least 1.")
        configuration = shortened(configuration, options.epochs)
    request = Request(options.model, data_of(options.data), configuration, split=options.split, faces=options.faces)
    card = None if options.card is None else cards.read(options.card)
    try:
        found = ablate(request, options.output, options.without and tuple(options.without), echo=not options.json)
    except KeyboardInterrupt:
        print("stopped; give the same command again to go on", file=sys.stderr)
        return 1
    with replace_with(options.output / "ablation.json") as file:
        file.write((json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
    if card is not None:
        cards.write(options.card, {**card, "ablation": found})
    print(json.dumps(found) if options.json else _text(found))
    return 0


def _text(found: Mapping[str, Any]) -> str:
    whole = percent_with_interval(found["accuracy"], found["accuracy_interval"])
    lines = [
        f"{found['data']}, {found['n']} validation pictures, {found['judged_by']}",
        f"epochs of each training: {found['epochs']}",
        f"{'the whole recipe':<42}{whole}",
    ]
    for part in found["parts"]:
        low, high = part["interval"]
        lines.append(
            f"{'without ' + part['name']:<42}{part['accuracy']:.1%}  {100 * part['difference']:+.1f} points "
            f"({100 * low:+.1f} to {100 * high:+.1f}), p {part['mcnemar_mid']:.2g}"
        )
    return "\n".join(lines)
