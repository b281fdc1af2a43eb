"""Many photos on all cores, beside one process that answers for them one after the other."""

import multiprocessing
import os
import resource
import tempfile
import time
from itertools import repeat
from pathlib import Path
from statistics import median

from engine.bench.measurement import Comparison, Measurement
from engine.bench.pictures import portrait_jpeg
from engine.recognition.files import classify_files

FACES_AN_HOUR = 100_000  # and core: the target
PHOTOS = 600  # a round, with one face each; the first tenth warms up and does not count
ROUNDS = 3
AT_MOST_MB = 20.0


def measure() -> list[Measurement]:
    """Time 640×480 photos with a process for each core, and watch the memory of all processes together."""
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(portrait_jpeg())
        rounds = [(_round(photo, PHOTOS, cores), _round(photo, PHOTOS // 4, 1)) for _ in range(ROUNDS)]
    ours = median(seconds for (seconds, _, _), _ in rounds) * cores * 1e3
    alone = median(seconds for _, (seconds, _, _) in rounds) * cores * 1e3
    busy = median(busy for (_, busy, _), _ in rounds) * 1e3
    timed = Comparison(ours, alone, (ROUNDS, ROUNDS), "one process, whose libraries share the cores")
    grown = Comparison(max(growth for (_, _, growth), _ in rounds), None, (ROUNDS, 0))
    return [
        timed.measurement(
            "classify, 640×480 photos, a face and core",
            "ms",
            at_most=3600e3 / FACES_AN_HOUR,
            note=f"{cores} processes; {3600e3 / ours:,.0f} faces an hour and core; processor time, start included, "
            f"{busy:.1f} ms a face, or {3600e3 / busy:,.0f} an hour; {PHOTOS} photos a round",
        ),
        grown.measurement(
            f"classify, memory that {PHOTOS} photos add",
            "MB",
            at_most=AT_MOST_MB,
            note="all processes together, from the end of the warm-up to the last photo; the largest of the rounds",
        ),
    ]


def _round(photo: Path, count: int, jobs: int) -> tuple[float, float, float]:
    """Return seconds a photo, seconds of processor time a photo, and by how many MB the memory grew."""
    start = before = after = 0.0
    busy = _processor_time()
    for number, answer in enumerate(classify_files(repeat(photo, count), jobs=jobs), 1):
        if answer.error is not None:
            raise RuntimeError(answer.error)
        if number == count // 10:
            start, before = time.perf_counter(), _memory_mb()
        elif number == count:
            after = _memory_mb()
            seconds = time.perf_counter() - start
    return seconds / (count - count // 10), (_processor_time() - busy) / count, after - before


def _processor_time() -> float:
    """Return what this process and those of its children that have ended took."""
    return sum(os.times()[:4])


def _memory_mb() -> float:
    """Return what this process and those that it started hold in memory."""
    processes = [os.getpid(), *(child.pid for child in multiprocessing.active_children())]
    pages = sum(int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) for process in processes)
    return pages * resource.getpagesize() / 1e6
