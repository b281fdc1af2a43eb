"""Measure whether trainings take as long as is said before and while they train.

    python tests/soak/measure_durations.py [--data NAME_OR_PATH]

Without data on a set of drawn faces. Prints for each training what was expected before it began and what it took, and
by what factor the time left was off at most while it was told, where more than 5 seconds were really left.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from engine import datasets
from engine.practice.face_set import write_faces
from engine.training import duration
from engine.training.configuration import shortened
from engine.training.request import Request, starting_point

TRAININGS = (
    ("paper", "hold-out", 4),
    ("neuromer", "hold-out", 4),
    ("neuromer", "k-fold", 1),
    ("knn", "hold-out", None),
    ("svm", "hold-out", None),
    ("random-forest", "k-fold", None),
)
"""Model, split and epochs."""


def watched(model, data, split, epochs, folder):
    """Train in a process of its own; return (seconds since the beginning, seconds left as told), and how long it took.

    What is told several times is taken once, when it is new.
    """
    command = [sys.executable, "-m", "engine", "train", model, "--data", data, "--split", split, "--quiet"]
    command += ["--output", str(folder), *(["--epochs", str(epochs)] if epochs else [])]
    begun, told = time.monotonic(), []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            time.sleep(0.1)
            try:
                status = json.loads((folder / "status.json").read_text())
            except (OSError, ValueError):
                continue
            left = status["seconds_left"]
            if status["state"] == "running" and left is not None and (not told or told[-1][1] != left):
                told.append((time.monotonic() - begun, left))
    return told, time.monotonic() - begun


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data")
    given = parser.parse_args().data
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("NEUROMER_DATA", f"{home}/data")
        if given is None:
            given = f"{home}/drawn"
            write_faces(Path(given))
        faces = datasets.read(given)
        print(
            f"{len(faces):,} pictures\n{'training':28} {'expected':>9} {'took':>7}   off by at most, while it trained"
        )
        for number, (model, split, epochs) in enumerate(TRAININGS):
            configuration = starting_point(model)
            asked = Request(model, given, shortened(configuration, epochs) if epochs else configuration, split)
            expected_s = duration.of_faces(asked, faces).total_s
            told, took_s = watched(model, given, split, epochs, Path(home) / f"run-{number}")
            factors = [
                max(left / (took_s - at), (took_s - at) / max(left, 0.1)) for at, left in told if took_s - at > 5
            ]
            worst = f"{max(factors):.2f} times, told {len(factors)} times" if factors else "nothing was told"
            print(f"{f'{model}, {split}':28} {expected_s:7.0f} s {took_s:5.0f} s   {worst}", flush=True)


if __name__ == "__main__":
    main()
