"""Find the moments in recordings in which an expression comes and goes, down to micro-expressions."""

import argparse
import json
from typing import Any

from engine.arguments import add_recognition, named, tell_left_out
from engine.commands.progress_line import ProgressLine
from engine.console import printable
from engine.emotions import NEUTRAL
from engine.errors import UserError
from engine.features.action_units import in_words
from engine.models import shipped
from engine.recognition.files import FileAnswer, spot_files
from engine.words import columns, counted

_HEAD = ("person", "onset", "apex", "offset", "length", "kind", "expression shown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    add_recognition(parser, "recording")
    parser.add_argument(
        "--as-they-are",
        action="store_true",
        help="name longer expressions without regard to how each person's face rests",
    )
    parser.add_argument(
        "--rest",
        action="append",
        default=[],
        type=_moment,
        metavar="[PERSON:]SECONDS",
        help="when somebody's face rests, of a single recording; person 1 unless told (default: found out)",
    )


def run(options: argparse.Namespace) -> int:
    """Analyse every recording; a bad one costs a line and, after all are done, exit status 1."""
    shipped.load(options.model)  # a model that cannot answer is said once, not for every file
    if options.rest and len(options.files) > 1:
        raise UserError("A moment of rest is one recording's.", "Name a single recording with --rest.")
    failed = False
    left_out: list[str] = []
    rests = dict(options.rest)
    with ProgressLine() as line:
        where = (options.jobs, options.scheduler)
        asked = named(options.files), options.model, *where, line, options.enhance, not options.as_they_are, rests
        for answer in spot_files(*asked, left_out):
            line.clear()
            failed = failed or answer.error is not None
            told = answer.found or {"file": answer.name, "error": answer.error}
            # ASCII only, so that a file name with lone surrogates can be printed too.
            print(json.dumps(told) if options.json else _in_words(answer), flush=True)
    tell_left_out(left_out, "recording")
    return int(failed)


def _moment(text: str) -> tuple[int, float]:
    """Read ``2:1.5``, person 2 at 1.5 s, or ``1.5``, person 1."""
    person, _, seconds = text.rpartition(":")
    moment = int(person or 1), float(seconds)
    if moment[0] < 1 or not 0 <= moment[1] < float("inf"):
        raise ValueError(text)
    return moment


def _in_words(answer: FileAnswer) -> str:
    name = printable(answer.name)
    if answer.found is None:
        return f"{name}: {answer.error}"
    found = answer.found
    rows = [(face["person"], event) for face in found["faces"] for event in face["events"]]
    people = len(found["faces"])
    distinct = f", {found['distinct_fps']:.4g} distinct" if found["distinct_fps"] < found["fps"] else ""
    lines = [
        f"{name}: {found['duration_s']:.1f} s, {found['frames']:,} frames, {found['fps']:.4g} a second{distinct}; "
        f"{counted(people, 'face', spelt=True)}, "
        f"{counted(len(rows), 'expression', spelt=True)} spotted"
    ]
    if rows:
        cells = [_HEAD, *(_row(person, event) for person, event in rows)]
        lines += [f"    {line}" for line in columns(cells)]
        lines += [f"    {moved}" for moved in (_moved(person, event) for person, event in rows) if moved]
    return "\n".join(lines + [f"    {warning}" for warning in found["warnings"]])


def _row(person: int, event: dict[str, Any]) -> tuple[str, ...]:
    certainty = event["probabilities"][event["expression"]]
    doubt = "" if event["decided"] else "undecided, most probable "
    if event["expression"] == NEUTRAL:
        doubt = "undecided, most probably nothing but "
    onset = f"{event['onset_s']:.2f} s" if event["onset_seen"] else "not seen"
    offset = f"{event['offset_s']:.2f} s" if event["end_seen"] else "end not seen"
    least = "" if event["onset_seen"] and event["end_seen"] else "> "
    length = f"{least}{event['offset_s'] - event['onset_s']:.2f} s"
    said = f"{doubt}{event['expression']} ({certainty:.0%})"
    if event.get("plain"):
        best = max(event["plain"], key=event["plain"].__getitem__)
        said += f"; as the face is: {best} ({event['plain'][best]:.0%})"
    return str(person), onset, f"{event['apex_s']:.2f} s", offset, length, event["kind"], said


def _moved(person: int, event: dict[str, Any]) -> str:
    units = event["action_units"].items()
    moved = in_words({int(name.removeprefix("AU")): (halves["right"], halves["left"]) for name, halves in units})
    return f"person {person} at {event['apex_s']:.2f} s: {moved}" if moved else ""
