"""Decoding in a process of its own, whose memory and time the system limits, for formats that nothing else bounds."""

import json
import subprocess
import sys
from io import BufferedReader, BufferedWriter
from pathlib import Path
from threading import Timer
from typing import cast

import numpy as np

from engine.errors import ImageError
from engine.images import refusal

_WORKER = Path(__file__).with_name("bounded_worker.py")
# The worker stops itself after 2 s of computing; this is for a machine too busy to let it compute.
_PATIENCE_S = 20


def decode(kind: str, data: bytes) -> np.ndarray:
    """Decode a picture in a process of its own, so that hostile data can take no more than 2 s and 420 MB there.

    Parameters
    ----------
    kind
        A key of ``bounded_worker.KINDS``.
    data
        The file.

    Returns
    -------
    numpy.ndarray
        (height, width, channels) uint8, as the worker's decoder for this format gives it.

    Raises
    ------
    ImageError
        For a damaged picture, one that takes too much, or with the decoder's own refusal.
    """
    command = [sys.executable, "-I", str(_WORKER), kind]
    pipe = subprocess.PIPE
    try:
        worker = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise refusal.too_laborious(kind) from error
    patience = Timer(_PATIENCE_S, worker.kill)
    patience.start()
    samples = None
    try:
        with worker, cast(BufferedWriter, worker.stdin) as given, cast(BufferedReader, worker.stdout) as answer:
            given.write(data)
            given.close()  # all is read there before anything is written
            told = json.loads(answer.readline() or "{}")
            if "shape" in told:
                samples = np.empty(told["shape"], np.uint8)
                whole = answer.readinto(samples.data.cast("B")) == samples.size
    except OSError as error:
        raise refusal.too_laborious(kind) from error
    finally:
        patience.cancel()
    if "refused" in told:
        raise ImageError(*told["refused"])
    if worker.returncode == 1:
        raise refusal.damaged(kind)
    if worker.returncode != 0 or samples is None or not whole:
        raise refusal.too_laborious(kind)
    return samples
