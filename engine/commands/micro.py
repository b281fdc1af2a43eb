"""Recognise micro-expressions: the honest benchmark, the shipped clip model, and networks compared on drawn faces."""

import argparse
import json
from pathlib import Path
from typing import Any

from engine.commands import kept_answers, micro_drawn
from engine.commands.progress_line import ProgressLine
from engine.commands.score_words import points, with_interval
from engine.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    benchmark = what.add_parser("benchmark", help="leave one subject out, with learners beside each other")
    _data(benchmark)
    benchmark.add_argument(
        "--learner", action="append", metavar="NAME", help="may be given several times; neuromer unless named"
    )
    benchmark.add_argument("--seeds", type=int, default=5, help="how often, each time drawn anew (default: 5)")
    benchmark.add_argument("--jobs", type=int, default=1, metavar="N", help="work in N processes (default: 1)")
    benchmark.add_argument("--scheduler", metavar="ADDRESS", help="work on the Dask cluster with this scheduler")
    benchmark.add_argument(
        "--output",
        type=Path,
        metavar="FILE.json",
        help="keep the answers of each seed; what stands there is not repeated",
    )
    train = what.add_parser("train", help="train a clip model on all clips, and write its files and its card")
    _data(train)
    train.add_argument(
        "--learner",
        default="neuromer",
        metavar="NAME",
        help="neuromer, learnet or agmenet (default: neuromer)",
    )
    train.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where its files go")
    train.add_argument(
        "--benchmark", type=Path, required=True, metavar="FILE.json", help="what `micro benchmark --output` kept of it"
    )
    micro_drawn.add_arguments(
        what.add_parser(
            "drawn", help="compare networks that read faces on synthetic clips: drawn people, groups left out"
        )
    )


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    return {"benchmark": _benchmark, "train": _train, "drawn": micro_drawn.run}[options.what](options)


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FLOW.npz", help="flow maps, as `clips PATH --flow` writes them"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _benchmark(options: argparse.Namespace) -> int:
    from engine.datasets.flow_set import FlowSet
    from engine.studies.micro_expressions import answers, difference, figures

    if options.seeds < 1:
        raise DataError(f"{options.seeds} seeds are none.", "Ask for at least 1.")
    clips, line = FlowSet.load(options.data), ProgressLine()
    kept = kept_answers.read(options.output)
    names = list(dict.fromkeys(options.learner or ["neuromer"]))
    for name in names:
        runs = kept.setdefault(name, [])
        for seed in range(len(runs), options.seeds):
            runs.append(answers(clips, name, seed, options.jobs, options.scheduler, line))
            kept_answers.write(options.output, kept)
    line.clear()
    rows = {name: figures(clips, name, kept[name][: options.seeds]) for name in names}
    first = names[0]
    compared = {
        name: difference(clips, rows[first]["probabilities"], rows[name]["probabilities"]) for name in names[1:]
    }
    if options.json:
        told = {
            name: {key: value for key, value in row.items() if key != "probabilities"} for name, row in rows.items()
        }
        print(json.dumps({"learners": told, f"{first} less": compared}))
        return 0
    print("\n".join(_table(rows)))
    for name, found in compared.items():
        print(f"{first} less {name}: " + ", ".join(points(score, found[score]) for score in found))
    return 0


def _train(options: argparse.Namespace) -> int:
    from engine.datasets.flow_set import FlowSet
    from engine.studies.micro_expressions import figures
    from engine.training.clip_model import train_clip_model
    from engine.training.clip_recipes import recipe

    name = recipe(options.learner).learner
    kept, clips = kept_answers.read(options.benchmark), FlowSet.load(options.data)
    if not kept.get(name):
        raise DataError(
            f"{options.benchmark} holds no answers of {name}.", f"Run micro benchmark --learner {name} --output first."
        )
    if (answered := len(kept[name][0]["probabilities"])) != len(clips):
        raise DataError(
            f"The benchmark is of {answered:,} clips, not of these {len(clips):,}.", "Run it again on these."
        )
    card = train_clip_model(clips, figures(clips, name, kept[name]), options.output)
    print(json.dumps(card) if options.json else f"{card['title']}: written to {options.output}")
    return 0


def _table(rows: dict[str, Any]) -> list[str]:
    sets = list(next(iter(rows.values()))["datasets"])
    lines = ["UF1 / UAR".ljust(30) + "whole (95 % over subjects)".ljust(46) + "".join(name.ljust(15) for name in sets)]
    for name, row in rows.items():
        lines.append(_row(f"{name}, {len(row['seeds'])} seeds", row, sets))
        if row["oracle"]:
            lines.append(_row("  epoch best on test subject", row["oracle"], sets))
    return lines


def _row(title: str, row: dict[str, Any], sets: list[str]) -> str:
    whole = row["whole"]
    spread = " / ".join(with_interval(whole, key) for key in ("uf1", "uar"))
    each = "".join(f"{row['datasets'][name]['uf1']:.3f}/{row['datasets'][name]['uar']:.3f}".ljust(15) for name in sets)
    return title.ljust(30) + spread.ljust(46) + each
