"""Train the low-light enhancement LLEM."""

import argparse
from pathlib import Path

from engine import datasets
from engine.arguments import add_data
from engine.commands.progress_line import ProgressLine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    tasks = parser.add_subparsers(dest="task", required=True)
    train = tasks.add_parser("train", help="train LLEM without any pair of a dark and a bright picture")
    add_data(train, "Training", "faces")
    train.add_argument("--steps", type=int, help="batches to train for")
    train.add_argument("--seed", type=int, help="of every draw")
    train.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where the weights go")


def run(options: argparse.Namespace) -> int:
    """Train."""
    # Not above: TensorFlow comes along, which no other verb should wait for.
    from engine.training.lowlight import LowLightConfiguration, train_and_ship

    given = {key: value for key in ("steps", "seed") if (value := getattr(options, key)) is not None}
    faces, configuration = datasets.read(options.data), LowLightConfiguration(**given)
    with ProgressLine() as line:
        card = train_and_ship(faces, options.split, options.output, configuration, line)
    print(
        f"{options.output}: {card['parameters']:,} parameters, last loss {card['training']['history']['loss'][-1]:.4f}"
    )
    return 0
