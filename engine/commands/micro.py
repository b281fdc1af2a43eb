"""Train a shipped model for micro-expressions on what `study micro-expressions` found best."""

import argparse
import json
from pathlib import Path

from engine.datasets.flow_set import FlowSet
from engine.errors import DataError
from engine.evaluation.subject_figures import figures
from engine.training.cross_validation import read_answers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    what = parser.add_subparsers(dest="what", required=True)
    train = what.add_parser("train", help="train a clip model on all clips, and write its files and its card")
    train.add_argument(
        "--data", type=Path, required=True, metavar="FLOW.npz", help="flow maps, as `clips PATH --flow` writes them"
    )
    train.add_argument(
        "--learner", default="neuromer", metavar="NAME", help="neuromer, learnet or agmenet (default: neuromer)"
    )
    train.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where its files go")
    train.add_argument(
        "--benchmark",
        type=Path,
        required=True,
        metavar="FILE.json",
        help="what `study micro-expressions --output` kept of it",
    )
    train.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Train."""
    # Not above: TensorFlow and scikit-learn come along, which no other verb should wait for.
    from engine.training.clip_model import train_clip_model
    from engine.training.clip_recipes import recipe

    name = recipe(options.learner).learner
    kept, clips = read_answers(options.benchmark), FlowSet.load(options.data)
    if not kept.get(name):
        raise DataError(
            f"{options.benchmark} holds no answers of {name}.",
            f"Run study micro-expressions --learner {name} --output first.",
        )
    if (answered := len(kept[name][0]["probabilities"])) != len(clips):
        raise DataError(
            f"The benchmark is of {answered:,} clips, not of these {len(clips):,}.", "Run it again on these."
        )
    card = train_clip_model(clips, figures(clips, name, kept[name]), options.output)
    print(json.dumps(card) if options.json else f"{card['title']}: written to {options.output}")
    return 0
