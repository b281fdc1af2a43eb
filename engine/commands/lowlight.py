"""Train the low-light enhancement LLEM, or measure what enhancements win back of what darkness costs."""

import argparse
import json
from pathlib import Path
from typing import Any

from engine import datasets
from engine.commands.progress_line import ProgressLine
from engine.evaluation.protocols import JUDGES
from engine.images.lowlight import METHODS, llem_weights
from engine.models import shipped
from engine.studies.low_light import KINDS, TENTH, keep, measure, pictures


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    train = tasks.add_parser("train", help="train LLEM without any pair of a dark and a bright picture")
    train.add_argument("--data", required=True, metavar="PATH|NAME", help="faces, or the name of an imported set")
    train.add_argument("--split", default="Training", metavar="NAME", help="train on this split (default: Training)")
    train.add_argument("--steps", type=int, help="batches to train for")
    train.add_argument("--seed", type=int, help="of every draw")
    train.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where the weights go")
    measuring = tasks.add_parser("measure", help="accuracy behind each enhancement as pictures get darker")
    measuring.add_argument("--data", required=True, metavar="PATH|NAME", help="labelled pictures, or an imported set")
    measuring.add_argument("--split", metavar="NAME", help=f"one of the set's own, or {TENTH}: the held-out tenth")
    measuring.add_argument("--model", action="append", metavar="NAME", help="a shipped model; several may be named")
    measuring.add_argument("--labels", choices=tuple(JUDGES), default="given", help="votes: FERPlus' majority")
    measuring.add_argument("--kind", choices=KINDS, action="append", help="how pictures get dark (default: all)")
    measuring.add_argument("--method", choices=tuple(METHODS), action="append", help="default: all")
    measuring.add_argument("--save", action="store_true", help="keep the figures in LLEM's card")
    measuring.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Do the task."""
    return {"train": _train, "measure": _measure}[options.task](options)


def _train(options: argparse.Namespace) -> int:
    from engine.training.lowlight import LowLightConfiguration, train_and_ship

    given = {key: value for key in ("steps", "seed") if (value := getattr(options, key)) is not None}
    line = ProgressLine()
    card = train_and_ship(
        datasets.read(options.data), options.split, options.output, LowLightConfiguration(**given), line
    )
    line.clear()
    print(
        f"{options.output}: {card['parameters']:,} parameters, last loss {card['training']['history']['loss'][-1]:.4f}"
    )
    return 0


def _measure(options: argparse.Namespace) -> int:
    data, line = datasets.read(options.data), ProgressLine()
    judged = data.labelled_by_votes() if options.labels == "votes" else data
    for name in options.model or [None]:
        model = shipped.load(name)
        crops, labels, unit = pictures(model, judged, options.split, watch=line)
        for kind in options.kind or KINDS:
            found = measure(model, crops, labels, unit, kind, options.method or tuple(METHODS), watch=line)
            line.clear()
            found |= {"data": data.name, "split": options.split, "judged_by": JUDGES[options.labels]}
            if options.save:
                keep(llem_weights().parent, found)
            print(json.dumps(found) if options.json else _text(found), flush=True)
    return 0


def _text(found: dict[str, Any]) -> str:
    head = f"{found['model']}, {found['data']}, {found['split'] or 'all pictures'}, {found['judged_by']}"
    lines = [
        f"{head}: n {found['n']}; {found['kind']}, times darker; darkness costs {100 * found['cost']:.1f} points",
        f"{'':<10}"
        + "".join(f"{strength:>26g}" for strength in found["strengths"])
        + f"{'won back':>26}{'darkest':>26}",
    ]
    for method, row in found["methods"].items():
        shares = [f"{_percent(*pair):>26}" for pair in zip(row["accuracy"], row["interval"], strict=True)]
        ends = f"{_percent(row['won_back'], row['won_back_interval']):>26}"
        lines.append(
            f"{METHODS[method]:<10}"
            + "".join(shares)
            + ends
            + f"{_signed(row['darkest'], row['darkest_interval']):>26}"
        )
        if method != "none":
            differences = zip(row["difference"], row["difference_interval"], strict=True)
            lines.append(f"{'  against':<10}" + "".join(f"{_signed(*pair):>26}" for pair in differences))
    return "\n".join(lines)


def _percent(value: float, ends: list[float]) -> str:
    return f"{100 * value:.1f} ({100 * ends[0]:.1f} to {100 * ends[1]:.1f})"


def _signed(value: float, ends: list[float]) -> str:
    return f"{100 * value:+.1f} ({100 * ends[0]:+.1f} to {100 * ends[1]:+.1f})"
