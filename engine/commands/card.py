"""Read the test pictures once for a final model and write the figures into its card."""

import argparse
from pathlib import Path

from engine import datasets
from engine.evaluation.cards import complete


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the model's folder")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="PATH", help="folder of class folders, .csv or .npz"
    )
    parser.add_argument("--split", metavar="NAME", help="the test split")
    parser.add_argument("--validation", metavar="NAME", help="split on which the way from photo to crop is measured")


def run(options: argparse.Namespace) -> int:
    """Write the card and print its headline figures."""
    card = complete(options.folder, datasets.read(options.data), options.split, options.validation)
    for figures in card["evaluations"]:
        print(f"{figures['data']}, {figures['judged_by']}: {figures['accuracy']:.2%} of {figures['n']}")
    return 0
