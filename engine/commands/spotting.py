"""Tell how well expressions are spotted over time, on drawn clips whose truth is known."""

import argparse
import json
from typing import Any

from engine.commands.progress_line import ProgressLine
from engine.studies.spotting import HELD_BACK, measure


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("--clips", type=int, default=200, help="how many")
    parser.add_argument("--seed", type=int, default=HELD_BACK, help="of the first; held back from 10,000 on")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    line = ProgressLine()
    found = measure(options.clips, options.seed, options.jobs, line)
    line.clear()
    print(json.dumps(found) if options.json else in_words(found))
    return 0


def in_words(found: dict[str, Any]) -> str:
    """Return the figures as a table."""
    lines = [
        f"{found['clips']} drawn clips, {found['minutes']:.1f} min, seeds {found['seeds'][0]} to {found['seeds'][1]}",
        f"{'':<8}{'true':>6}{'spotted':>9}{'right':>7}{'precision':>11}{'recall':>8}{'F1':>8}   95 % interval",
    ]
    for name in ("all", "micro", "macro"):
        row = found[name]
        shares = "".join(f"{_share(row[key]):>{width}}" for key, width in (("precision", 11), ("recall", 8), ("f1", 8)))
        low_high = "" if row["interval"] is None else "{:.1%} to {:.1%}".format(*row["interval"])
        lines.append(f"{name:<8}{row['true']:>6}{row['spotted']:>9}{row['right']:>7}{shares}   {low_high}")
    error, empty = found["apex_error_frames"], found["without_events"]
    if error is not None:
        lines.append(f"apex: median error {error['median']:.2f} frames at 60 a second, 90 % within {error['p90']:.1f}")
    if empty["clips"]:
        lines.append(
            f"{empty['clips']} clips without an event, {empty['minutes']:.1f} min: {empty['false']} false events, "
            f"{empty['false_a_minute']:.2f} a minute"
        )
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
