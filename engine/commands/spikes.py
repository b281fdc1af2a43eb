"""Run spiking networks."""

import argparse
import json
import statistics
import sys
from pathlib import Path

from engine.commands.progress_line import ProgressLine
from engine.datasets.progress import Watch
from engine.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    run_ = what.add_parser("run", help="simulate a case and print what became of it, as JSON")
    run_.add_argument("case", metavar="CASE.json", help='the form is in engine/spiking/case.py; "-" for standard input')
    digits = what.add_parser("digits", help="learn scikit-learn's digits without labels, and tell the accuracy")
    digits.add_argument("--seeds", type=int, default=5, help="how often, each time divided anew")
    digits.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    return {"run": _case, "digits": _digits}[options.what](options)


def _case(options: argparse.Namespace) -> int:
    from engine.spiking.case import run_text

    print(json.dumps(run_text(_read(options.case)), allow_nan=False))
    return 0


def _digits(options: argparse.Namespace) -> int:
    from engine.spiking.digits import learn

    if options.seeds < 1:
        raise DataError(f"{options.seeds} seeds are none.", "Ask for at least 1.")
    line = ProgressLine()
    accuracies = [learn(seed, watch=Watch(line))["accuracy"] for seed in range(options.seeds)]
    line.clear()
    mean, spread = statistics.fmean(accuracies), statistics.pstdev(accuracies)
    if options.json:
        print(json.dumps({"accuracies": accuracies, "mean": mean, "standard_deviation": spread}))
    else:
        each = ", ".join(f"{accuracy:.1%}" for accuracy in accuracies)
        print(f"held-out digits named rightly: {mean:.1%} ± {spread:.1%} ({each})")
    return 0


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The case {name} cannot be read ({error}).", "Give a file with a JSON object.") from error
