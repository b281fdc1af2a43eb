"""Draw a recording of faces that do not exist, and write down which expressions it shows."""

import argparse
import json
from pathlib import Path

from engine.commands.progress_line import ProgressLine
from engine.errors import DataError
from engine.files import replace_with
from engine.synthetic import EXAMPLES, synthetic_clip, write_mp4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.mp4", help="the truth stands beside it")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of everything that is random (default: 0)")
    parser.add_argument("--duration", type=float, metavar="S", help="length in seconds (default: 5 to 20, by the seed)")
    parser.add_argument("--fps", type=float, default=60.0, metavar="RATE", help="frames a second (default: 60)")
    parser.add_argument("--people", type=int, default=1, metavar="N", help="faces side by side (default: 1)")
    parser.add_argument("--example", choices=list(EXAMPLES), metavar="NAME", help=f"instead: {'; '.join(EXAMPLES)}")


def run(options: argparse.Namespace) -> int:
    """Write the recording and its truth, and say what was written."""
    _check(options)
    if options.example:
        clip = EXAMPLES[options.example]()
    else:
        clip = synthetic_clip(options.seed, duration_s=options.duration, fps=options.fps, people=options.people)
    truth = options.output.with_suffix(".json")
    try:
        with ProgressLine() as line, replace_with(options.output) as file:
            write_mp4(clip, file, line)
        truth.write_text(json.dumps(clip.truth(), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"{options.output} cannot be written: {error.strerror or error}.",
            "Choose a folder that exists, is yours to write to and has room.",
        ) from error
    print(f"{options.output}: {clip.count:,} frames, {len(clip.events)} expressions, synthetic; truth in {truth}")
    return 0


def _check(options: argparse.Namespace) -> None:
    if options.output.suffix.lower() != ".mp4":
        raise DataError(f"{options.output} is not named as an MP4 file.", "Let its name end in .mp4.")
    if options.seed < 0:
        raise DataError(f"The seed {options.seed} is negative.", "Take a whole number from 0 on.")
    if options.duration is not None and not 0 < options.duration <= 3600:
        raise DataError(f"A length of {options.duration:g} s cannot be drawn.", "Take more than 0 and at most 3600 s.")
    if not 1 <= options.fps <= 1000:
        raise DataError(f"{options.fps:g} frames a second cannot be drawn.", "Take 1 to 1000.")
    if not 1 <= options.people <= 4:
        raise DataError(f"{options.people} people cannot be drawn side by side.", "Take 1 to 4.")
