"""What ends the process that works on it; light, for each process that does so loads it anew."""

import os
import signal
from pathlib import Path


def answer_or_die(model, enhance, chunk):
    """Stand in for the answering of a chunk: a file called ``killer`` ends the process."""
    if any(Path(name).name == "killer" for name, _ in chunk):
        os.kill(os.getpid(), signal.SIGKILL)
    from engine.recognition.files import FileAnswer

    return [FileAnswer(name, []) for name, _ in chunk]
