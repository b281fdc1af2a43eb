"""Read the test pictures once for a final model and write the figures into its card."""

import argparse
from pathlib import Path

from engine import datasets
from engine.arguments import add_data
from engine.commands.progress_line import ProgressLine
from engine.evaluation.cards import complete


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the model's folder")
    add_data(parser)
    parser.add_argument("--split", metavar="NAME", help="the test split")
    parser.add_argument("--validation", metavar="NAME", help="split on which the way from photo to crop is measured")
    parser.add_argument("--robustness", action="store_true", help="measure worse pictures too, on the validation split")


def run(options: argparse.Namespace) -> int:
    """Write the card and print its headline figures."""
    faces = datasets.read(options.data)
    with ProgressLine() as line:
        card = complete(options.folder, faces, options.split, options.validation, options.robustness, line)
    for figures in card["evaluations"]:
        print(f"{figures['data']}, {figures['judged_by']}: {figures['accuracy']:.2%} of {figures['n']}")
    return 0
