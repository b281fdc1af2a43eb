"""Synthetic recordings to try the program with, and how a clip becomes a file."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.synthetic.clip import SyntheticClip, synthetic_clip
from engine.synthetic.truth import true_event
from engine.tasks import SILENT, Progress
from engine.videos import write_video

TITLE = "synthetic: drawn faces of people who do not exist"
"""What the file says of itself."""


def _one_micro() -> SyntheticClip:
    event = true_event("happy", 2.0, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=0.6)
    return synthetic_clip(3, face=2, duration_s=5, events=[event], head_motion=0.6)


def _micro_and_macro() -> SyntheticClip:
    events = [
        true_event("surprise", 1.5, rise_s=0.13, hold_s=0.04, fall_s=0.2, intensity=0.6),
        true_event("happy", 4.0, rise_s=0.5, hold_s=1.0, fall_s=0.6, intensity=0.9, also=(25,)),
        true_event("disgust", 8.2, rise_s=0.16, hold_s=0.04, fall_s=0.22, intensity=0.6),
    ]
    return synthetic_clip(5, face=6, duration_s=10, events=events, head_motion=0.8)


def _no_expression() -> SyntheticClip:
    return synthetic_clip(8, face=1, duration_s=8, events=[], head_motion=1.5, blinks_a_minute=25)


def _two_people() -> SyntheticClip:
    events = [
        true_event("angry", 1.6, rise_s=0.16, hold_s=0.04, fall_s=0.22, intensity=0.7, person=1),
        true_event("surprise", 3.4, rise_s=0.5, hold_s=0.8, fall_s=0.5, intensity=0.9, person=2),
    ]
    return synthetic_clip(13, face=9, duration_s=6, fps=30, people=2, events=events, head_motion=0.7)


EXAMPLES: dict[str, Callable[[], SyntheticClip]] = {
    "One micro-expression": _one_micro,
    "Micro and macro expressions": _micro_and_macro,
    "No expression, only blinks and head motion": _no_expression,
    "Two people": _two_people,
}
"""Name to what draws it; each takes about a second to begin with."""


def write_mp4(clip: SyntheticClip, target: Path | BinaryIO, progress: Progress = SILENT) -> int:
    """Write a clip as MP4, whose title says that it is synthetic; return how many frames were written.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    return write_video(_watched(clip, progress), clip.fps, target, container="mp4", title=TITLE)


def _watched(clip: SyntheticClip, progress: Progress) -> Iterator[np.ndarray]:
    for frame in clip.frames():
        progress.step(frame.number, clip.count, "drawing")
        yield frame.picture


def mp4_bytes(clip: SyntheticClip, progress: Progress = SILENT) -> bytes:
    """Return a clip as the bytes of an MP4 file, as `write_mp4` writes it."""
    target = io.BytesIO()
    write_mp4(clip, target, progress)
    return target.getvalue()
