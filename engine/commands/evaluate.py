"""Measure models on labelled pictures, or read the figures of a finished run."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine import datasets
from engine.arguments import add_enhance
from engine.commands.progress_line import ProgressLine
from engine.console import printable
from engine.datasets.crops import MODES
from engine.datasets.words import source_in_words
from engine.errors import DataError, ModelError
from engine.evaluation.degradations import DEGRADATIONS
from engine.evaluation.evaluated import Evaluated, of_model, of_run, run_folder
from engine.evaluation.export import as_csv, robustness_csv
from engine.evaluation.protocols import JUDGES
from engine.evaluation.robustness import sweep_split
from engine.evaluation.scene import whole_path
from engine.evaluation.words import headline_rows, percent_with_interval, versions
from engine.files import replace_with
from engine.models import shipped
from engine.models.enhanced import with_enhancement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", metavar="PATH|NAME", help="labelled pictures, or the name of an imported set")
    what.add_argument("--run", metavar="FOLDER|ID", help="a finished run, from the answers that it kept")
    parser.add_argument("--model", action="append", metavar="NAME", help="a shipped model; several with --sweep")
    parser.add_argument("--split", metavar="NAME", help="evaluate this split only")
    parser.add_argument(
        "--labels",
        choices=tuple(JUDGES),
        default="given",
        help="votes: FERPlus' majority; ferplus: by its authors' rule",
    )
    parser.add_argument(
        "--faces",
        choices=(*MODES, "scene"),
        default="auto",
        help="crop: pictures are face crops; detect: find the face first; auto: by size; scene: compare crops with the "
        "same crops found again in a larger frame",
    )
    parser.add_argument(
        "--sweep", action="append", choices=(*DEGRADATIONS, "all"), help="accuracy as pictures get worse in this way"
    )
    add_enhance(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report that opens without a network")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the figures as a table")


def run(options: argparse.Namespace) -> int:
    """Print the figures."""
    if options.run is not None:
        return _said(options, of_run(run_folder(options.run)), None)
    data = datasets.read(options.data)
    for told in source_in_words(data):
        print(printable(told), file=sys.stderr)
    models = [with_enhancement(shipped.load(name), options.enhance) for name in options.model or [None]]
    if options.faces == "scene":
        figures = whole_path(models[0], data, options.split)
        print(json.dumps(figures) if options.json else "\n".join(f"{key}: {value}" for key, value in figures.items()))
        return 0
    robustness = None
    if options.sweep:
        with ProgressLine() as line:
            robustness = sweep_split(
                models, data, options.split, options.sweep, options.faces, options.labels, progress=line
            )
    if robustness is not None and not options.html:
        if options.csv:
            _write(options.csv, robustness_csv(robustness))
        print(json.dumps(robustness) if options.json else _sweep_text(robustness))
        return 0
    if robustness is None and len(models) > 1:
        raise ModelError("Several models are compared only with --sweep.", "Name one model, or add --sweep all.")
    with ProgressLine() as line:
        evaluated = of_model(models[0], data, options.split, options.faces, options.labels, line)
    return _said(options, evaluated, robustness)


def _said(options: argparse.Namespace, evaluated: Evaluated, robustness: Mapping[str, Any] | None) -> int:
    if options.csv:
        _write(options.csv, as_csv(evaluated))
    if options.html:
        # Its charts need Plotly, which nothing else here does.
        from engine.evaluation.report import as_html

        _write(options.html, as_html(evaluated, robustness).encode())
    print(json.dumps(evaluated.figures) if options.json else _text(evaluated))
    return 0


def _write(path: Path, data: bytes) -> None:
    try:
        with replace_with(path) as file:
            file.write(data)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}).", "Make room, or name a file in another folder."
        ) from error


def _text(evaluated: Evaluated) -> str:
    figures = evaluated.figures
    lines = [f"{evaluated.title}: {evaluated.about}"]
    for pictures, version in versions(figures).items():
        lines.append(f"{pictures}: n {version['n']}")
        lines += [f"  {name:<36}{percent_with_interval(share, ends)}" for name, share, ends in headline_rows(version)]
    lines.append(f"{'expression':<12}{'precision':>10}{'recall':>8}{'F1':>8}{'pictures':>10}")
    for label, row in figures["per_class"].items():
        lines.append(f"{label:<12}{row['precision']:>10.1%}{row['recall']:>8.1%}{row['f1']:>8.1%}{row['support']:>10}")
    lines += [f"left out, {name}: {count}" for name, count in figures.get("left_out", {}).items()]
    return "\n".join(lines)


def _sweep_text(robustness: Mapping[str, Any]) -> str:
    lines = [f"{robustness['about']}: n {robustness['n']}"]
    for each in robustness["sweeps"].values():
        lines.append(f"{each['title']} ({each['unit']})".ljust(40) + "".join(f"{at:>8g}" for at in each["strengths"]))
        for name, series in each["models"].items():
            lines.append(f"  {name:<38}" + "".join(f"{share:>8.1%}" for share in series["accuracy"]))
    return "\n".join(lines)
