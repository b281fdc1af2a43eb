"""Run spiking networks."""

import argparse
import json
import statistics
import sys
from pathlib import Path

from engine.commands.progress_line import ProgressLine
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
    head = what.add_parser("head", help="teach a model's plastic head, and set it beside the softmax layer")
    head.add_argument("--data", required=True, metavar="PATH|NAME", help="a set with a part called Training")
    head.add_argument("--split", default="PublicTest", help="the part that is answered for")
    head.add_argument("--model", metavar="NAME", help="whose embedding; the default model unless named")
    head.add_argument("--save", action="store_true", help="write the head beside the model's files")
    head.add_argument("--json", action="store_true", help="print one JSON object")
    person = what.add_parser("person", help="let simulated people correct a plastic head, and tell what it is worth")
    person.add_argument("--data", required=True, metavar="PATH|NAME", help="labelled faces")
    person.add_argument("--split", default="PublicTest", help="the part that they show")
    person.add_argument("--model", metavar="NAME", help="whose plastic head; the default model unless named")
    person.add_argument("--corrections", type=int, default=5, help="of each expression")
    person.add_argument("--seeds", type=int, default=5, help="how often each person comes")
    person.add_argument("--json", action="store_true", help="print one JSON object")
    clips = what.add_parser("clips", help="what a subject's first micro-expressions are worth for the rest of them")
    clips.add_argument("--data", required=True, type=Path, metavar="FLOW.npz", help="the MEGC2019 composite as flow")
    clips.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    verbs = {"run": _case, "digits": _digits, "faces": _faces, "head": _head, "person": _person, "clips": _clips}
    return verbs[options.what](options)


def _case(options: argparse.Namespace) -> int:
    from engine.spiking.case import run_text

    print(json.dumps(run_text(_read(options.case)), allow_nan=False))
    return 0


def _digits(options: argparse.Namespace) -> int:
    from engine.spiking.competitive import Settings
    from engine.studies.spiking_digits import learn

    line = ProgressLine()
    found: dict[str, list[float]] = {}
    for name, settings in (("digits without labels", Settings()), ("without plasticity", Settings(epochs=0))):
        found[name] = [learn(seed, settings, line)["accuracy"] for seed in _seeds(options)]
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
            found[name].append(rule(sides, seed, line))
    line.clear()
    _say(found, options.json)
    return 0


def _head(options: argparse.Namespace) -> int:
    from engine import datasets
    from engine.models import card, shipped
    from engine.spiking.plastic_head import FILE
    from engine.studies import plastic_head

    data, model, line = datasets.read(options.data), shipped.load(options.model), ProgressLine()
    head = plastic_head.learn(model, data, watch=line)
    found = plastic_head.beside_softmax(model, head, data, options.split, line)
    line.clear()
    if options.save:
        folder = shipped.folder(model.name)
        head.save(folder / FILE)
        # The card tells which files belong to it.
        card.write(folder, card.read(folder))
    if options.json:
        print(json.dumps(found))
        return 0
    print(f"{model.name}, {options.split}, {found['n']} pictures")
    print(f"softmax       {found['softmax']:.1%}")
    print(f"plastic head  {found['plastic_head']:.1%}  (difference {_points(found)})")
    print(f"same answer to {found['agree']:.1%} of them; {found['ties']:.1%} end in a tie")
    return 0


def _person(options: argparse.Namespace) -> int:
    from engine import datasets
    from engine.models import shipped
    from engine.recognition.plastic import head_of
    from engine.studies.simulated_users import measure

    model, line = shipped.load(options.model), ProgressLine()
    head = head_of(model)
    seeds = len(_seeds(options))
    found = measure(model, head, datasets.read(options.data), options.split, options.corrections, seeds, line)
    line.clear()
    if options.json:
        print(json.dumps(found))
        return 0
    print(f"{found['people']} simulated people, {found['corrections']} corrections of each expression")
    print(f"{'expressions':<14}{'usual':>8}{'before':>8}{'after':>8}   difference from usual (others: from before)")
    for name in ("swapped", "weakened", "others", "all"):
        row = found[name]
        print(f"{name:<14}{row['usual']:>8.1%}{row['before']:>8.1%}{row['after']:>8.1%}   {_points(row)}")
    return 0


def _clips(options: argparse.Namespace) -> int:
    from engine.studies.first_clips import FIRST, measure

    line = ProgressLine()
    found = measure(options.data, watch=line)
    line.clear()
    if options.json:
        print(json.dumps(found))
        return 0
    print(f"UF1 of {found['clips']} clips of {found['subjects']} subjects, before and after {FIRST} clips of each")
    for name, row in found.items():
        if isinstance(row, dict):
            print(f"{name:<46}{row['before']:.3f} -> {row['after']:.3f}  (difference {_points(row)})")
    return 0


def _points(row: dict) -> str:
    low, high = row["interval"]
    return f"{100 * row['difference']:+.1f} points, {100 * low:+.1f} to {100 * high:+.1f}"


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
