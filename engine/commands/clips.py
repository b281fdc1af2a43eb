"""Look at a set of micro-expressions, and make of it what networks are trained on."""

import argparse
import json
from pathlib import Path
from typing import Any

from engine.commands.progress_line import ProgressLine
from engine.datasets.clip_sets import KINDS, ClipSet, flow_set, read_clips
from engine.words import columns, counted

_SHOWN = 20
"""Problems that are printed; --json prints all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument(
        "path", type=Path, metavar="PATH", help="folder or coding sheet of CASME, CASME II, CAS(ME)^2, SAMM or SMIC"
    )
    parser.add_argument("--kind", choices=KINDS, help="which set it is, where looking does not tell")
    parser.add_argument("--classes", type=int, choices=(3, 5), default=3, help="negative, positive, surprise; or five")
    parser.add_argument("--flow", type=Path, metavar="OUT.npz", help="write the optical flow from onset to apex")
    parser.add_argument("--json", action="store_true", help="print one JSON object, with every problem")


def run(options: argparse.Namespace) -> int:
    """Read the set, tell what it holds, and write its flow where that is asked for."""
    with ProgressLine() as line:
        clips = read_clips(options.path, options.kind, line)
        told = _told(clips, options.classes)
        if options.flow is not None:
            left_out: list[str] = []
            flow = flow_set(clips, options.classes, line, left_out)
            flow.save(options.flow)
            told["problems"] += left_out
            told["flow"] = {"file": str(options.flow), "clips": len(flow)}
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(_in_words(told)))
    return 0


def _told(clips: ClipSet, classes: int) -> dict[str, Any]:
    counts = clips.counts(classes)
    names = clips.classes(classes)
    return {
        "kind": clips.kind,
        "name": clips.name,
        "fps": clips.fps,
        "clips": len(clips.clips),
        "micro": sum(clip.kind == "micro" for clip in clips.clips),
        "classes": {name: sum(row[name] for row in counts.values()) for name in names},
        "without_class": sum(row[""] for row in counts.values()),
        "subjects": {
            who: {name: row[name] for name in names} | {"without_class": row[""]} for who, row in counts.items()
        },
        "problems": list(clips.problems),
    }


def _in_words(told: dict[str, Any]) -> list[str]:
    macro = told["clips"] - told["micro"]
    of_them = f" ({told['micro']:,} micro-, {macro:,} macro-expressions)" if macro else ""
    lines = [
        f"{told['name']}: {counted(told['clips'], 'clip')}{of_them} of {counted(len(told['subjects']), 'subject')}, "
        f"{told['fps']:g} frames a second",
        "",
        *_table(told),
    ]
    if problems := told["problems"]:
        lines += ["", f"{counted(len(problems), 'problem')}:", *(f"- {problem}" for problem in problems[:_SHOWN])]
        if len(problems) > _SHOWN:
            lines.append(f"- and {len(problems) - _SHOWN:,} more; --json prints all")
    if "flow" in told:
        lines += ["", f"{told['flow']['file']} holds the flow of {counted(told['flow']['clips'], 'clip')}."]
    return lines


def _table(told: dict[str, Any]) -> list[str]:
    """Return the clips a class a subject, one line a subject."""
    names = [*told["classes"], "without_class"]
    heads = ["subject", *told["classes"], "left out"]
    rows = [[who, *(f"{row[name]:,}" for name in names)] for who, row in told["subjects"].items()]
    whole = told["classes"] | {"without_class": told["without_class"]}
    rows.append(["all", *(f"{whole[name]:,}" for name in names)])
    return columns([heads, *rows], ">")
