"""Practice: whether its faces are read as what they are to show, and how soon its staircase settles.

Faces are read by the default model. The staircase is answered by simulated observers whose psychometric function is
`engine.practice.staircase.probability_right` with a threshold that is known: its slope, guessing one in seven, 2 %
lapses.
"""

import argparse
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.emotions import SEVEN
from engine.practice import PEOPLE, Staircase, face
from engine.practice.displays import MISREAD
from engine.practice.rounds import PRACTICE_TRIALS
from engine.practice.staircase import probability_right
from engine.recognition.photo import recognise_picture
from engine.tasks import Progress
from engine.words import in_percent

THRESHOLDS_S = (0.05, 0.08, 0.125, 0.2, 0.3)
"""Of the simulated observers, in equal numbers."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    parser.add_argument("--observers", type=int, default=200, metavar="N", help="simulated observers (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the observers' answers (default: 1)")


def run(options: argparse.Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """Measure the staircase, then ask the default model for everybody with every expression."""
    errors = settle(options.observers, options.seed)
    yield {
        "observers": len(errors),
        "trials": PRACTICE_TRIALS,
        "median_error": float(np.median(errors)),
        "within_20_percent": float(np.mean(errors <= 0.2)),
    }
    for number, expression in enumerate(SEVEN):
        misread = {}
        for at, person in enumerate(PEOPLE):
            progress.step(number * len(PEOPLE) + at, len(SEVEN) * len(PEOPLE), "reading drawn faces")
            found = recognise_picture(face(person, expression)).faces
            answer = found[0].expression if found else "no face"
            if answer != expression:
                misread[person] = answer
        yield {
            "expression": expression,
            "read": len(PEOPLE) - len(misread),
            "people": len(PEOPLE),
            "misread": misread,
            "left_out": list(MISREAD.get(expression, ())),
        }


def settle(observers: int, seed: int, trials: int = PRACTICE_TRIALS) -> np.ndarray:
    """Return by what share of the threshold each simulated observer's estimate is off: (observers,), 0 is exact."""
    random = np.random.default_rng(seed)
    errors = np.empty(observers)
    for observer in range(observers):
        threshold_s, staircase = THRESHOLDS_S[observer % len(THRESHOLDS_S)], Staircase()
        for _ in range(trials):
            shown_s = staircase.next_s
            staircase.add(shown_s, bool(random.random() < probability_right(shown_s, threshold_s)))
        errors[observer] = abs(staircase.threshold_s / threshold_s - 1)
    return errors


def in_words(found: dict[str, Any]) -> str:
    """Return a line of the staircase, or of one expression: how many are read, and who is not."""
    if "observers" in found:
        return (
            f"staircase: after {found['trials']} trials the threshold is off by {in_percent(found['median_error'])} "
            f"(median of {found['observers']} simulated observers); by at most 20 % for "
            f"{in_percent(found['within_20_percent'], 0)} of them"
        )
    wrong = ", ".join(f"{person} as {answer}" for person, answer in found["misread"].items()) or "nobody"
    left = ", ".join(map(str, found["left_out"])) or "nobody"
    share = in_percent(found["read"] / found["people"], 0)
    return f"{found['expression']:<10}{share:>5} read; misread: {wrong}; left out: {left}"
