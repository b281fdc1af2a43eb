"""Count what becomes of a folder of odd pictures: each is answered for or refused in a sentence, and nothing else.

    python tests/soak/odd_pictures.py FOLDER

Pillow's own test pictures are such a folder: ``pip download --no-binary :all: --no-deps pillow``, unpack it, and give
its ``Tests/images``. Exit status 1 where a traceback was printed, a message is no sentence or two, or the command ended
before the last file.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 400
"""Letters of what is said of a file without its name."""


def main():
    """Classify the folder and print what was counted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    done = subprocess.run(
        [sys.executable, "-m", "engine", "classify", "--json", str(folder)], cwd=ROOT, capture_output=True, text=True
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    refused = [each["error"] for each in told if each["error"] is not None]
    print(f"{sum(each.is_file() for each in folder.rglob('*'))} files, {len(told)} of them pictures by name or content")
    print(f"answered: {len(told) - len(refused)}, with a face: {sum(bool(each['faces']) for each in told)}")
    print(f"refused: {len(refused)}")
    for said, count in Counter(each.split(",")[0].split(".")[0] for each in refused).most_common():
        print(f"  {count:4}  {said}")
    print(*(line for line in done.stderr.splitlines() if "left out" in line), sep="\n")
    tracebacks, long = done.stderr.count("Traceback"), [each for each in refused if len(each) > LONGEST]
    print(f"tracebacks: {tracebacks}; messages of more than {LONGEST} letters: {len(long)}; exit {done.returncode}")
    return int(bool(tracebacks or long or not told or done.returncode not in (0, 1)))


if __name__ == "__main__":
    sys.exit(main())
