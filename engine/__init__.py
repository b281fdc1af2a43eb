"""NeuroMER's engine: from the bytes of a picture to the expression shown, without a browser.

Whichever way in is taken, this is the first of NeuroMER that runs, so it is here that libraries are told to keep to
themselves, before any of them is loaded: the processes that are started from here are told the same.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# ONNX Runtime reports to its makers otherwise, and keeps a number for this machine in the user's cache folder.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# Keras writes its configuration into the user's home folder otherwise, or takes what it finds there.
os.environ.setdefault("KERAS_HOME", str(Path(__file__).parent / "models" / "keras_home"))


def _compile_somewhere() -> None:
    """Where nobody may write beside the sources nor in the user's cache folder, Numba fails; it gets a folder then.

    It is private and lasts as long as this process: what is kept there is code, which nobody else may put there.
    """
    if "NUMBA_CACHE_DIR" in os.environ or os.access(Path(__file__).parent, os.W_OK):
        return
    import platformdirs

    kept = platformdirs.user_cache_path("numba", appauthor=False)
    if not os.access(next(each for each in (kept, *kept.parents) if each.exists()), os.W_OK):
        os.environ["NUMBA_CACHE_DIR"] = folder = tempfile.mkdtemp(prefix="neuromer-compiled-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


_compile_somewhere()
