"""Repeat an experiment whose figures stand in engine/studies/README.md or on a card; without a name, list them."""

import argparse
import importlib
import json
import sys

from engine.arguments import Parser
from engine.commands.progress_line import ProgressLine
from engine.errors import DataError
from engine.studies import STUDIES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="of the study")
    parser.add_argument(
        "options", nargs=argparse.REMAINDER, metavar="...", help="the study's own; `study NAME --help` describes them"
    )


def run(options: argparse.Namespace) -> int:
    """Run a study and print its figures, or list the studies."""
    if options.name is None:
        width = max(map(len, STUDIES))
        print("\n".join(f"{name:<{width}}  {summary}" for name, summary in STUDIES.items()))
        print("`python -m engine study NAME --help` tells what a study takes.", file=sys.stderr)
        return 0
    if options.name not in STUDIES:
        raise DataError(f"There is no study {options.name!r}.", f"There are: {', '.join(STUDIES)}.")
    # Not above: each study brings its own libraries along, and the command line reads this module for every verb.
    study = importlib.import_module(f"engine.studies.{options.name.replace('-', '_')}")
    parser = Parser(
        prog=f"python -m engine study {options.name}",
        description=study.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    study.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(options.options)
    with ProgressLine() as line:
        for found in study.run(asked, line):
            line.clear()
            print(json.dumps(found) if asked.json else study.in_words(found), flush=True)
    return 0
