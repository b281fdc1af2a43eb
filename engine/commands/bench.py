"""Measure the speed figures, each against a named alternative in the same run."""

import argparse
import dataclasses
import json

from engine import bench


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("--only", metavar="NAME", help="measure only what has this in its name")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Measure and print."""
    measurements = bench.run(options.only)
    if options.json:
        print(json.dumps([dataclasses.asdict(measurement) for measurement in measurements]))
    else:
        print(bench.format_table(measurements))
    return 0
