"""Name the expression that each face in each picture shows."""

import argparse
import json

from engine.arguments import add_recognition, named, tell_left_out
from engine.console import printable
from engine.models import shipped
from engine.recognition.files import FileAnswer, classify_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    add_recognition(parser, "picture")


def run(options: argparse.Namespace) -> int:
    """Answer for every file; a bad one costs a line and, after all files are done, exit status 1."""
    shipped.load(options.model)  # a model that cannot answer is said once, not for every file
    failed = False
    left_out: list[str] = []
    asked = named(options.files), options.model, options.jobs, options.scheduler, options.enhance
    for answer in classify_files(*asked, left_out):
        failed = failed or answer.error is not None
        told = {"file": answer.name, "faces": answer.found or [], "error": answer.error}
        # ASCII only, so that a file name with lone surrogates can be printed too.
        print(json.dumps(told) if options.json else _in_words(answer), flush=True)
    tell_left_out(left_out, "picture")
    return int(failed)


def _in_words(answer: FileAnswer) -> str:
    name = printable(answer.name)
    if answer.error is not None:
        return f"{name}: {answer.error}"
    if not answer.found:
        return f"{name}: no face found"
    lines = []
    for number, face in enumerate(answer.found, 1):
        left, top, width, height = face["box"]
        doubt = "" if face["decided"] else "undecided, most probable "
        certainty = face["probabilities"][face["expression"]]
        lines.append(
            f"{name}: face {number} at {left:.0f},{top:.0f} ({width:.0f}×{height:.0f}): "
            f"{doubt}{face['expression']} ({certainty:.0%})"
        )
        lines += [f"    {check['sentence']}" for check in face["quality"]["checks"]]
    return "\n".join(lines)
