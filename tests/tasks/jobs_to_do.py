"""Jobs for the tests of executors; a module of its own, because other processes import it."""

import os
import signal
import time
from pathlib import Path

from engine.errors import DataError


def square(number):
    return number * number


def process(_):
    time.sleep(0.05)
    return os.getpid()


def late_first(number):
    """Give the later answers first."""
    time.sleep(0.3 if number == 0 else 0)
    return number


def refuse(number):
    if number == 2:
        raise DataError("Row 7 is torn.", "Mend it.")
    return number


def die_once(item):
    """Kill the own process the first time that it gets the item that a mark on the disk names."""
    number, mark = item
    if mark is not None and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_on_three(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def sleep(seconds):
    time.sleep(seconds)


def threads(_):
    import cv2

    from engine import settings

    return settings.threads(64), cv2.getNumThreads()


def take_note(item):
    """Leave a file behind, to be counted."""
    number, folder = item
    (Path(folder) / f"{number}-{os.getpid()}-{time.monotonic_ns()}").touch()
    return number
