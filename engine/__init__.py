"""NeuroMER's engine: from the bytes of a picture to the expression shown, without a browser.

Whichever way in is taken, this is the first of NeuroMER that runs, so it is here that libraries are told to keep to
themselves, before any of them is loaded: the processes that are started from here are told the same.
"""

import os
from pathlib import Path

# ONNX Runtime reports to its makers otherwise, and keeps a number for this machine in the user's cache folder.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# Keras writes its configuration into the user's home folder otherwise, or takes what it finds there.
os.environ.setdefault("KERAS_HOME", str(Path(__file__).parent / "models" / "keras_home"))
