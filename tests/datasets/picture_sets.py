"""Small labelled sets as users have them, written for a test."""

import zipfile

import cv2
import numpy as np


def png(seed=0, side=48, colour=False):
    """Bytes of a picture of noise, the same for the same seed."""
    shape = (side, side, 3) if colour else (side, side)
    return cv2.imencode(".png", np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8))[1].tobytes()


def write_folder(folder, files):
    """Write a mapping of relative paths to bytes."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def write_zip(path, files, method=zipfile.ZIP_DEFLATED):
    """Write a mapping of names, or of whole ``ZipInfo``, to bytes."""
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def classes(*names, each=3, start=0):
    """Class folders with pictures that differ all from each other."""
    return {
        f"{name}/{number}.png": png(start + 100 * at + number)
        for at, name in enumerate(names)
        for number in range(each)
    }
