"""Run spiking networks."""

import argparse
import json
from pathlib import Path

from engine.console import standard_input
from engine.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    what = parser.add_subparsers(dest="what", required=True)
    case = what.add_parser("run", help="simulate a case and print what became of it, as JSON")
    case.add_argument("case", metavar="CASE.json", help='the form is in engine/spiking/case.py; "-" for standard input')


def run(options: argparse.Namespace) -> int:
    """Simulate."""
    # Not above: its kernels are compiled by Numba, which no other verb should wait for.
    from engine.spiking.case import run_text

    print(json.dumps(run_text(_read(options.case)), allow_nan=False))
    return 0


def _read(name: str) -> str:
    try:
        return (standard_input().read() if name == "-" else Path(name).read_bytes()).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The case {name} cannot be read ({error}).", "Give a file with a JSON object.") from error
