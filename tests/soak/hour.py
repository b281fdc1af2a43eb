"""An hour with visitors: photos, recordings, cameras and trainings, and what the server holds once all have gone.

    python tests/soak/hour.py [--minutes 60] [--photos 1000] [--recordings 60] [--cameras 20] [--trainings 5]

All are spread over the minutes; ``--scale 0.1`` does a tenth of everything. Trainings are cancelled at random moments.
Afterwards the server may hold as much memory as after a sixth of the time, the tenth minute of an hour, and 100 MB
more; no open file, socket, process or lock too many. Exit status 1, and a line for each finding, where that is not so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE), str(HERE.parent)]

import numpy as np
from cameras import face, watch
from kill import locks_held
from photos import photo
from server_process import children, cpu_seconds, open_files, resident_mb
from serving import serving
from visitor import Visitor

from engine.synthetic import synthetic_clip, true_event
from engine.synthetic.examples import mp4_bytes

MORE_MB = 100
LEFT_S = 165
"""Streamlit forgets a visitor two minutes after he has left, and the house is swept every 15 s."""
PATIENCE_S = 300


class FailedError(Exception):
    """Something was answered otherwise than it should be."""


def give_photo(port, number):
    """Have a photo answered."""
    with Visitor(port, "photo") as visitor:
        visitor.give("photo files", {f"{number}.jpg": photo((1, 3, 12)[number % 3], number)})
        if "Face 1: " not in visitor.words():
            raise FailedError(f"photo {number}: {visitor.words()}")


@cache
def film(seed):
    """Return the bytes of a short recording with one expression."""
    event = true_event("happy", 0.8, rise_s=0.15, hold_s=0.1, fall_s=0.2, intensity=0.8)
    return mp4_bytes(synthetic_clip(seed, duration_s=2.5, fps=30, size=(320, 240), events=[event]))


def give_recording(port, number):
    """Have a recording analysed, and forget it."""
    with Visitor(port, "video") as visitor:
        visitor.give("video file 0", {f"{number}.mp4": film(number % 3)})
        wait_for(visitor, lambda: visitor.find("button", "video forget now"), f"recording {number}")
        visitor.press("video forget now")


def show_camera(port, number):
    """Have a camera watched for some seconds."""
    with Visitor(port, "live") as visitor:
        if not watch(visitor, face(), 6.0):
            raise FailedError(f"camera {number}: no picture came back: {visitor.words()}")


def cancel_training(port, number):
    """Start a training, and cancel it at some moment."""
    with Visitor(port, "train") as visitor:
        visitor.choose("train view", "New training")
        visitor.press("Start training")
        time.sleep(Random(number).uniform(1, 40))
        # A browser would have been told that the page shows trainings now.
        visitor.choose("train view", "Trainings")
        visitor.press("cancel ")
        over = ("It was cancelled", "It has finished")  # by then
        wait_for(visitor, lambda: any(words in visitor.words() for words in over), f"training {number}")


def wait_for(visitor, there, what):
    """Have a page run until something is there."""
    end = time.monotonic() + PATIENCE_S
    while not there():
        if time.monotonic() > end:
            raise FailedError(f"{what}: {visitor.words()}")
        time.sleep(0.5)
        visitor.run()


KINDS = {"photos": give_photo, "recordings": give_recording, "cameras": show_camera, "trainings": cancel_training}


def import_small_set(home):
    """Import a set that can be trained on into the server's data folder, ``data`` in its home."""
    pictures = np.random.default_rng(0).integers(0, 256, (400, 48, 48)).astype(np.uint8)
    np.savez(home / "set.npz", x=pictures, y=np.arange(400) % 2, classes=np.array(["happy", "sad"]))
    command = [sys.executable, "-m", "engine", "import", str(home / "set.npz"), "--name", "small"]
    environment = os.environ | {"NEUROMER_DATA": str(home / "data")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def spread(work, port, count, seconds, went, wrong):
    """Do something so many times, evenly over so many seconds; where it takes longer, one after the other."""
    began = time.monotonic()
    for number in range(1, count + 1):
        time.sleep(max(0.0, began + (number - 1) * seconds / count - time.monotonic()))
        try:
            work(port, number)
            went[work.__name__] += 1
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {str(error)[-400:]}")


def held(pid):
    """Count what a server has open, by kind: sockets, files by name, and what else there is; and its processes."""
    kinds = Counter(each.partition(":")[0] if ":" in each else each for each in open_files(pid))
    kinds["process"] = len(children(pid))
    return kinds


def rested(running, home):
    """Wait until all visits are forgotten; return the memory in MB, and what is held."""
    time.sleep(LEFT_S)
    return resident_mb(running.pid), held(running.pid), locks_held(home)


def main():
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, number in (("photos", 1000), ("recordings", 60), ("cameras", 20), ("trainings", 5)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--scale", type=float, default=1)
    chosen = parser.parse_args()
    counts = {kind: max(1, round(getattr(chosen, kind) * chosen.scale)) for kind in KINDS}
    seconds = 60 * chosen.minutes * chosen.scale
    print(f"{seconds / 60:.1f} minutes: {', '.join(f'{count} {kind}' for kind, count in counts.items())}", flush=True)
    wrong, went = [], Counter()
    with tempfile.TemporaryDirectory() as name, serving(Path(name), NEUROMER_DATA=f"{name}/data") as running:
        import_small_set(Path(name))
        for kind, work in KINDS.items():  # what is loaded once is loaded
            spread(work, running.port, 1, 0, went, wrong)
            print(f"  {kind}: {resident_mb(running.pid):.0f} MB after the first", flush=True)
        went.clear()
        at_first = held(running.pid)
        threads = [
            threading.Thread(target=spread, args=(work, running.port, counts[kind], seconds, went, wrong))
            for kind, work in KINDS.items()
        ]
        began, worked = time.monotonic(), cpu_seconds(running.pid)
        for each in threads:
            each.start()
        tenth, most = None, 0.0
        while any(each.is_alive() for each in threads):
            now = resident_mb(running.pid)
            most = max(most, now)
            if tenth is None and time.monotonic() - began >= seconds / 6:
                tenth = now
                print(f"  {tenth:.0f} MB in the tenth minute", flush=True)
            time.sleep(1)
        took, used = time.monotonic() - began, cpu_seconds(running.pid) - worked
        done = ", ".join(f"{count} x {kind.replace('_', ' ')}" for kind, count in went.items())
        print(f"  {done} in {took / 60:.1f} minutes, {used:.0f} s of the processor, {most:.0f} MB at most", flush=True)
        after, at_last, locks = rested(running, Path(name))
        print(f"  {after:.0f} MB once all have left; open: {sum(at_last.values())}, {sum(at_first.values())} at first")
        if after > tenth + MORE_MB:
            wrong.append(f"{after:.0f} MB are held, {after - tenth:.0f} MB more than in the tenth minute")
        wrong += [f"{count} too many are open: {kind}" for kind, count in (at_last - at_first).items()]
        wrong += [f"a lock is held: {path}" for path in locks]
        if complaints := [line for line in (Path(name) / "log").read_text().splitlines() if "Traceback" in line]:
            wrong.append(f"{len(complaints)} tracebacks in the log")
    print("\n".join(wrong) or "nothing too many")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
