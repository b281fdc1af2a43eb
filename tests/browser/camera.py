"""Drawn faces as a file that Chromium takes for a camera: it plays from the beginning again when it is over."""

import cv2
import numpy as np

from engine.synthetic import synthetic_clip, true_event

FPS = 30
SLOW_FPS = 10
"""Of films in which nothing is quick: a third of the work for the machine that tests."""
SIZE = (640, 480)


def write_y4m(path, pictures, fps):
    """Write (height, width, 3) uint8 RGB pictures as YUV4MPEG2, 4:2:0; return the path."""
    with path.open("wb") as file:
        for number, picture in enumerate(pictures):
            if not number:
                height, width = picture.shape[:2]
                file.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420\n".encode())
            file.write(b"FRAME\n" + cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path


def surprised(seconds=4):
    """Yield pictures of a face that is at rest, shows surprise once, and is read so by the default model."""
    event = true_event("surprise", 1.5, rise_s=0.2, hold_s=0.4, fall_s=0.3, intensity=0.9)
    yield from _drawn(seconds, FPS, [event])


def two_people(seconds=2):
    """Yield pictures of two faces side by side, both at rest."""
    yield from _drawn(seconds, SLOW_FPS, [], people=2)


def nobody():
    """Return two pictures without a face."""
    return [np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)] * 2


FILMS = {"surprised": (surprised, FPS), "two_people": (two_people, SLOW_FPS), "nobody": (nobody, SLOW_FPS)}
"""What draws each film, and its pictures a second."""


def _drawn(seconds, fps, events, people=1):
    clip = synthetic_clip(0, duration_s=seconds, fps=fps, size=SIZE, events=events, people=people, head_motion=0.4)
    return (frame.picture for frame in clip.frames())
