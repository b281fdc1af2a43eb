"""Train a model by one of the recipes and export it."""

import argparse
import dataclasses
from pathlib import Path

from engine import datasets
from engine.datasets.crops import MODES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("recipe", metavar="RECIPE", help="a name in engine/training/configuration.py")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="PATH", help="folder of class folders, .csv or .npz"
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where the model goes")
    parser.add_argument("--initial", type=Path, metavar="FOLDER", help="folder of a model to start from")
    parser.add_argument("--faces", choices=MODES, default="auto", help="how crops come from pictures")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--seed", type=int, help="instead of the recipe's")


def run(options: argparse.Namespace) -> int:
    """Train."""
    from engine.training.configuration import recipe
    from engine.training.run import prepare, train

    configuration = recipe(options.recipe)
    for name in ("epochs", "seed"):
        if (value := getattr(options, name)) is not None:
            configuration = dataclasses.replace(configuration, **{name: value})
    material = prepare(configuration, datasets.read(options.data), options.faces)
    card = train(options.recipe, configuration, material, options.output, options.initial)
    threshold = card["threshold"]
    print(f"validation accuracy {threshold['accuracy_all']:.2%}; decided from {threshold['value']}")
    return 0
