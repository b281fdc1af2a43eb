"""Name the expression that each face in each picture shows."""

import argparse
import json
import sys
from pathlib import Path

from engine.errors import UserError
from engine.recognition.photo import PhotoResult, recognise


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--model", help="name of a shipped model")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Answer for every file; a bad one costs a line and, after all files are done, exit status 1."""
    failed = False
    for path in options.files:
        error, result = None, None
        try:
            result = recognise(_read(path), options.model)
        except UserError as raised:
            error, failed = str(raised), True
        _print(path, result, error, options.json)
    return int(failed)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", "Check its name and its permissions.") from error


def _print(path: Path, result: PhotoResult | None, error: str | None, as_json: bool) -> None:
    faces = [] if result is None else [face.as_json() for face in result.faces]
    if as_json:
        # ASCII only, so that a file name with lone surrogates can be printed too.
        print(json.dumps({"file": str(path), "faces": faces, "error": error}), flush=True)
        return
    name = str(path).encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(sys.stdout.encoding or "utf-8")
    if error is not None:
        print(f"{name}: {error}")
    elif result is not None and not result.faces:
        print(f"{name}: no face found")
    for number, face in enumerate(result.faces if result else (), 1):
        left, top, width, height = face.face.detection.box
        print(
            f"{name}: face {number} at {left:.0f},{top:.0f} ({width:.0f}×{height:.0f}): "
            f"{'' if face.decided else 'undecided, most probable '}{face.expression} ({face.certainty:.0%})"
        )
        for check in face.face.quality.checks:
            print(f"    {check.sentence}")
