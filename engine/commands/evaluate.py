"""Measure a model on labelled pictures: class folders, a fer2013.csv or an .npz."""

import argparse
import json
from pathlib import Path
from typing import Any

from engine import datasets
from engine.datasets.crops import MODES
from engine.evaluation.protocols import evaluate
from engine.evaluation.scene import whole_path
from engine.models import shipped


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="PATH", help="folder of class folders, .csv or .npz"
    )
    parser.add_argument("--model", help="name of a shipped model")
    parser.add_argument("--split", metavar="NAME", help="evaluate this split only")
    parser.add_argument("--labels", choices=("given", "votes"), default="given", help="votes: FERPlus' majority")
    parser.add_argument(
        "--faces",
        choices=(*MODES, "scene"),
        default="auto",
        help="crop: pictures are face crops; detect: find the face first; auto: by size; scene: compare crops with the "
        "same crops found again in a larger frame",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print the figures."""
    data = datasets.read(options.data)
    if options.labels == "votes":
        data = data.labelled_by_votes()
    model = shipped.load(options.model)
    if options.faces == "scene":
        figures = whole_path(model, data, options.split)
        print(json.dumps(figures) if options.json else "\n".join(f"{key}: {value}" for key, value in figures.items()))
        return 0
    figures = evaluate(model, data, options.split, options.faces)
    print(json.dumps(figures) if options.json else _text(figures))
    return 0


def _text(figures: dict[str, Any]) -> str:
    lines = [_headline("all pictures", figures)]
    if figures["leak_free"]:
        lines.append(_headline("without pictures that have a copy in another split", figures["leak_free"]))
    lines.append(f"{'expression':<12}{'precision':>10}{'recall':>8}{'F1':>8}{'pictures':>10}")
    for label, row in figures["per_class"].items():
        lines.append(f"{label:<12}{row['precision']:>10.1%}{row['recall']:>8.1%}{row['f1']:>8.1%}{row['support']:>10}")
    lines += [f"left out, {name}: {count}" for name, count in figures["left_out"].items()]
    return "\n".join(lines)


def _headline(name: str, figures: dict[str, Any]) -> str:
    parts = [
        f"{title} {figures[key]:.1%} ({figures[f'{key}_interval'][0]:.1%} to {figures[f'{key}_interval'][1]:.1%})"
        for key, title in (("accuracy", "accuracy"), ("macro_f1", "macro F1"))
    ]
    return f"{name}: n {figures['n']}, {', '.join(parts)}"
