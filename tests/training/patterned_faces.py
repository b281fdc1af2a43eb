"""Pictures of three classes that a learner can tell apart, some of them copies of each other."""

import numpy as np

from engine.datasets import FaceSet

CLASSES = ("happy", "sad", "surprise")


def patterned(count=150, copies=0, seed=0, noise=90):
    """Make stripes of three directions in noise; the last ``copies`` pictures repeat the first ones."""
    random = np.random.default_rng(seed)
    kind = np.arange(count) % 3
    down, right = np.mgrid[:48, :48]
    stripes = np.stack([np.sin(right / 3), np.sin(down / 3), np.sin((down + right) / 4)])[kind]
    pictures = np.clip(128 + 40 * stripes + random.normal(0, noise, (count, 48, 48)), 0, 255).astype(np.uint8)
    group = np.arange(count)
    if copies:
        pictures[-copies:], kind[-copies:] = pictures[:copies], kind[:copies]
        group[-copies:] = group[:copies]
    return FaceSet("patterns", pictures, np.array(CLASSES)[kind], group=group)
