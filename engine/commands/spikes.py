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
    faces = what.add_parser("faces", help="learn happy, neutral and surprised faces by several rules, side by side")
    faces.add_argument("--data", required=True, metavar="PATH|NAME", help="FER2013, or crops with the same parts")
    faces.add_argument("--split", default="PublicTest", help="the part that is answered for")
    faces.add_argument("--seeds", type=int, default=5, help="how often, each time drawn anew")
    faces.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    return {"run": _case, "digits": _digits, "faces": _faces}[options.what](options)


def _case(options: argparse.Namespace) -> int:
    from engine.spiking.case import run_text

    print(json.dumps(run_text(_read(options.case)), allow_nan=False))
    return 0


def _digits(options: argparse.Namespace) -> int:
    from engine.spiking.competitive import Settings
    from engine.spiking.digits import learn

    line = ProgressLine()
    found: dict[str, list[float]] = {}
    for name, settings in (("digits without labels", Settings()), ("without plasticity", Settings(epochs=0))):
        found[name] = [learn(seed, settings, Watch(line))["accuracy"] for seed in _seeds(options)]
    line.clear()
    _say(found, options.json)
    return 0


def _faces(options: argparse.Namespace) -> int:
    from engine import datasets
    from engine.spiking.faces import RULES, balanced

    data = datasets.read(options.data)
    line = ProgressLine()
    found: dict[str, list[float]] = {name: [] for name in RULES}
    for seed in _seeds(options):
        sides = balanced(data, options.split, seed)
        for name, rule in RULES.items():
            found[name].append(rule(sides, seed, Watch(line)))
    line.clear()
    _say(found, options.json)
    return 0


def _seeds(options: argparse.Namespace) -> range:
    if options.seeds < 1:
        raise DataError(f"{options.seeds} seeds are none.", "Ask for at least 1.")
    return range(options.seeds)


def _say(found: dict[str, list[float]], as_json: bool) -> None:
    rows = {
        name: {"mean": statistics.fmean(values), "standard_deviation": statistics.pstdev(values), "each": values}
        for name, values in found.items()
    }
    if as_json:
        print(json.dumps(rows))
        return
    for name, row in rows.items():
        each = ", ".join(f"{value:.1%}" for value in row["each"])
        print(f"{name:<26}{row['mean']:.1%} ± {row['standard_deviation']:.1%}  ({each})")


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The case {name} cannot be read ({error}).", "Give a file with a JSON object.") from error
