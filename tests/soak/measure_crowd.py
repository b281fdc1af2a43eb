"""Measure a crowd on the page Photo: how long each visitor waits, what others notice, and what memory is given back.

    python tests/soak/measure_crowd.py [--visitors 10] [--photos 3] [--megapixels 12] [--after 60]

Each visitor uploads photos at the same moment and leaves once they are answered. Prints how long each waited; how long
another visitor waited meanwhile for the page Spikes; and the server's memory before the crowd, at most, and so many
seconds after the last one has left.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from photos import photo
from server_process import cpu_seconds, resident_mb
from serving import serving
from visitor import Visitor


def answered(port, photos, waited):
    """Be one visitor of the crowd."""
    with Visitor(port, "photo") as visitor:
        # The answer of each photo is there; why it is what it is may follow.
        waited.append(visitor.give("photo files", photos, lambda seen: seen.words().count("Face 1: ") == len(photos)))
        assert "Looking for what mattered" not in visitor.words(), visitor.words()


def look_around(port, page, waited, over):
    """Be the visitor who looks at something else meanwhile."""
    with Visitor(port, page) as other:
        while not over.is_set():
            waited.append(other.run())
            time.sleep(0.5)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--photos", type=int, default=3)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--after", type=float, default=60)
    parser.add_argument("--other", default="models", help="the page that another visitor looks at meanwhile")
    chosen = parser.parse_args()
    crowd = [
        {f"{number}.jpg": photo(chosen.megapixels, visitor * chosen.photos + number) for number in range(chosen.photos)}
        for visitor in range(chosen.visitors)
    ]
    size = sum(len(data) for photos in crowd for data in photos.values()) / 1e6
    print(f"{chosen.visitors} visitors x {chosen.photos} photos of {chosen.megapixels:g} megapixels, {size:.0f} MB")
    with tempfile.TemporaryDirectory() as name, serving(Path(name), NEUROMER_DATA=f"{name}/data") as running:
        answered(running.port, {"first.jpg": photo(1, 10_000)}, [])
        with Visitor(running.port, chosen.other) as visitor:
            time.sleep(5)
            alone = statistics.median(visitor.run() for _ in range(5))
        before, worked = resident_mb(running.pid), cpu_seconds(running.pid)
        waited, others, over = [], [], threading.Event()
        aside = threading.Thread(target=look_around, args=(running.port, chosen.other, others, over))
        visits = [threading.Thread(target=answered, args=(running.port, photos, waited)) for photos in crowd]
        for each in (aside, *visits):
            each.start()
        most = before
        while any(each.is_alive() for each in visits):
            most = max(most, resident_mb(running.pid))
            time.sleep(0.1)
        over.set()
        aside.join()
        used = cpu_seconds(running.pid) - worked
        print(f"answered after {min(waited):.1f} to {max(waited):.1f} s, {used:.1f} s of the processor")
        middle = statistics.median(others)
        print(f"the page {chosen.other}: {alone:.2f} s before; meanwhile {middle:.2f}, at most {max(others):.2f} s")
        print(f"memory: {before:.0f} MB before, {most:.0f} MB at most")
        for _ in range(6):
            time.sleep(chosen.after / 6)
            print(f"  {resident_mb(running.pid) - before:+.0f} MB")


if __name__ == "__main__":
    main()
