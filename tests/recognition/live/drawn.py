"""Frames of drawn faces, drawn once for all tests."""

from functools import lru_cache

import numpy as np

from engine.synthetic import synthetic_clip, true_event

FPS = 30


@lru_cache(maxsize=1)
def clip():
    """Return (picture, time) of 3.5 s of a face with one short expression."""
    event = true_event("happy", 1.2, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=0.8)
    drawn = synthetic_clip(3, face=2, duration_s=3.5, fps=FPS, size=(240, 180), events=[event], head_motion=0.5)
    return tuple((frame.picture, frame.time_s) for frame in drawn.frames())


def face():
    """Return a picture of one face, (180, 240, 3)."""
    return clip()[0][0]


def nobody(value=120):
    """Return a picture without a face, of the same size."""
    return np.full((180, 240, 3), value, np.uint8)


def crowd(people):
    """Return a picture of several faces side by side and in two rows."""
    half = -(-people // 2)
    row = np.hstack([face()[:, 40:200]] * half)
    return np.ascontiguousarray(np.vstack([row, row]))
