"""Train a network by one of the recipes, or a conventional learner, on a split that can be trusted."""

import argparse
import dataclasses
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.arguments import add_jobs, data_of
from engine.console import printable
from engine.datasets.crops import MODES
from engine.errors import DataError
from engine.training import runs
from engine.training.configuration import AUGMENTATIONS, CLASS_BALANCES
from engine.training.request import EXPRESSIONS, Request, starting_point
from engine.training.work import work

# Which attribute of Configuration an option sets, and how it is read.
_CHOICES: dict[str, dict[str, Any]] = {
    "architecture": {"help": "a network in engine/models/registry.py"},
    "labels": {"choices": ("given", "votes"), "help": "the set's own labels, or the FERPlus votes as soft labels"},
    "votes_share": {"type": float, "metavar": "0..1", "help": "with given labels, how much the votes count"},
    "last_layer_votes_share": {
        "type": float,
        "metavar": "0..1",
        "help": "how much the votes count where the last layer is learnt anew in the end; none to leave it",
    },
    "label_smoothing": {"type": float, "metavar": "0..1", "help": "share of a label spread over all expressions"},
    "class_balance": {"choices": CLASS_BALANCES, "help": "how rare expressions come into their own"},
    "set_balance": {"type": float, "metavar": "0..1", "help": "how far joined sets weigh alike"},
    "epochs": {"type": int, "help": "at most so many"},
    "batch_size": {"type": int, "help": "pictures a step"},
    "learning_rate": {"type": float, "help": "the highest"},
    "weight_decay": {"type": float, "help": "of AdamW; 0 for Adam"},
    "schedule": {"choices": ("constant", "cosine"), "help": "of the learning rate"},
    "ema_momentum": {"type": float, "help": "of the moving average of the weights; none for the last weights"},
    "patience": {"type": int, "help": "epochs without improvement until it stops; none for never"},
    "precision": {"choices": ("float32", "mixed_bfloat16"), "help": "what is computed with"},
    "seed": {"type": int, "help": "of everything random"},
    "initial": {"metavar": "MODEL", "help": "a model's name or folder to start from; none for random weights"},
    "teachers": {"action": "append", "metavar": "MODEL", "help": "a model whose answers count too; may be repeated"},
    "teacher_share": {"type": float, "metavar": "0..1", "help": "how much the teachers' answers count"},
    "mirror": {"action": argparse.BooleanOptionalAction, "help": "answer from a face and its mirror image"},
    "options": {"type": json.loads, "metavar": "JSON", "help": "what else the architecture is told"},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument(
        "model", metavar="MODEL", nargs="?", help="a recipe (paper, neuromer ...) or knn, svm, random-forest"
    )
    parser.add_argument("--data", metavar="DATA", help="an imported set's name, or a path")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where the run goes, instead of the data folder")
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="go on with a run that was stopped")
    parser.add_argument(
        "--split",
        default="auto",
        help="auto, hold-out, tenth, k-fold, loso, or two of the set's own parts as TRAINING:HELDOUT",
    )
    parser.add_argument("--folds", type=int, default=5, help="of k-fold")
    parser.add_argument("--faces", choices=MODES, default="auto", help="how crops come from pictures")
    add_jobs(parser, scheduler=True)
    parser.add_argument("--quiet", action="store_true", help="write the log into the run's folder only")
    parser.add_argument(
        "--expressions", metavar="NAMES", help=f"{', '.join(EXPRESSIONS)}, or names separated by commas"
    )
    parser.add_argument("--augmentation", choices=AUGMENTATIONS, help="how far pictures are changed")
    for name, how in _CHOICES.items():
        how = dict(how)
        if name in ("last_layer_votes_share", "ema_momentum", "patience", "initial"):
            how["type"] = _or_none(how.get("type", _model))
        option = "--teacher" if name == "teachers" else f"--{name.replace('_', '-')}"
        parser.add_argument(option, dest=name, default=argparse.SUPPRESS, **how)


def run(options: argparse.Namespace) -> int:
    """Train."""
    folder = _asked(options).folder
    try:
        ended = work(folder, echo=not options.quiet)
    except KeyboardInterrupt as error:
        again = f"Go on with: python -m engine train --run {shlex.quote(printable(str(folder)))}"
        raise KeyboardInterrupt(again) from error
    if not options.quiet:
        print(f"{ended.state}: {ended.folder}")
    return 0 if ended.state == "finished" else 1


def _asked(options: argparse.Namespace) -> runs.Run:
    if options.run is not None:
        found = runs.opened(options.run)
        if not found.alive:
            # An old wish; one that came since the run was started counts.
            (options.run / "cancel").unlink(missing_ok=True)
        return found
    if options.model is None or options.data is None:
        raise DataError("What is to be trained, and on what?", "Give a MODEL and --data, or --run FOLDER to go on.")
    changes = {name: getattr(options, name) for name in _CHOICES if hasattr(options, name)}
    if options.expressions is not None:
        changes["classes"] = EXPRESSIONS.get(options.expressions, tuple(options.expressions.split(",")))
    if "teachers" in changes:
        changes["teachers"] = tuple(_model(teacher) for teacher in changes["teachers"])
    if options.augmentation is not None:
        changes["augmentation"] = AUGMENTATIONS[options.augmentation]
    configuration = dataclasses.replace(starting_point(options.model), **changes)
    asked = ("split", "folds", "faces", "jobs", "scheduler")
    request = Request(
        options.model, data_of(options.data), configuration, **{name: getattr(options, name) for name in asked}
    )
    return runs.create(request, options.output)


def _model(named: str) -> str:
    """Return a model's name as it is, and a folder so that it is found from anywhere."""
    return str(Path(named).resolve()) if Path(named).is_dir() else named


def _or_none(kind: Callable[[str], Any]) -> Any:
    def read(text: str) -> Any:
        return None if text == "none" else kind(text)

    read.__name__ = kind.__name__
    return read
