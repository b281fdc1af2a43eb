"""What tests have called in processes of their own; a module, because other processes import it."""

import os
import time

from engine.errors import VideoError


def tell(progress, name):
    progress.step(3, 10, f"reading {name}")
    time.sleep(0.3)
    return f"{name} is read"


def wait(progress):
    progress.step(1, 2, "reading")
    time.sleep(60)


def die(progress):
    progress.step(1, 2, "reading")
    os._exit(9)


def refuse(progress):
    raise VideoError("It is no recording.", "Choose one.")


def print_much(progress):
    print("what a library prints", flush=True)
    os.write(1, b"also past Python")
    return "found"
