"""A camera's 640×480 frames, one face, spiking network included, beside ``fer`` on each; two cameras; ten faces."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from engine.bench.figures.photo import PACKAGES
from engine.bench.measurement import Measurement
from engine.bench.peer import Alternative, compare
from engine.bench.timing import alternate, stopwatch
from engine.recognition.live import LivePipeline
from engine.recognition.live.runner import warm_up
from engine.synthetic import synthetic_clip
from engine.videos import write_video

FPS, DURATION_S, SEED = 30, 10.0, 1
AT_MOST_MS = 15.0
CAMERAS, LEAST_FPS = 2, 8
PEOPLE, CROWDED_AT_MOST_MS = 10, 40.0
ALTERNATIVE = Alternative("fer 25.10.3 on each frame", "engine.bench.peers.fer", PACKAGES)

Pictures = list[np.ndarray]


def measure() -> list[Measurement]:
    """Time every frame of a synthetic face."""
    clip = synthetic_clip(SEED, duration_s=DURATION_S, fps=FPS, size=(640, 480))
    pictures = [frame.picture for frame in clip.frames()]
    warm_up(LivePipeline().classifier)
    with tempfile.TemporaryDirectory() as name:
        recording = Path(name) / "recording.mp4"
        write_video(pictures, FPS, recording)
        return [_one(pictures, recording), _several(pictures), _crowded()]


def watch(pictures: Pictures) -> tuple[list[float], int, int]:
    """Return the seconds that each frame takes, the number of faces in the last one, and that of events spotted."""
    pipeline = LivePipeline()
    taken = [pipeline.see(picture, number / FPS).took_s for number, picture in enumerate(pictures)]
    return taken, len(pipeline.state.faces), pipeline.rest().spotted


def _one(pictures: Pictures, recording: Path) -> Measurement:
    taken, faces, events = watch(pictures)
    note = f"time that 95 % of {len(pictures)} frames of a synthetic face keep to; ours follows {faces} face, spots "
    note += f"{events} expressions and lets the plastic head's spikes go on for 33 ms a frame; the alternative only "
    note += "names the expression"
    ours = stopwatch(lambda: float(np.percentile(watch(pictures)[0], 95)))
    timed = compare(ours, ALTERNATIVE, ["frames", str(recording)], rounds=5, each=(1, 1))
    note += f"; our median is {np.median(taken) * 1e3:.1f} ms"
    return timed.measurement("live, 640×480, one face, a frame (95 %)", "ms", 1e3, at_most=AT_MOST_MS, note=note)


def _several(pictures: Pictures) -> Measurement:
    def together() -> float:
        with ThreadPoolExecutor(CAMERAS) as threads:
            taken = [frames for frames, _, _ in threads.map(watch, [pictures] * CAMERAS)]
        return float(np.percentile(np.concatenate(taken), 95))

    note = f"threads of one process, neither waits for its camera; {LEAST_FPS} frames a second are wanted of each"
    return alternate(stopwatch(together), None, rounds=5, each=(1, 0)).measurement(
        f"live, {CAMERAS} cameras at once, a frame of each (95 %)", "ms", 1e3, at_most=1000 / LEAST_FPS, note=note
    )


def _crowded() -> Measurement:
    clip = synthetic_clip(SEED, duration_s=DURATION_S / 2, fps=FPS, size=(640, 480), people=PEOPLE)
    pictures = [frame.picture for frame in clip.frames()]
    note = (
        f"median frame; {watch(pictures)[1]} of {PEOPLE} small faces are followed, and each is looked at in every frame"
    )
    ours = stopwatch(lambda: float(np.median(watch(pictures)[0])))
    return alternate(ours, None, rounds=5, each=(1, 0)).measurement(
        f"live, 640×480, {PEOPLE} small faces, a frame", "ms", 1e3, at_most=CROWDED_AT_MOST_MS, note=note
    )
